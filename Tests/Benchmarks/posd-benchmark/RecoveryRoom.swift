import EligibilityPolicy
import LinuxSystem
import TransactionEngine
import TransactionModel
import WireFormat
import WriteAheadLog

/// A log of activations in a directory, encrypted, and engines that are made of it.
struct RecoveryRoom {
  private static let start = Instant(milliseconds: 1_793_642_400_000)
  private static let day = CalendarDate(trusted: 2026_11_02)
  private static let site = SiteID(rawValue: 1_234_567_893)
  private static let person = OperatorID(rawValue: 501)
  private static let firstTerminal: UInt64 = 1_001
  private static let terminalCount: UInt64 = 64
  private static let firstSerial: UInt64 = 1_000_000_000_001
  private static let key = [UInt8](repeating: 0x42, count: 32)

  let directory: String
  let cardCount: UInt64
  let keyring: LogKeyring

  init(directory: String, cardCount: UInt64) throws {
    self.directory = directory
    self.cardCount = cardCount
    keyring = LogKeyring(keys: [try LogKey(bytes: Self.key)])
  }

  func emptyEngine() throws -> TransactionEngine {
    var settings = EngineSettings(environment: .test)
    settings.expectedCardCount = Int(cardCount)
    return try TransactionEngine(
      settings: settings, policy: .compiledIn, confirmationKey: Self.key, hashSeed: 7)
  }

  /// What a start expects of the log, a day later: the clock is ahead of it.
  func expectation(from point: LogPoint?) -> LogExpectation {
    var expectation = LogExpectation { Self.start.milliseconds + 24 * 3_600_000 }
    expectation.environment = Environment.test.rawValue
    expectation.keyring = keyring
    expectation.replayFrom = point
    return expectation
  }

  // MARK: The log

  /// Makes the log: every card is activated once, each for another client.
  func makeLog() throws {
    var settings = LogSettings()
    settings.environment = Environment.test.rawValue
    try FileLog.create(directory: directory, settings)
    var log = try FileLog.open(directory: directory, expectation(from: nil)) { _ in }
    let engine = SharedEngine(try emptyEngine())
    var spare = LogBatch(after: .zero, newestServerTimeMilliseconds: 0)
    let author = Author(userIdentifier: 0, role: .office)
    var secretDigester = try SecretDigester(confirmationKey: Self.key)
    let secretDigest = secretDigester.digest(of: Self.secret, for: Self.person)
    for change in changes(secretDigest) {
      guard engine.register(change, by: author, at: Self.start) != nil else {
        throw BenchmarkError.answerWrong("the register was refused")
      }
    }
    var digester = RequestDigester()
    var requestCount: UInt64 = 0
    func send(_ body: RequestBody) throws {
      let time = Instant(milliseconds: Self.start.milliseconds + requestCount / 64)
      try decide(body, number: requestCount, at: time, by: engine, &digester)
      requestCount += 1
    }
    for _ in 0..<Self.terminalCount { try send(Self.signOn) }
    for place in 0..<cardCount {
      try send(Self.activation(place))
      if place % 1_000 == 0 { try commit(engine, &spare, to: &log) }
    }
    try commit(engine, &spare, to: &log)
    try log.close()
  }

  private func commit(
    _ engine: SharedEngine, _ spare: inout LogBatch, to log: inout FileLog
  ) throws {
    engine.exchangeStagedBatch(&spare)
    guard !spare.isEmpty else { return }
    // The thread that prepares segments comes behind at this speed.
    while !log.admission.canAcceptChanges {}
    try log.append(&spare, expecting: log.durablePosition.next)
    _ = try log.waitUntilDurable()
  }

  private func decide(
    _ body: RequestBody, number: UInt64, at time: Instant, by engine: SharedEngine,
    _ digester: inout RequestDigester
  ) throws {
    var request = FrameBuffer()
    var reply = FrameBuffer()
    let header = RequestHeader(
      environment: .test, flags: [],
      traceNumber: SystemTraceAuditNumber(
        rawValue: UInt32(truncatingIfNeeded: number / Self.terminalCount + 1)),
      software: SoftwareID(rawValue: 1),
      terminal: TerminalID(rawValue: Self.firstTerminal + number % Self.terminalCount),
      transactionTime: time, operatorID: Self.person)
    guard request.encode(header, body) else {
      throw BenchmarkError.answerWrong("a request that does not fit")
    }
    let frame = request.frame
    let disposition = engine.decide(
      frame, try FrameCheck.checkRequest(frame),
      from: CertificateIdentity(environment: .test, subject: .gateway(Self.site)), at: time,
      changesAvailable: true, digester: &digester, into: &reply)
    let code = reply.frame.responseCode
    guard !disposition.mustWaitForRoom, code == .activated || code == .approved else {
      throw BenchmarkError.answerWrong("code \(code.rawValue)")
    }
  }

  private static let secret: Secret = {
    guard let secret = Secret("benchmark-501") else { preconditionFailure("no secret") }
    return secret
  }()

  private static let signOn = RequestBody.signOn(
    secret: secret, newSecret: .none, softwareVersion: "benchmark",
    highestVersion: HeaderLayout.protocolVersion)

  private static func activation(_ place: UInt64) -> RequestBody {
    let card = CardScheme.healthAccessNumber(serial: firstSerial + place)
    let client = SampleClient.form(on: card, number: place)
    return .activate(Certification(card: card, certificationDate: day, client: client))
  }

  private func changes(_ secretDigest: UInt128) -> [RegisterChange] {
    let terminals = (0..<Self.terminalCount).map { number in
      RegisterChange.terminal(
        Terminal(
          id: TerminalID(rawValue: Self.firstTerminal + number), site: Self.site,
          state: .active))
    }
    return [
      .site(
        Site(
          id: Self.site, role: .enrollingClinic, state: .active, vouchesForOperators: false,
          firstDay: CalendarDate(trusted: 2020_01_01), lastDay: .none,
          name: InlineArray(repeating: 0x20))),
      .operator(Operator(id: Self.person, site: Self.site, state: .active)),
      .operatorSecret(
        OperatorSecret(operator: Self.person, digest: secretDigest, issued: .none)),
      .cardRange(
        CardRange(
          firstSerial: Self.firstSerial, lastSerial: Self.firstSerial + cardCount - 1,
          site: Self.site, isVoided: false)),
    ] + terminals
  }

  // MARK: Engines

  /// Replays the whole log; gives how long that took, and how many records there were.
  func replay() throws -> (seconds: Double, recordCount: UInt64, byteCount: UInt64) {
    var engine = try emptyEngine()
    let start = MonotonicClock.nowNanoseconds
    var log = try FileLog.open(directory: directory, expectation(from: nil)) {
      try engine.replay($0)
    }
    let seconds = Double(MonotonicClock.nowNanoseconds - start) / 1e9
    let totals = log.recovery.totals
    try log.close()
    return (seconds, totals.recordCount, totals.byteCount)
  }

  /// Makes a snapshot of the closed segments, as posd's child process does; gives its name.
  func makeSnapshot() throws -> (name: String, seconds: Double) {
    var engine = try emptyEngine()
    let start = MonotonicClock.nowNanoseconds
    guard
      let point = try LogPast.replay(
        directory: directory, keyring: keyring, behind: nil, { try engine.replay($0) })
    else { throw BenchmarkError.answerWrong("no segment is closed") }
    var writer = try SnapshotWriter(
      directory: directory, environment: Environment.test.rawValue, at: point, keyring: keyring,
      reserveByteCount: 0, clockMilliseconds: WallClock.nowMilliseconds)
    try engine.write(to: &writer)
    let name = try writer.finish()
    return (name, Double(MonotonicClock.nowNanoseconds - start) / 1e9)
  }

  /// Starts from a snapshot and the log behind it; gives how long each took, and how many cards the
  /// engine knows.
  func start(
    from name: String
  ) throws -> (snapshotSeconds: Double, logSeconds: Double, cardCount: Int) {
    let start = MonotonicClock.nowNanoseconds
    var restoration = EngineRestoration(try emptyEngine())
    let point = try LogSnapshot.read(
      directory: directory, name, keyring: keyring, environment: Environment.test.rawValue
    ) { try restoration.take($0) }
    var engine = try restoration.finish()
    let middle = MonotonicClock.nowNanoseconds
    var log = try FileLog.open(directory: directory, expectation(from: point)) {
      try engine.replay($0)
    }
    engine.beginService(after: log.durablePosition, at: Self.start)
    let end = MonotonicClock.nowNanoseconds
    try log.close()
    return (Double(middle - start) / 1e9, Double(end - middle) / 1e9, engine.cardCount)
  }
}
