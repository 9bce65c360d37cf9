import LinuxSystem
import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

@Suite("When space runs out, the log")
struct SpaceTests {
  private let storage = SimulatedStorage(seed: 3)

  private func record(_ byteCount: Int = 700) -> TestRecord {
    TestRecord(
      kind: 1, serverTimeMilliseconds: 100, body: [UInt8](repeating: 9, count: byteCount))
  }

  @Test("closes its doors while what is staged still fits, and opens them again with room")
  func admission() throws {
    try TestLog.create(storage)
    var log = try TestLog.open(storage)
    storage.capacity = storage.usedByteCount
    #expect(throws: SystemError.noSpace) { try log.prepare() }
    var count = 0
    while log.admission.canAcceptChanges {
      try log.commit([record()])
      count += 1
    }
    #expect(count > 0)
    try log.commit([record()])
    try log.settle()
    #expect(!log.admission.canAcceptChanges)
    storage.capacity = .max
    try log.prepare()
    #expect(log.admission.canAcceptChanges)
    for _ in 0..<3 { try log.commit([record()]) }
    storage.restartProcess()
    #expect(try TestLog.records(storage).count == count + 4)
  }

  @Test("starts without taking changes, and takes them when there is room")
  func startWithoutRoom() throws {
    try TestLog.create(storage)
    do {
      var log = try TestLog.open(storage)
      try log.commit([record()])
    }
    storage.restartProcess()
    storage.capacity = storage.usedByteCount
    var found = 0
    var log = try TestLog.open(storage) { _ in found += 1 }
    #expect(found == 1 && !log.recovery.canAcceptChanges && !log.admission.canAcceptChanges)
    #expect("\(log.recovery)".contains("changes are refused"))
    try log.settle()
    storage.capacity = .max
    try log.prepare()
    #expect(log.admission.canAcceptChanges)
    try log.commit([record()])
    storage.restartProcess()
    #expect(try TestLog.records(storage).count == 2)
  }

  @Test("leaves unfinished bytes in place when there is no room for their copy")
  func noRoomToSetAside() throws {
    try TestLog.create(storage)
    var log = try TestLog.open(storage)
    try log.commit([record()])
    try log.write([record()])
    storage.restartProcess()
    var bytes = try #require(storage.content(of: LogFileName.segment(1)))
    let start = 256 + 960
    bytes[start + 500] ^= 1
    storage.setContent(of: LogFileName.segment(1), bytes)
    storage.refusesNewFiles = true
    do {
      let log = try TestLog.open(storage)
      #expect(log.recovery.setAside?.fileName == nil && !log.recovery.canAcceptChanges)
    }
    storage.restartProcess()
    storage.refusesNewFiles = false
    #expect(try TestLog.records(storage).count == 1)
    let copy = LogFileName.setAside(segment: 1, offset: start)
    #expect(storage.content(of: copy) != nil, "copied by the first start that had room")
  }

  @Test("is not made without room, and leaves nothing behind")
  func createWithoutRoom() throws {
    storage.capacity = 4000
    let error = #expect(throws: LogError.self) { try TestLog.create(storage) }
    guard case .noRoom(let needed, let free) = error else { return }
    #expect(needed == 4096 && free == 4000)
    #expect(try storage.names().isEmpty)
    storage.capacity = 4096
    #expect(throws: LogError.self) { try TestLog.create(storage) }
    storage.restartProcess()
    #expect(try storage.names().isEmpty, "the control file had no room")
    storage.capacity = .max
    try TestLog.create(storage)
  }

  @Test("is made in an empty directory only")
  func createInUsedDirectory() throws {
    storage.setContent(of: "something", [1])
    #expect(throws: LogError.directoryNotEmpty) { try TestLog.create(storage) }
    #expect(try storage.names() == ["something"])
  }

  @Test("is made whole or not at all, wherever its making is stopped")
  func createStopped() throws {
    for stop in 0..<12 {
      for seed in UInt64(0)..<8 {
        let storage = SimulatedStorage(seed: seed)
        storage.stop(afterChanges: stop)
        let isMade = (try? TestLog.create(storage)) != nil
        storage.losePower()
        do throws(LogError) {
          _ = try TestLog.open(storage)
        } catch {
          #expect(error == .noLog && !isMade, "stop \(stop), seed \(seed)")
        }
      }
    }
  }
}
