import AuditTrail
import SimulatedStorage
import Support
import TransactionEngine
import TransactionModel
import WireFormat
import WriteAheadLog

@testable import Administration

/// A state log and an audit log, filled as a daemon fills them, second by second.
final class BothLogs {
  static let second: UInt64 = 1_000

  private let fixture: FixtureEngine
  private let trail = AuditTrail(
    after: .zero, newestServerTimeMilliseconds: 0, commitsAtOnce: false,
    stateLogPosition: { .zero })
  private var seconds: UInt64 = 0
  private var storages: [SimulatedStorage] = []

  /// How many records the state log has.
  var changeCount: Int { fixture.records.count }

  init() throws { fixture = try FixtureEngine() }

  static func time(_ seconds: UInt64) -> Instant {
    Instant(milliseconds: Fixture.start.milliseconds + seconds * second)
  }

  /// Sends a request a second after the last thing; its entry may be lost.
  @discardableResult
  func send(
    _ body: RequestBody, about card: CardNumber, from speaker: Speaker = .clinic,
    isEntered: Bool = true
  ) throws -> RequestHeader {
    seconds += 1
    let time = Self.time(seconds)
    let header = RequestHeader(
      environment: Fixture.environment, flags: [],
      traceNumber: SystemTraceAuditNumber(rawValue: UInt32(seconds)),
      software: SoftwareID(rawValue: 1), terminal: speaker.terminal, transactionTime: time,
      operatorID: speaker.operatorID)
    let step = TransactionStep(
      header: header, body: body, identity: speaker.identity, serverTime: time)
    let answer = try fixture.decide(step.frame, from: step.identity, at: time)
    let reply = try Reply(FrameView(whole: unsafe answer.bytes.span.bytes))
    guard isEntered, trail.reserve(1) else { return header }
    _ = trail.enter(
      AuditRequest(
        terminal: speaker.terminal, operatorID: speaker.operatorID,
        speaker: .terminal(speaker.terminal), position: reply.header.logPosition, card: card,
        traceNumber: header.traceNumber, messageType: body.messageType.rawValue,
        code: reply.header.code, flags: [], marks: []), at: time)
    return header
  }

  /// Enters a command a second after the last thing.
  func enter(_ command: AuditCommand) {
    seconds += 1
    _ = trail.enter(command, at: Self.time(seconds))
  }

  /// Writes both logs, and looks in them.
  func search() throws -> AuditSearch {
    let state = SimulatedStorage(seed: 1)
    let audit = SimulatedStorage(seed: 2)
    storages = [state, audit]
    var log = try Self.log(state, .state)
    var records = fixture.records[...]
    while !records.isEmpty {
      var batch = LogBatch(
        byteCapacity: log.batchByteCountMax, after: log.durablePosition,
        newestServerTimeMilliseconds: log.newestServerTimeMilliseconds)
      while let record = records.first, batch.hasRoom(bodyByteCount: record.body.count) {
        _ = batch.append(
          kind: record.kind, serverTimeMilliseconds: record.serverTime.milliseconds,
          maximumByteCount: record.body.count
        ) { output in
          for byte in record.body { output.append(byte) }
        }
        records = records.dropFirst()
      }
      try log.append(&batch, expecting: log.durablePosition.next)
      _ = try log.waitUntilDurable()
    }
    var entries = try Self.log(audit, .audit)
    var batch = LogBatch(after: .zero, newestServerTimeMilliseconds: 0)
    trail.exchangeStagedBatch(&batch)
    if !batch.isEmpty {
      try entries.append(&batch, expecting: LogPosition(rawValue: 1))
      _ = try entries.waitUntilDurable()
    }
    return AuditSearch(
      audit: AuditSource(LogParts(audit, keyring: .none), through: entries.durablePosition),
      state: AuditSource(LogParts(state, keyring: .none), through: log.durablePosition))
  }

  private static func log(_ storage: SimulatedStorage, _ kind: LogKind) throws(LogError) -> FileLog
  {
    var settings = LogSettings()
    settings.kind = kind
    settings.geometry = LogGeometry(
      segmentByteCount: 4 << 20, batchByteCountMax: LogGeometry.batchByteCountMaxDefault,
      alignment: 64)
    settings.reserveByteCount = 0
    try FileLog.create(
      storage, settings, history: LogHistory(identity: HistoryIdentity(rawValue: 7)))
    storage.restartProcess()
    var expectation = LogExpectation { UInt64(1) << 42 }
    expectation.kind = kind
    expectation.reserveByteCount = 0
    return try FileLog.open(storage, expectation) { _ in }
  }
}
