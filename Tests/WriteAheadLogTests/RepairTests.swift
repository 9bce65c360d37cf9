import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

@Suite("A repair")
struct RepairTests {
  private let storage = SimulatedStorage(seed: 41)

  init() throws {
    try TestLog.create(storage)
    for run in 0..<3 {
      var log = try TestLog.open(storage, keyring: TestLog.keyring)
      for batch in 0..<4 { try log.commit("\(run) \(batch)") }
      if run == 2 { try log.close() }
      storage.restartProcess()
    }
  }

  private func repair() throws -> (target: SimulatedStorage, LogError, LogRestoration)? {
    let target = SimulatedStorage(seed: 42)
    let outcome = try LogRestore.repair(
      storage, into: { target }, keyring: TestLog.keyring, clockMilliseconds: TestLog.clock)
    return outcome.map { (target, $0.damage, $0.made) }
  }

  @Test(
    "keeps what is whole before the damage, names what it gives up, and leaves the original alone",
    arguments: [
      (UInt64(1), 256 + 512 + 200, 2), (2, 256 + 200, 4), (2, 256 + 256 + 200, 5), (2, 100, 4),
      (3, 100, 8), (3, 256 + 200, 8),
    ])
  func keepsPrefix(number: UInt64, offset: Int, kept: Int) throws {
    try storage.flipBit(ofSegment: number, at: offset)
    let names = try storage.names()
    let contents = names.map { storage.content(of: $0) }
    let (target, damage, made) = try #require(try repair())
    #expect(made.lastPosition.rawValue == UInt64(kept))
    #expect(made.givenUp?.first.rawValue == UInt64(kept + 1))
    #expect(made.givenUp?.last.rawValue == 12)
    #expect(made.history.parent == TestLog.history.identity)
    guard case .damaged = damage else {
      Issue.record("\(damage)")
      return
    }
    #expect(names.map { storage.content(of: $0) } == contents)
    #expect(try TestLog.records(target, keyring: TestLog.keyring).count == kept)
    let log = try TestLog.open(target, keyring: TestLog.keyring)
    #expect(log.durablePosition.rawValue == 1 << 32)
    #expect(throws: LogError.self) { _ = try TestLog.open(storage, keyring: TestLog.keyring) }
  }

  @Test("brings a log back whose control file is gone or unreadable", arguments: [false, true])
  func controlFile(isGone: Bool) throws {
    let size = try #require(storage.content(of: LogFileName.control)).count
    storage.setContent(
      of: LogFileName.control, isGone ? nil : [UInt8](repeating: 7, count: size))
    let (target, _, made) = try #require(try repair())
    #expect(made.lastPosition.rawValue == 12 && made.givenUp == nil)
    #expect(try TestLog.records(target, keyring: TestLog.keyring).count == 12)
  }

  @Test("is refused nothing that a start would refuse: a segment with batches and no header")
  func tornHeader() throws {
    // A segment that the control file does not know of yet.
    let old = try #require(storage.content(of: LogFileName.control))
    do {
      var log = try TestLog.open(storage, keyring: TestLog.keyring)
      try log.commit("newest")
    }
    storage.restartProcess()
    storage.setContent(of: LogFileName.control, old)
    try storage.flipBit(ofSegment: 4, at: 100)
    #expect(throws: LogError.self) { _ = try TestLog.open(storage, keyring: TestLog.keyring) }
    storage.restartProcess()
    let (target, damage, made) = try #require(try repair())
    guard case .damaged(let named) = damage, named.fileName == LogFileName.segment(4) else {
      Issue.record("\(damage)")
      return
    }
    #expect(made.lastPosition.rawValue == 12 && made.givenUp?.last.rawValue == 13)
    #expect(try TestLog.records(target, keyring: TestLog.keyring).count == 12)
  }

  @Test("makes nothing of a log that is sound, nor of one whose first header is gone")
  func nothingToDo() throws {
    #expect(try repair() == nil)
    try storage.flipBit(ofSegment: 1, at: 100)
    #expect(throws: LogError.self) { _ = try repair() }
  }

  @Test("is refused while the owner is at work")
  func inUse() throws {
    let log = try TestLog.open(storage, keyring: TestLog.keyring)
    #expect(throws: LogError.directoryInUse(process: 1)) { _ = try repair() }
    _ = log.durablePosition
  }
}
