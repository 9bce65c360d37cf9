import EligibilityPolicy
import SimulatedStorage
import Support
import TransactionModel
import WireFormat

@testable import TransactionEngine
@testable import WriteAheadLog

/// The engine on a log on a simulated machine: what a daemon is, but for its sockets and threads.
///
/// A reply leaves it when what it rests on is durable. A commit may fail, and the machine may stop
/// in the middle of one; then the daemon is gone until it is started again, with what the disk
/// kept.
final class SimulatedDaemon {
  /// A reply on its way out, and the terminal that it is for.
  struct Outgoing {
    var terminal: TerminalID
    var bytes: [UInt8]
    var waitPosition: LogPosition
  }

  static let geometry = LogGeometry(
    segmentByteCount: 16 << 10, batchByteCountMax: 4 << 10, alignment: 64)

  /// What a test breaks, to see that it is noticed.
  enum Fault: String, CaseIterable {
    case acknowledgesEarly, forgetsTheStore
  }

  let storage: SimulatedStorage
  private let settings: EngineSettings
  private let fault: Fault?
  private var engine: SharedEngine
  private var log: FileLog?
  private var digester = RequestDigester()
  private var spare: LogBatch
  private var outgoing: [Outgoing] = []

  var isRunning: Bool { log != nil }

  /// A daemon whose log holds the fixture's register.
  init(
    seed: UInt64, fault: Fault? = nil, settings: EngineSettings = Fixture.settings
  ) throws {
    storage = SimulatedStorage(seed: seed)
    self.fault = fault
    var settings = settings
    settings.batchByteCountMax = Self.geometry.batchByteCountMax
    settings.expectedCardCount = 100
    settings.reversibleChangeCountMax = 64
    self.settings = settings
    engine = SharedEngine(try Self.emptyEngine(settings))
    spare = Self.emptyBatch
    var logSettings = LogSettings()
    logSettings.geometry = Self.geometry
    logSettings.reserveByteCount = 0
    let history = LogHistory(identity: HistoryIdentity(rawValue: UInt128(seed)))
    try FileLog.create(storage, logSettings, history: history)
    storage.restartProcess()
    try start()
    let yesterday = Instant(milliseconds: Fixture.start.milliseconds - 24 * 3_600_000)
    for change in Fixture.register {
      while engine.register(change, by: Fixture.author, at: yesterday) == nil { try commit() }
    }
    try commit()
    for speaker in Speaker.workers {
      try Fixture.signOn([speaker], on: engine, at: Fixture.start)
      try commit()
    }
  }

  /// Starts with what the disk has.
  func start(at time: Instant = Fixture.start) throws {
    precondition(log == nil, "it runs already")
    var empty = try Self.emptyEngine(settings)
    var expectation = LogExpectation { 1 << 50 }
    expectation.reserveByteCount = 0
    let isForgetful = fault == .forgetsTheStore
    let log = try FileLog.open(storage, expectation) { view in
      try empty.replay(view)
      if isForgetful {
        empty.duplicates = DuplicateStore(countMax: 256, ageMillisecondsMax: .max)
      }
    }
    empty.beginService(after: log.durablePosition, at: time)
    engine = SharedEngine(empty)
    spare = Self.emptyBatch
    self.log = consume log
  }

  /// Ends as by SIGKILL, or with the machine.
  func crash(losingPower: Bool) {
    log = nil
    outgoing = []
    if losingPower { storage.losePower() } else { storage.restartProcess() }
  }

  /// Decides a request; its reply leaves when it may.
  func receive(_ step: TransactionStep, at time: Instant) throws {
    try receive(step.frame, from: step.identity, at: time)
  }

  /// Decides a frame; while the log takes no changes it says so.
  func receive(
    _ frame: [UInt8], from identity: CertificateIdentity, at time: Instant,
    changesAvailable: Bool = true
  ) throws {
    precondition(isRunning, "nobody there")
    guard let request = try FrameView(prefixOf: unsafe frame.span.bytes, .request) else {
      preconditionFailure("a request that is not whole")
    }
    let type = try FrameCheck.checkRequest(request)
    var reply = FrameBuffer()
    var disposition = Disposition(mustWaitForRoom: true)
    while disposition.mustWaitForRoom {
      disposition = engine.decide(
        request, type, from: identity, at: time, changesAvailable: changesAvailable,
        digester: &digester, into: &reply)
      if disposition.mustWaitForRoom { try commit() }
    }
    outgoing.append(
      Outgoing(
        terminal: request.terminal,
        bytes: (0..<reply.byteCount).map { reply.byte(at: $0) },
        waitPosition: disposition.waitPosition))
  }

  /// Makes durable what is staged, as the committer's thread does.
  func commit() throws {
    engine.exchangeStagedBatch(&spare)
    defer {
      spare.reset(
        after: spare.lastPosition,
        newestServerTimeMilliseconds: spare.newestServerTimeMilliseconds)
    }
    guard !spare.isEmpty, let position = log?.durablePosition.next else { return }
    if log?.admission.canAcceptChanges == false { try log?.prepare() }
    try log?.append(&spare, expecting: position)
    _ = try log?.waitUntilDurable()
    try log?.prepare()
  }

  /// The replies that may leave now.
  func takeReplies() -> [Outgoing] {
    let durable = log?.durablePosition ?? .zero
    let hurries = fault == .acknowledgesEarly
    let ready = outgoing.filter { hurries || $0.waitPosition <= durable }
    outgoing.removeAll { hurries || $0.waitPosition <= durable }
    return ready
  }

  /// The code of the newest reply, which is taken away.
  func takeNewestCode() -> ResponseCode? {
    outgoing.popLast().map { newest in unsafe FrameView(whole: newest.bytes.span.bytes).responseCode
    }
  }

  /// How far the log is durable.
  var durablePosition: LogPosition { log?.durablePosition ?? .zero }

  /// The changes that the log holds, in order.
  func transactions() throws -> [LoggedTransaction] {
    var found: [LoggedTransaction] = []
    try log?.stream(after: .zero) { view in
      guard view.kind == RecordKind.transaction.rawValue,
        let record = TransactionRecord(view.body), record.frameByteCount > 0
      else { return }
      found.append(
        LoggedTransaction(
          record, view.position, Instant(milliseconds: view.serverTimeMilliseconds)))
    }
    return found
  }

  private static var emptyBatch: LogBatch {
    LogBatch(
      byteCapacity: geometry.batchByteCountMax, after: .zero, newestServerTimeMilliseconds: 0)
  }

  private static func emptyEngine(_ settings: EngineSettings) throws -> TransactionEngine {
    try TransactionEngine(
      settings: settings, policy: .compiledIn, confirmationKey: FixtureEngine.confirmationKey,
      hashSeed: 7)
  }
}

extension LoggedTransaction {
  fileprivate init(_ record: TransactionRecord, _ position: LogPosition, _ serverTime: Instant) {
    guard let type = MessageType(rawValue: record.messageType) else {
      preconditionFailure("a message of no type")
    }
    self.init(
      position: position,
      key: ChangeKey(terminal: record.terminal, traceNumber: record.traceNumber),
      type: type, code: record.code, transactionTime: record.transactionTime,
      serverTime: serverTime,
      original: record.original.map { original in
        let key = ChangeKey(terminal: record.terminal, traceNumber: original.traceNumber)
        return (key, original.transactionTime)
      })
  }
}
