import SimulatedStorage
import Testing
import TransactionModel
import WriteAheadLog

@testable import AuditTrail

/// Entries and logs to test with.
enum Sample {
  struct NotAnEntry: Error {}

  static let time = Instant(milliseconds: 1_775_000_000_000)
  static let card = CardNumber(high: 0x3130_3030_3030_3030, low: 0x3030_3030_3136_2020)
  static let geometry = LogGeometry(
    segmentByteCount: 8_192, batchByteCountMax: 1_024, alignment: 64)

  static func request(_ number: UInt64) -> AuditRequest {
    AuditRequest(
      terminal: TerminalID(rawValue: number), operatorID: OperatorID(rawValue: 501),
      speaker: .terminal(TerminalID(rawValue: number)), position: LogPosition(rawValue: 77),
      card: card, traceNumber: SystemTraceAuditNumber(rawValue: UInt32(truncatingIfNeeded: number)),
      messageType: MessageType.inquiry.rawValue, code: .eligible, flags: .keyed, marks: [])
  }

  static func trail(
    byteCapacity: Int = LogGeometry.batchByteCountMaxDefault, commitsAtOnce: Bool = false,
    after position: LogPosition = .zero, newestServerTimeMilliseconds: UInt64 = 0
  ) -> AuditTrail {
    AuditTrail(
      byteCapacity: byteCapacity, after: position,
      newestServerTimeMilliseconds: newestServerTimeMilliseconds, commitsAtOnce: commitsAtOnce,
      stateLogPosition: { LogPosition(rawValue: 77) })
  }

  /// Takes what is entered, as the committer does.
  static func forEachRecord(
    _ trail: AuditTrail, byteCapacity: Int = LogGeometry.batchByteCountMaxDefault,
    _ body: (borrowing LogRecordView) throws -> Void
  ) throws {
    var batch = LogBatch(
      byteCapacity: byteCapacity, after: .zero, newestServerTimeMilliseconds: 0)
    trail.exchangeStagedBatch(&batch)
    try batch.forEachRecord { (record) throws(any Error) in try body(record) }
  }

  static func take(
    _ trail: AuditTrail, byteCapacity: Int = LogGeometry.batchByteCountMaxDefault
  ) throws -> [AuditEntry] {
    var entries: [AuditEntry] = []
    try forEachRecord(trail, byteCapacity: byteCapacity) { record in
      guard let entry = AuditEntry(record) else { throw NotAnEntry() }
      entries.append(entry)
    }
    return entries
  }

  /// The bytes of three entries' bodies.
  static func bodies(
    _ request: AuditRequest, _ command: AuditCommand, _ handshakes: AuditHandshakes
  ) throws -> [[UInt8]] {
    let trail = trail()
    #expect(trail.reserve(1))
    _ = trail.enter(request, at: time)
    _ = trail.enter(command, at: time)
    _ = trail.enter(handshakes, at: time)
    var bodies: [[UInt8]] = []
    try forEachRecord(trail) { record in
      bodies.append(unsafe record.body.withUnsafeBytes { unsafe Array($0) })
    }
    return bodies
  }

  // MARK: Logs on simulated storage

  static func create(_ storage: SimulatedStorage) throws(LogError) {
    var settings = LogSettings()
    settings.kind = .audit
    settings.geometry = geometry
    settings.reserveByteCount = 0
    try FileLog.create(
      storage, settings, history: LogHistory(identity: HistoryIdentity(rawValue: 0xA0D1)))
    storage.restartProcess()
  }

  static func open(
    _ storage: SimulatedStorage, late: Bool = false,
    _ replay: (LogRecordView) throws -> Void = { _ in }
  ) throws(LogError) -> FileLog {
    var expectation = LogExpectation(clockMilliseconds: { time.milliseconds + 1_000_000_000_000 })
    expectation.kind = .audit
    expectation.reserveByteCount = 0
    if late { expectation.replayFrom = try LogInspector.lateBeginning(storage) }
    return try FileLog.open(storage, expectation, replay: replay)
  }
}

extension FileLog {
  /// Commits what is entered, as the committer does.
  mutating func commit(_ trail: AuditTrail) throws(LogError) {
    var batch = LogBatch(
      byteCapacity: Sample.geometry.batchByteCountMax, after: .zero,
      newestServerTimeMilliseconds: 0)
    trail.exchangeStagedBatch(&batch)
    guard !batch.isEmpty else { return }
    try append(&batch, expecting: durablePosition.next)
    _ = try waitUntilDurable()
  }
}
