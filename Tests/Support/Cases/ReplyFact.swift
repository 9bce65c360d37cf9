public import TransactionModel
public import WireFormat

/// One thing that a case expects of a reply, beside its code.
public enum ReplyFact: Sendable {
  // MARK: The outcome of inquiry and changes
  case status(CardStatus)
  /// First and last day; two times none for no period.
  case period(CalendarDate, CalendarDate)
  case recordVersion(UInt32)
  case failedCriteria(FailedCriteria)
  case notices(Notices)
  case daysLeft(UInt16)
  case recertificationOpens(CalendarDate)
  case deactivationReason(UInt8)
  /// First days of policy set and income table.
  case decidedBy(set: UInt32, table: UInt32)
  case hasAidCode(Bool)
  case confirmation(ConfirmationNumber.Kind?)
  /// Both display lines are as the code table has them, in this language.
  case spanish(Bool)

  // MARK: One message only
  case claims([UInt8])
  /// Another number that may be the same client's.
  case candidate(CardNumber?)
  case incomeLimit(UInt32)
  case lastChangeSite(SiteID)
  case showsDemographics(Bool)
  case plastic(PlasticState)
  /// The number to use in place of the one asked for.
  case alias(CardNumber?)
  /// What the inquiry's reply has in a numeric field of the client block.
  case number(ClientField, UInt32?)
  case text(ClientField, String?)
  case clock(ClockState)
  case newestTraceNumber(UInt32)
  /// What a reversal says of the original.
  case originalCode(ResponseCode)
  /// A reply to "last" holds the first bytes of that of an earlier step; `nil`: of none.
  case tells(step: Int?)
  /// The confirmation number is that of an earlier step.
  case sameConfirmation(step: Int)
  /// A refusal names this field.
  case field(UInt16)
  /// A refusal asks to try again later.
  case asksToRetry(Bool)

  // MARK: The header
  /// Whether the reply says what it rests on.
  case restsOnRecord(Bool)
  case isStoredReply(Bool)
  /// The reply is that of an earlier step, byte for byte but for the flag "stored reply".
  case repeats(step: Int)
}

extension ReplyFact {
  /// What is wrong with a reply; `nil` when the fact holds.
  func mismatch(in reply: Reply, _ bytes: [UInt8], earlier: [[UInt8]]) -> String? {
    switch self {
    case .isStoredReply(let expected):
      return differs("stored reply", reply.header.flags.contains(.storedReply), expected)
    case .restsOnRecord(let expected):
      return differs("rests on a record", reply.header.logPosition != .zero, expected)
    case .repeats(let step):
      var original = earlier[step]
      original[HeaderLayout.flags.offset] |= FrameFlags.storedReply.rawValue
      return differs("the bytes", bytes, original)
    case .field(let expected):
      guard case .refusal(let refusal) = reply.message else { return "not a refusal" }
      return differs("field", refusal.fieldNumber, expected)
    case .asksToRetry(let expected):
      guard case .refusal(let refusal) = reply.message else { return "not a refusal" }
      return differs("asks to retry", refusal.retryAfterMilliseconds != 0, expected)
    case .tells(let step):
      guard case .last(let last) = reply.message else { return "not the last answer" }
      return differs(
        "the stored reply", last.storedReply, step.map { Array(earlier[$0].prefix(160)) } ?? [])
    case .sameConfirmation(let step):
      let field = OutcomeLayout.confirmation.range
      return differs("confirmation number", bytes[field], earlier[step][field])
    case .claims, .candidate, .incomeLimit, .lastChangeSite, .showsDemographics, .plastic, .alias,
      .number, .text, .clock, .newestTraceNumber, .originalCode:
      return mismatch(in: reply.message)
    default:
      guard let outcome = reply.message.outcome else { return "a reply without an outcome" }
      return mismatch(in: outcome, reply)
    }
  }

  private func mismatch(in outcome: Outcome, _ reply: Reply) -> String? {
    switch self {
    case .status(let expected): differs("status", outcome.status, expected)
    case .period(let first, let last):
      differs("first day", outcome.periodFirst, first)
        ?? differs("last day", outcome.periodLast, last)
    case .recordVersion(let expected):
      differs("record version", outcome.recordVersion, expected)
    case .failedCriteria(let expected):
      differs("failed criteria", outcome.failedCriteria, expected)
    case .notices(let expected): differs("notices", outcome.notices, expected)
    case .daysLeft(let expected): differs("days left", outcome.daysLeft, expected)
    case .recertificationOpens(let expected):
      differs("recertification opens", outcome.recertificationOpens, expected)
    case .deactivationReason(let expected):
      differs("deactivation reason", outcome.deactivationReason, expected)
    case .decidedBy(let set, let table):
      differs("policy set", outcome.policySet.yyyymmdd, set)
        ?? differs("income table", outcome.incomeTable.yyyymmdd, table)
    case .hasAidCode(let expected): differs("aid code", outcome.hasAidCode, expected)
    case .confirmation(let expected):
      differs("kind of confirmation", outcome.confirmation?.kind, expected)
    case .spanish(let expected):
      differs(
        "display", [reply.display?.first, reply.display?.second],
        Self.lines(outcome, isSpanish: expected))
    default: preconditionFailure("a fact of another part of the reply")
    }
  }

  private func mismatch(in message: ReplyMessage) -> String? {
    switch (self, message) {
    case (.claims(let expected), .activate(let reply)),
      (.claims(let expected), .recertify(let reply)):
      differs("claims", reply.claims.map(\.rawValue), expected)
    case (.candidate(let expected), .activate(let reply)),
      (.candidate(let expected), .recertify(let reply)):
      differs("matching card", reply.candidate, expected)
    case (.plastic(let expected), .inquiry(let reply)):
      differs("plastic", reply.plastic, expected)
    case (.alias(let expected), .inquiry(let reply)):
      differs("number to use", reply.alias, expected)
    case (.incomeLimit(let expected), .activate(let reply)),
      (.incomeLimit(let expected), .recertify(let reply)):
      differs("income limit", reply.incomeLimit, expected)
    case (.incomeLimit(let expected), .update(let reply)):
      differs("income limit", reply.incomeLimit, expected)
    case (.lastChangeSite(let expected), .update(let reply)):
      differs("site of the last change", reply.lastChangeSite, expected)
    case (.originalCode(let expected), .reverse(let reply)):
      differs("code of the original", reply.originalCode, expected)
    case (.showsDemographics(let expected), .inquiry(let reply)):
      differs("demographics", reply.client != nil, expected)
    case (.number(let field, let expected), .inquiry(let reply)):
      differs("\(field)", reply.client?.number(field), expected)
    case (.text(let field, let expected), .inquiry(let reply)):
      differs("\(field)", reply.client?.text(field), expected)
    case (.clock(let expected), .signOn(let reply)):
      differs("clock", reply.clockState, expected)
    case (.clock(let expected), .echo(let reply)), (.clock(let expected), .signOff(let reply)):
      differs("clock", reply.clockState, expected)
    case (.newestTraceNumber(let expected), .signOn(let reply)):
      differs("newest trace number", reply.newestTraceNumber, expected)
    default: "a reply of another type"
    }
  }

  private static func lines(_ outcome: Outcome, isSpanish: Bool) -> [String?] {
    let display = CodeTable.display(
      outcome.code, spanish: isSpanish, date: outcome.periodLast)
    func line(_ bytes: InlineArray<20, UInt8>) -> String {
      var text = String(decoding: (0..<20).map { bytes[$0] }, as: UTF8.self)
      while text.last == " " { text.removeLast() }
      return text
    }
    return [line(display.line1), line(display.line2)]
  }
}

extension ReplyMessage {
  /// The part that the replies to inquiry and changes share.
  public var outcome: Outcome? {
    switch self {
    case .inquiry(let reply): reply.outcome
    case .activate(let reply), .recertify(let reply): reply.outcome
    case .update(let reply): reply.outcome
    case .deactivate(let outcome): outcome
    case .reverse(let reply): reply.outcome
    case .signOn, .signOff, .echo, .last, .refusal: nil
    }
  }
}

/// Says how a value differs from the expected one; `nil` when it does not.
func differs<Value: Equatable>(_ name: String, _ found: Value, _ expected: Value) -> String? {
  found == expected ? nil : "\(name): \(found), expected \(expected)"
}
