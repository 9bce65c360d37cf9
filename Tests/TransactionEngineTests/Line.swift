import Support
import TransactionEngine
import TransactionModel
import WireFormat

/// A line from terminals to an engine in memory: numbers the requests, keeps nothing.
struct Line {
  /// One request and what came of it.
  struct Exchange {
    var step: TransactionStep
    var bytes: [UInt8]
    var reply: Reply
    var waitPosition: LogPosition
    var isSecurityEvent: Bool
    /// The card that the answer is about, for the audit.
    var card: CardNumber

    var code: ResponseCode { reply.header.code }
    var position: LogPosition { reply.header.logPosition }
    var outcome: Outcome? { reply.message.outcome }
  }

  var engine: FixtureEngine
  /// The server's clock.
  var time = Fixture.start
  private var trace: UInt32 = 0

  init(_ engine: FixtureEngine) { self.engine = engine }

  /// A request that has not been sent; the terminal's clock shows the server's time.
  mutating func step(
    _ body: RequestBody, from speaker: Speaker = .clinic, flags: FrameFlags = []
  ) -> TransactionStep {
    trace += 1
    return TransactionStep(
      header: RequestHeader(
        environment: Fixture.environment, flags: flags,
        traceNumber: SystemTraceAuditNumber(rawValue: trace),
        software: SoftwareID(rawValue: 1), terminal: speaker.terminal, transactionTime: time,
        operatorID: speaker.operatorID),
      body: body, identity: speaker.identity, serverTime: time)
  }

  @discardableResult
  mutating func send(
    _ body: RequestBody, from speaker: Speaker = .clinic, flags: FrameFlags = []
  ) throws -> Exchange {
    try send(step(body, from: speaker, flags: flags))
  }

  /// Sends a request as it is, at the line's time.
  @discardableResult
  func send(_ step: TransactionStep, changesAvailable: Bool = true) throws -> Exchange {
    let answer = try engine.decide(
      step.frame, from: step.identity, at: time, changesAvailable: changesAvailable)
    return Exchange(
      step: step, bytes: answer.bytes,
      reply: try Reply(FrameView(whole: unsafe answer.bytes.span.bytes)),
      waitPosition: answer.disposition.waitPosition,
      isSecurityEvent: answer.disposition.isSecurityEvent, card: answer.disposition.card)
  }

  mutating func advance(milliseconds: UInt64) {
    time = Instant(milliseconds: time.milliseconds + milliseconds)
  }
}

extension Reply {
  /// The field that a refusal is about.
  var refusedField: UInt16? {
    if case .refusal(let refusal) = message { refusal.fieldNumber } else { nil }
  }
}

extension [UInt8] {
  /// The bytes of a reply as a repeat has them.
  var asStoredReply: [UInt8] {
    var bytes = self
    bytes[HeaderLayout.flags.offset] |= FrameFlags.storedReply.rawValue
    return bytes
  }
}
