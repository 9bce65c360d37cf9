import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

/// A log of three segments with two records each, repaired where snapshots of other histories lie.
@Suite("A repair beside snapshots of other histories")
struct RepairHistoryTests {
  private let storage = SimulatedStorage(seed: 71)

  init() throws {
    try TestLog.create(storage)
    for number in UInt64(1)...3 {
      let log = try TallySnapshot.start(storage).log
      try log.log.commit("first", at: number * 1_000)
      try log.log.commit("second", at: number * 1_000)
      if number == 3 { try log.log.close() }
      storage.restartProcess()
    }
  }

  private func repair(
    _ source: SimulatedStorage, seed: UInt64
  ) throws -> (made: LogRestoration, state: TallyState) {
    let target = SimulatedStorage(seed: seed)
    let outcome = try LogRestore.repair(
      source, into: { target }, keyring: TestLog.keyring, clockMilliseconds: TestLog.clock)
    return (try #require(outcome).made, try TallySnapshot.start(target).state)
  }

  /// Goes on with a copy of the log, one record in each segment, and makes a snapshot at the end of
  /// the fourth.
  private func goOn(with copy: SimulatedStorage, through last: UInt64) throws -> String {
    var number: UInt64 = 0
    while number < last {
      let log = try TallySnapshot.start(copy).log
      try log.log.commit("later", at: 9_000)
      copy.restartProcess()
      number = try #require(try LogCatalog(copy, isLive: false).begun.last).number
      if number == 5 { try TallySnapshot.make(copy, keptFor: nil) }
    }
    return try #require(try LogSnapshot.names(copy).first)
  }

  @Test("gives up no position for a snapshot of another log, and gives none that it names")
  func foreignPositions() throws {
    let other = SimulatedStorage(seed: 72)
    try TestLog.create(
      other,
      history: LogHistory(
        identity: HistoryIdentity(rawValue: 0xFEED), parent: HistoryIdentity(rawValue: 0xFACE),
        parentPosition: LogPosition(rawValue: 5)))
    let name = try goOn(with: other, through: 5)
    try storage.flipBit(ofSegment: 3, at: 712)
    storage.setContent(of: name, other.content(of: name))
    let made = try repair(storage, seed: 73).made
    #expect(made.lastPosition.rawValue == 5 && made.givenUp?.last.rawValue == 6)
    #expect(made.firstNewPosition.rawValue == 2 << 32 + 1)
  }

  @Test(
    "goes on from one in the first segment of a history, where no header around it is whole",
    arguments: [5, 6] as [UInt64])
  func firstOfHistory(last: UInt64) throws {
    let copy = SimulatedStorage(seed: 74)
    _ = try LogBackup(of: storage, in: copy).copyDurable()
    let name = try goOn(with: copy, through: last)
    for number in UInt64(4)...5 { try copy.flipBit(ofSegment: number, at: 100) }
    let (made, state) = try repair(copy, seed: 75)
    #expect(made.lastPosition.rawValue == 1 << 32 + 1 && state.count == 7)
    #expect(made.firstNewPosition.rawValue == 2 << 32 + 1)
    // One of a history that branched off before what is whole here is not of this log.
    let earlier = SimulatedStorage(seed: 76)
    _ = try LogRestore.restore(
      from: storage, into: earlier, keyring: TestLog.keyring,
      upTo: .position(LogPosition(rawValue: 4)), clockMilliseconds: TestLog.clock)
    copy.setContent(of: name, nil)
    let other = try goOn(with: earlier, through: 5)
    copy.setContent(of: other, earlier.content(of: other))
    let (withoutIt, kept) = try repair(copy, seed: 77)
    #expect(withoutIt.lastPosition.rawValue == 6 && kept.count == 6)
  }

  @Test("goes on from none that branched off where reading ends, when the log is known to go on")
  func sibling() throws {
    let earlier = SimulatedStorage(seed: 81)
    _ = try LogRestore.restore(
      from: storage, into: earlier, keyring: TestLog.keyring,
      upTo: .position(LogPosition(rawValue: 4)), clockMilliseconds: TestLog.clock)
    let name = try goOn(with: earlier, through: 5)
    try storage.flipBit(ofSegment: 3, at: 100)
    storage.setContent(of: name, earlier.content(of: name))
    let (made, state) = try repair(storage, seed: 82)
    #expect(made.lastPosition.rawValue == 4 && state.count == 4)
    #expect(made.givenUp?.last.rawValue == 6)
  }

  @Test("is refused for one that stands alone, and goes on from it beside an older backup")
  func snapshotAlone() throws {
    let backup = SimulatedStorage(seed: 78)
    _ = try LogBackup(of: storage, in: backup).copyDurable()
    let name = try goOn(with: storage, through: 5)
    for number in UInt64(1)...5 { try storage.flipBit(ofSegment: number, at: 100) }
    storage.setContent(of: LogFileName.control, nil)
    #expect(throws: LogError.onlySnapshotWhole(file: name)) { try repair(storage, seed: 79) }
    backup.setContent(of: name, storage.content(of: name))
    let (made, state) = try repair(backup, seed: 80)
    #expect(made.lastPosition.rawValue == 7 && made.givenUp == nil && state.count == 7)
    var bytes = try #require(storage.content(of: name))
    bytes[300] ^= 1
    storage.setContent(of: name, bytes)
    #expect(throws: LogError.nothingWhole) { try repair(storage, seed: 79) }
  }
}
