import Cryptography
import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

@Suite("Inspection")
struct InspectionTests {
  private let storage = SimulatedStorage(seed: 11)

  private func stream(after position: LogPosition = .zero) throws -> [UInt64] {
    var positions: [UInt64] = []
    _ = try LogInspector.stream(storage, after: position) { positions.append($0.position.rawValue) }
    return positions
  }

  private func verify() throws -> LogVerification {
    try LogInspector.verify(storage, after: .zero) { _ in }
  }

  @Test("of a running log shows what something proves durable, and not the batch in flight")
  func runningLog() throws {
    try TestLog.create(storage)
    var log = try TestLog.open(storage)
    try log.commit("one")
    try log.commit("two")
    #expect(try stream() == [1], "nothing proves the last batch yet")
    try log.settle()
    #expect(try stream() == [1, 2])
    try log.write([TestRecord(kind: 1, serverTimeMilliseconds: 100, body: [1])])
    let verification = try verify()
    #expect(verification.isInUse && verification.lastPosition.rawValue == 2)
    _ = try log.waitUntilDurable()
    try log.commit("four")
    #expect(try stream(after: LogPosition(rawValue: 1)) == [2, 3])
  }

  @Test("of a stopped log shows all of it, and changes nothing")
  func stoppedLog() throws {
    try TestLog.create(storage)
    var log = try TestLog.open(storage)
    for text in ["one", "two", "three", "four", "five", "six", "seven"] {
      try log.commit([
        TestRecord(
          kind: 1, serverTimeMilliseconds: 100,
          body: Array(text.utf8) + [UInt8](repeating: 0, count: 600)
        )
      ])
      try log.prepare()
    }
    let head = log.durablePosition
    storage.restartProcess()
    let before = storage.changeCount
    let verification = try verify()
    #expect(!verification.isInUse && verification.lastPosition == head)
    #expect(verification.totals.segmentCount == 2 && verification.totals.recordCount == 7)
    #expect(verification.head.digest != .zero)
    #expect(try stream() == Array(1...7))
    #expect(storage.changeCount == before)
  }

  @Test("calls a half-written batch of a running log unfinished, not damaged", arguments: 0..<9)
  func batchInFlight(_ sector: Int) throws {
    try TestLog.create(storage)
    var log = try TestLog.open(storage)
    try log.commit("one")
    try log.settle()
    try log.write([
      TestRecord(kind: 1, serverTimeMilliseconds: 100, body: [UInt8](repeating: 1, count: 300))
    ])
    var bytes = try #require(storage.content(of: LogFileName.segment(1)))
    let start = 512 + 192 + sector * 64
    for offset in start..<start + 64 { bytes[offset] = 0 }
    storage.setContent(of: LogFileName.segment(1), bytes)
    let verification = try verify()
    #expect(verification.lastPosition.rawValue == 1)
    #expect(try stream() == [1])
  }

  @Test("of a running log still names damage that is older than the last batch")
  func damageInRunningLog() throws {
    try TestLog.create(storage)
    var log = try TestLog.open(storage)
    for text in ["one", "two", "three"] { try log.commit(text) }
    var bytes = try #require(storage.content(of: LogFileName.segment(1)))
    bytes[512 + 200] ^= 4
    storage.setContent(of: LogFileName.segment(1), bytes)
    let expected = LogError.damaged(
      LogDamage(
        fileName: LogFileName.segment(1), offset: 512, reason: .batch(.digestMismatch),
        firstLostPosition: LogPosition(rawValue: 2), lastLostPosition: LogPosition(rawValue: 2)))
    #expect(throws: expected) { try verify() }
    _ = log.durablePosition
  }

  @Test("is what the log's own stream gives, up to its durable end")
  func ownStream() throws {
    try TestLog.create(storage)
    var log = try TestLog.open(storage)
    for text in ["one", "two", "three"] { try log.commit(text) }
    try log.write([TestRecord(kind: 1, serverTimeMilliseconds: 100, body: [1])])
    var positions: [UInt64] = []
    try log.stream(after: LogPosition(rawValue: 1)) { positions.append($0.position.rawValue) }
    #expect(positions == [2, 3])
  }

  @Test("follows the log into a history that begins at a segment")
  func newHistory() throws {
    try TestLog.create(storage)
    var log = try TestLog.open(storage)
    try log.commit("one")
    storage.restartProcess()
    // What a repair will do: the next segment begins a history of its own.
    let child = LogHistory(
      identity: HistoryIdentity(rawValue: 0xFEED), parent: TestLog.history.identity,
      parentPosition: LogPosition(rawValue: 1))
    #expect(child.basePosition.rawValue == 1 << 32)
    let catalog = try LogCatalog(storage, isLive: false)
    var walk = LogWalk(storage, catalog: catalog, keyring: LogKeyring.none, replayAfter: .zero)
    _ = try walk.run { _ in }
    var header = SegmentHeader(
      kind: .state, environment: 0, geometry: TestLog.geometry, number: 2, createdMilliseconds: 0,
      history: child, following: walk.tail)
    header.basePosition = child.basePosition
    var bytes = [UInt8](repeating: 0, count: TestLog.geometry.segmentByteCount)
    do {
      var computation = SHA256()
      var elements = bytes.mutableSpan
      var region = unsafe elements.mutableBytes
      header.store(into: &region, with: &computation)
    }
    storage.setContent(of: LogFileName.segment(2), bytes)
    var repaired = try TestLog.open(storage)
    #expect(repaired.recovery.lastPosition.rawValue == 1 << 32)
    try repaired.commit("two")
    storage.restartProcess()
    #expect(try stream() == [1, 1 << 32 + 1])
  }
}
