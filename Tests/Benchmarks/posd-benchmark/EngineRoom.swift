import CAllocationCounter
import EligibilityPolicy
import LinuxSystem
import TransactionEngine
import TransactionModel
import WireFormat
import WriteAheadLog

/// An engine and its log on one thread, with one clinic whose terminals are signed on.
final class EngineRoom {
  private let engine: SharedEngine
  private var log: FileLog
  private var spare: LogBatch
  private var digester = RequestDigester()
  private var reply = FrameBuffer()
  private let identity = CertificateIdentity(
    environment: .test, subject: .gateway(EngineRoom.site))

  private static let site = SiteID(rawValue: 1_234_567_893)
  private static let key = [UInt8](repeating: 0x42, count: 32)
  private static let author = Author(userIdentifier: 0, role: .office)

  init(logDirectory: String, terminalCount: UInt64, cardCount: UInt64) throws {
    var settings = EngineSettings(environment: .test)
    settings.expectedCardCount = Int(cardCount)
    engine = SharedEngine(
      try TransactionEngine(
        settings: settings, policy: .compiledIn, confirmationKey: Self.key, hashSeed: 7))
    try FileLog.create(directory: logDirectory, LogSettings())
    var expectation = LogExpectation { EngineTraffic.start.milliseconds }
    expectation.keyring = LogKeyring(keys: [try LogKey(bytes: Self.key)])
    log = try FileLog.open(directory: logDirectory, expectation) { _ in }
    spare = LogBatch(after: .zero, newestServerTimeMilliseconds: 0)
    try register(terminalCount, cardCount)
    var traffic = EngineTraffic(cardCount: 0, terminalCount: terminalCount, seed: 0)
    engine.makeMemoryAhead()
    try prepare(traffic.signOns(Self.secret), at: traffic.time, expecting: .approved)
  }

  /// Has a batch of frames answered, and its changes written to the log.
  func exchange(
    _ received: [UInt8], at now: Instant, expecting code: ResponseCode, _ time: inout EngineTime
  ) throws {
    let allocationsBefore = CAllocationCounter_count()
    let start = CurrentProcess.processorTimeNanoseconds
    let answeredCount = try answerAll(received, at: now, code)
    let middle = CurrentProcess.processorTimeNanoseconds
    time.allocationCount += CAllocationCounter_count() - allocationsBefore
    try writeStaged()
    time.logNanoseconds += CurrentProcess.processorTimeNanoseconds - middle
    time.decisionNanoseconds += middle - start
    time.longestBatchNanoseconds = max(time.longestBatchNanoseconds, middle - start)
    time.transactionCount += answeredCount
    makeMemoryWhenDue()
  }

  /// Allocations of one digest of a request: OpenSSL's, which every change has.
  static func allocationsPerDigest() -> Double {
    var digester = RequestDigester()
    var request = FrameBuffer()
    let isEncoded = request.encode(
      RequestHeader(
        environment: .test, flags: [], traceNumber: SystemTraceAuditNumber(rawValue: 1),
        software: SoftwareID(rawValue: 1), terminal: TerminalID(rawValue: 1),
        transactionTime: EngineTraffic.start, operatorID: EngineTraffic.operatorID), .echo)
    precondition(isEncoded, "an echo that does not fit")
    var sum: UInt128 = 0
    let before = CAllocationCounter_count()
    for _ in 0..<1_000 { sum ^= digester.digest(of: request.frame) }
    let count = CAllocationCounter_count() - before
    return sum == .max ? 0 : Double(count) / 1_000
  }

  /// Does the same without measuring, so that a count of instructions is not mixed up with it.
  func prepare(_ received: [UInt8], at now: Instant, expecting code: ResponseCode) throws {
    _ = try Self.answer(received, from: identity, at: now, by: engine, &digester, &reply, code)
    try writeStaged()
    makeMemoryWhenDue()
  }

  @inline(never)
  private func answerAll(_ received: [UInt8], at now: Instant, _ code: ResponseCode) throws -> Int {
    try Self.answer(received, from: identity, at: now, by: engine, &digester, &reply, code)
  }

  /// Answers whole frames one after the other, as a reactor does it.
  @inline(never)
  private static func answer(
    _ received: [UInt8], from identity: CertificateIdentity, at now: Instant,
    by engine: SharedEngine, _ digester: inout RequestDigester, _ reply: inout FrameBuffer,
    _ code: ResponseCode
  ) throws -> Int {
    var answeredCount = 0
    var offset = 0
    while offset < received.count {
      let rest = unsafe received.span.bytes.extracting(droppingFirst: offset)
      guard let frame = try FrameView(prefixOf: rest, .request) else {
        preconditionFailure("a frame that is cut short")
      }
      let type = try FrameCheck.checkRequest(frame)
      let disposition = engine.decide(
        frame, type, from: identity, at: now, changesAvailable: true, digester: &digester,
        into: &reply)
      guard !disposition.mustWaitForRoom, reply.frame.responseCode == code else {
        throw BenchmarkError.answerWrong("code \(reply.frame.responseCode.rawValue)")
      }
      offset += frame.byteCount
      answeredCount += 1
    }
    return answeredCount
  }

  /// Makes durable what is staged.
  private func writeStaged() throws {
    engine.exchangeStagedBatch(&spare)
    guard !spare.isEmpty else { return }
    try log.append(&spare, expecting: log.durablePosition.next)
    _ = try log.waitUntilDurable()
  }

  /// As the daemon's thread for it does, which nobody waits for.
  private func makeMemoryWhenDue() {
    if engine.takeMemoryDue() { engine.makeMemoryAhead() }
  }

  private static let secret: Secret = {
    guard let secret = Secret("benchmark-501") else { preconditionFailure("no secret") }
    return secret
  }()

  private func register(_ terminalCount: UInt64, _ cardCount: UInt64) throws {
    let person = Operator(id: EngineTraffic.operatorID, site: Self.site, state: .active)
    var digester = try SecretDigester(confirmationKey: Self.key)
    var changes: [RegisterChange] = [
      .site(
        Site(
          id: Self.site, role: .enrollingClinic, state: .active, vouchesForOperators: false,
          firstDay: CalendarDate(trusted: 2020_01_01), lastDay: .none,
          name: InlineArray(repeating: 0x20))),
      .operator(person),
      .operatorSecret(
        OperatorSecret(
          operator: person.id, digest: digester.digest(of: Self.secret, for: person.id),
          issued: .none)),
      .cardRange(
        CardRange(
          firstSerial: EngineTraffic.firstSerial,
          lastSerial: EngineTraffic.firstSerial + cardCount - 1, site: Self.site,
          isVoided: false)),
    ]
    for place in 0..<terminalCount {
      changes.append(
        .terminal(
          Terminal(
            id: TerminalID(rawValue: EngineTraffic.firstTerminal + place), site: Self.site,
            state: .active)))
    }
    for change in changes {
      guard engine.register(change, by: Self.author, at: EngineTraffic.start) != nil else {
        throw BenchmarkError.answerWrong("the register took no \(change)")
      }
    }
  }
}
