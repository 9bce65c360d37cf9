import Cryptography
import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

@Suite("Recovery")
struct RecoveryTests {
  private let storage = SimulatedStorage(seed: 7)

  init() throws { try TestLog.create(storage) }

  /// Runs the log once, and ends it as a kill does.
  private func run(_ body: (inout FileLog) throws -> Void) throws {
    var log = try TestLog.open(storage)
    try body(&log)
    storage.restartProcess()
  }

  private func texts() throws -> [String] {
    try TestLog.records(storage).map { String(decoding: $0.body, as: UTF8.self) }
  }

  @Test("starts three times in a row after a torn tail in the first run")
  func threeRunsAfterTornTail() throws {
    try run { log in
      try log.commit("one")
      try log.write([TestRecord(kind: 1, serverTimeMilliseconds: 100, body: [1, 2, 3])])
    }
    var bytes = try #require(storage.content(of: LogFileName.segment(1)))
    bytes[512 + BatchHeader.byteCount] ^= 0xFF
    storage.setContent(of: LogFileName.segment(1), bytes)
    // Position 2 is given again, by a run that ends with a torn tail too.
    try run { log in
      #expect(log.recovery.setAside?.fileName == LogFileName.setAside(segment: 1, offset: 512))
      try log.prepare()
      try log.commit("two")
    }
    try run { log in
      #expect(log.recovery.setAside == nil)
      try log.prepare()
      try log.commit("three")
    }
    try run { log in
      #expect(log.recovery.lastPosition.rawValue == 3)
      #expect(log.recovery.setAside == nil)
    }
    #expect(try texts() == ["one", "two", "three"])
  }

  @Test("takes a batch whose first sectors were lost and last ones kept for a torn tail")
  func laterSectorsWithoutEarlier() throws {
    try run { log in
      try log.commit("one")
      try log.write(
        (0..<4).map {
          TestRecord(kind: 1, serverTimeMilliseconds: 100, body: [UInt8](repeating: $0, count: 90))
        })
    }
    var bytes = try #require(storage.content(of: LogFileName.segment(1)))
    bytes.replaceSubrange(512..<832, with: [UInt8](repeating: 0, count: 320))
    storage.setContent(of: LogFileName.segment(1), bytes)
    try run { log in
      #expect(log.recovery.lastPosition.rawValue == 1)
      #expect(log.recovery.setAside?.offset == 512)
      #expect(log.recovery.setAside?.lastPosition == nil)
    }
    #expect(try texts() == ["one"])
  }

  @Test("sees what the disk has when a sync failed and the cache hides it")
  func failedSync() throws {
    for seed in UInt64(0)..<40 {
      let storage = SimulatedStorage(seed: seed)
      try TestLog.create(storage)
      var log = try TestLog.open(storage)
      try log.commit("one")
      storage.failSync(after: 0)
      #expect(throws: LogError.self) { try log.commit("two") }
      // The process ends and starts again; then, later, power is lost.
      storage.restartProcess()
      let found = try TestLog.records(storage)
      storage.losePower()
      #expect(try TestLog.records(storage) == found, "seed \(seed)")
      #expect(found.first?.body == Array("one".utf8))
    }
  }

  @Test("keeps every segment's name through a power loss right after its first commit")
  func namesAreDurable() throws {
    for seed in UInt64(0)..<40 {
      let storage = SimulatedStorage(seed: seed)
      try TestLog.create(storage)
      var expected = 0
      for _ in 0..<3 {
        var log = try TestLog.open(storage)
        #expect(log.recovery.lastPosition.rawValue == UInt64(expected), "seed \(seed)")
        for _ in 0..<6 {
          try log.commit(
            [
              TestRecord(
                kind: 1, serverTimeMilliseconds: 100, body: [UInt8](repeating: 1, count: 600))
            ])
          try log.prepare()
          expected += 1
        }
        storage.losePower()
      }
    }
  }

  @Test("never reads the bytes of another segment, whole file or batch")
  func staleBytes() throws {
    try run { log in
      try log.commit("one")
      try log.commit("two")
      try log.prepare()
    }
    let first = try #require(storage.content(of: LogFileName.segment(1)))
    // A file under the name of the next segment.
    let blank = try #require(storage.content(of: LogFileName.segment(2)))
    storage.setContent(of: LogFileName.segment(2), first)
    #expect(throws: LogError.self) { _ = try TestLog.open(storage) }
    storage.restartProcess()
    storage.setContent(of: LogFileName.segment(2), blank)
    // Batches behind the last one of another segment.
    try run { log in try log.commit("three") }
    var second = try #require(storage.content(of: LogFileName.segment(2)))
    second.replaceSubrange(512..<1024, with: first[256..<768])
    storage.setContent(of: LogFileName.segment(2), second)
    let error = #expect(throws: LogError.self) { _ = try TestLog.open(storage) }
    guard case .damaged(let damage) = error else { return }
    #expect(damage.reason == .batch(.foreign) && damage.fileName == LogFileName.segment(2))
  }

  @Test("refuses a log whose newest segment is gone, and one with a gap")
  func missingSegments() throws {
    for text in ["one", "two", "three"] {
      try run { log in
        try log.prepare()
        try log.commit(text)
      }
    }
    for (number, first, last) in [(UInt64(2), UInt64(2), UInt64(2)), (3, 3, 2)] {
      let name = LogFileName.segment(number)
      let content = storage.content(of: name)
      storage.setContent(of: name, nil)
      let expected = LogError.damaged(
        LogDamage(
          fileName: name, offset: 0, reason: .fileMissing,
          firstLostPosition: LogPosition(rawValue: first),
          lastLostPosition: last >= first ? LogPosition(rawValue: last) : nil))
      #expect(throws: expected) { _ = try TestLog.open(storage) }
      storage.restartProcess()
      storage.setContent(of: name, content)
    }
    let content = storage.content(of: LogFileName.segment(1))
    storage.setContent(of: LogFileName.segment(1), nil)
    #expect(
      throws: LogError.startsTooLate(
        firstPosition: LogPosition(rawValue: 2), neededPosition: LogPosition(rawValue: 1))
    ) { _ = try TestLog.open(storage) }
    storage.restartProcess()
    var found = 0
    _ = try TestLog.open(storage, replayAfter: LogPosition(rawValue: 1)) { _ in found += 1 }
    #expect(found == 2, "a snapshot stands for the segments that were removed")
    storage.restartProcess()
    storage.setContent(of: LogFileName.segment(1), content)
    #expect(try texts() == ["one", "two", "three"])
  }

  @Test("refuses to serve with a clock behind the newest record, and names both")
  func clockBehind() throws {
    try run { log in try log.commit("one", at: 5_000) }
    let expected = LogError.clockBehindLog(clockMilliseconds: 4_999, newestMilliseconds: 5_000)
    #expect(throws: expected) { _ = try TestLog.open(storage, clock: 4_999) }
    storage.restartProcess()
    _ = try TestLog.open(storage, clock: 5_000)
  }

  @Test("refuses a log of another environment or kind")
  func foreignLog() throws {
    var expectation = LogExpectation(clockMilliseconds: { TestLog.clock })
    expectation.environment = 1
    #expect(throws: LogError.foreignLog(kind: .state, environment: 0)) {
      _ = try FileLog.open(storage, expectation) { _ in }
    }
  }

  @Test("stops at the record that replay refuses, and changes nothing")
  func replayRefused() throws {
    struct Refusal: Error {}
    try run { log in
      try log.commit("one")
      try log.commit("two")
    }
    let before = storage.changeCount
    let expected = LogError.replayRefused(LogPosition(rawValue: 2), reason: "Refusal()")
    #expect(throws: expected) {
      _ = try TestLog.open(storage) { record in
        if record.position.rawValue == 2 { throw Refusal() }
      }
    }
    #expect(storage.changeCount == before)
  }

  @Test("goes on with either copy of the control file, and refuses without both")
  func controlCopies() throws {
    try run { log in
      try log.commit("one")
      try log.settle()
      try log.commit("two")
      try log.settle()
    }
    let good = try #require(storage.content(of: LogFileName.control))
    for copies in [[0], [1], [0, 1]] {
      var bytes = good
      for copy in copies { bytes[copy * 4096 + 60] ^= 1 }
      storage.setContent(of: LogFileName.control, bytes)
      if copies.count == 1 {
        #expect(try texts() == ["one", "two"])
      } else {
        let error = #expect(throws: LogError.self) { _ = try TestLog.open(storage) }
        guard case .damaged(let damage) = error else { return }
        #expect(damage.reason == .controlFileUnreadable)
      }
    }
    storage.setContent(of: LogFileName.control, nil)
    #expect(throws: LogError.noLog) { _ = try TestLog.open(storage) }
  }

  @Test(
    "calls a log of another format version by that, and not damaged",
    arguments: [[0], [1], [0, 1]])
  func otherVersion(copies: [Int]) throws {
    try run { log in
      try log.commit("one")
      try log.settle()
      try log.commit("two")
      try log.settle()
    }
    var bytes = try #require(storage.content(of: LogFileName.control))
    var computation = SHA256()
    for copy in copies.map({ $0 * 4096 }) {
      bytes[copy + 40] = 1
      var span = bytes.mutableSpan
      var raw = unsafe span.mutableBytes
      _ = SealedBlock.seal(&raw, in: copy..<copy + 4096, with: &computation)
    }
    storage.setContent(of: LogFileName.control, bytes)
    #expect(throws: LogError.otherVersion(1, file: LogFileName.control)) {
      _ = try TestLog.open(storage)
    }
  }

  @Test("cuts closed segments to their last batch, and later starts read them so")
  func closedSegmentsAreCut() throws {
    try run { log in try log.commit("one") }
    try run { log in
      try log.prepare()
      #expect(storage.content(of: LogFileName.segment(1))?.count == 512)
    }
    #expect(try texts() == ["one"])
  }

  @Test("removes what was never finished")
  func temporaryFiles() throws {
    storage.setContent(of: LogFileName.temporary, [1, 2, 3])
    try run { log in try log.commit("one") }
    #expect(storage.content(of: LogFileName.temporary) == nil)
  }

  @Test("says how the log was stopped, what it read and where it ends")
  func report() throws {
    try run { log in
      try log.commit("one", at: 123)
      try log.close()
    }
    let log = try TestLog.open(storage)
    let report = log.recovery
    #expect(report.wasCleanStop && report.setAside == nil && report.canAcceptChanges)
    #expect(report.totals.recordCount == 1 && report.totals.batchCount == 1)
    #expect(report.totals.segmentCount == 1 && report.totals.byteCount == 256)
    #expect(report.newestServerTimeMilliseconds == 123 && report.history == TestLog.history)
  }
}
