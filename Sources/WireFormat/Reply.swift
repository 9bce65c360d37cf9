public import TransactionModel

/// The header of a reply: the request's own values, and what the server adds.
public struct ReplyHeader: Hashable, Sendable, BitwiseCopyable {
  public var version: UInt8
  /// The type byte of the request; of no known type only in a refusal.
  public var rawRequestType: UInt8
  /// As the request had it: of no known environment only in a refusal.
  public var rawEnvironment: UInt8
  public var flags: FrameFlags
  public var code: ResponseCode
  public var traceNumber: SystemTraceAuditNumber
  public var software: SoftwareID
  public var terminal: TerminalID
  public var transactionTime: Instant
  public var operatorID: OperatorID
  /// The position of the record that the answer is, or the latest that it rests on.
  public var logPosition: LogPosition
}

/// What a terminal was answered, as values of its own: for those who show or keep replies.
public struct Reply: Equatable, Sendable {
  public var header: ReplyHeader
  public var message: ReplyMessage
  /// `nil` for a refusal: the terminal has the lines of the code, or of its class.
  public var display: DisplayLines?
}

/// The body of a reply.
public enum ReplyMessage: Equatable, Sendable {
  case signOn(SignOnReply)
  case signOff(EchoReply)
  case echo(EchoReply)
  case inquiry(InquiryReply)
  case activate(CertifyReply)
  case recertify(CertifyReply)
  case update(UpdateReply)
  case deactivate(Outcome)
  case reverse(ReverseReply)
  case last(LastReply)
  case refusal(Refusal)
}

/// The two display lines of a reply, without their padding.
public struct DisplayLines: Hashable, Sendable {
  public var first: String
  public var second: String
}

/// What is known of the card itself.
public enum PlasticState: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// Or not told.
  case unknown = 0
  case good = 1
  case reportedLost = 2
}

/// What was decided on one month claimed in retrospect.
public enum ClaimDecision: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case notClaimed = 0
  case eligible = 1
  case notEligible = 2
}

/// What an inquiry tells.
public struct InquiryReply: Equatable, Sendable {
  public var outcome: Outcome
  public var lastChange: Instant
  public var dateOfService: CalendarDate
  public var deactivationSubReason: DeactivationSubReason
  public var plastic: PlasticState
  /// Only for roles that may see it.
  public var client: ClientForm?
  /// The number to use in place of the one asked for.
  public var alias: CardNumber?
}

/// What an activation or a recertification led to.
public struct CertifyReply: Equatable, Sendable {
  public var outcome: Outcome
  /// Another number that may be the same client's.
  public var candidate: CardNumber?
  /// The months before the month of certification, the latest first.
  public var claims: [ClaimDecision]
  /// In whole dollars for a month.
  public var incomeLimit: UInt32
}

/// What an update led to; on a version conflict, who changed the record meanwhile, and when.
public struct UpdateReply: Hashable, Sendable {
  public var outcome: Outcome
  public var lastChangeSite: SiteID
  public var lastChange: Instant
  /// In whole dollars for a month.
  public var incomeLimit: UInt32
}

/// What a reversal undid.
public struct ReverseReply: Hashable, Sendable {
  public var outcome: Outcome
  public var originalTraceNumber: SystemTraceAuditNumber
  /// `none` when the original never arrived.
  public var originalCode: ResponseCode
}

/// The answer to an earlier request, asked for again.
public struct LastReply: Equatable, Sendable {
  public var newestTraceNumber: UInt32
  public var serverTime: Instant
  /// The first bytes of the reply that is stored, all others zero; empty when none is.
  public var storedReply: [UInt8]
}

/// Why a request was not looked into.
public struct Refusal: Hashable, Sendable {
  /// The number of the field at fault in fields.csv; 0 for none.
  public var fieldNumber: UInt16
  /// The number of the rule of the format that it breaks; 0 for another kind of refusal.
  public var ruleNumber: UInt16
  public var responseClass: ResponseClass
  /// How long to wait before a repeat; 0 where a repeat cannot help.
  public var retryAfterMilliseconds: UInt32
}
