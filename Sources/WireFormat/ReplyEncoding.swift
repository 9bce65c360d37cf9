public import TransactionModel

/// Where a card stands, as a reply says it.
public enum CardStatus: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// Not told, or not known.
  case none = 0
  case eligible = 1
  case notEligible = 2
  case neverActivated = 3
  case retroactive = 4
}

/// The part that the replies to inquiry and changes share.
public struct Outcome: Sendable, BitwiseCopyable {
  public var code: ResponseCode
  public var status = CardStatus.none
  public var deactivationReason: UInt8 = 0
  public var failedCriteria: FailedCriteria = []
  public var recordVersion: UInt32 = 0
  public var periodFirst = CalendarDate.none
  public var periodLast = CalendarDate.none
  public var recertificationOpens = CalendarDate.none
  public var policySet = CalendarDate.none
  public var incomeTable = CalendarDate.none
  public var daysLeft: UInt16 = 0
  public var hasAidCode = false
  public var confirmation: ConfirmationNumber?
  public var notices: Notices = []

  public init(_ code: ResponseCode) { self.code = code }
}

/// Things a clerk should know beside the outcome.
@frozen
public struct Notices: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Another number may belong to the same client.
  public static let possibleDuplicateClient = Notices(rawValue: 1 << 0)
  /// A renewed period waits for the present one to end.
  public static let renewalWaiting = Notices(rawValue: 1 << 1)
  /// The client was found ineligible while a period runs: deactivate.
  public static let deactivationDue = Notices(rawValue: 1 << 2)
  /// The outcome may be appealed: hand out the fair hearing rights.
  public static let fairHearing = Notices(rawValue: 1 << 3)
}

/// Where the terminal's clock stands against the server's.
public enum ClockState: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case withinAllowance = 0
  case terminalBehind = 1
  case terminalAhead = 2
}

/// What a sign-on tells the terminal.
public struct SignOnReply: Sendable, BitwiseCopyable {
  public var serverTime: Instant
  public var newestTraceNumber: UInt32
  public var framesInFlightMax: UInt16
  public var operatorIdleSeconds: UInt32
  public var connectionIdleSeconds: UInt32
  public var clockAllowanceSeconds: UInt32
  public var changeAgeSecondsMax: UInt32
  public var storedAgeSecondsMax: UInt32
  public var policySet: CalendarDate
  public var site: SiteID
  public var role: Role
  public var terminalState: RegisterState
  public var clockState: ClockState
  public var clockDifferenceMilliseconds: UInt32

  public init(
    serverTime: Instant, newestTraceNumber: UInt32, framesInFlightMax: UInt16,
    operatorIdleSeconds: UInt32, connectionIdleSeconds: UInt32, clockAllowanceSeconds: UInt32,
    changeAgeSecondsMax: UInt32, storedAgeSecondsMax: UInt32, policySet: CalendarDate,
    site: SiteID, role: Role, terminalState: RegisterState, clockState: ClockState,
    clockDifferenceMilliseconds: UInt32
  ) {
    self.serverTime = serverTime
    self.newestTraceNumber = newestTraceNumber
    self.framesInFlightMax = framesInFlightMax
    self.operatorIdleSeconds = operatorIdleSeconds
    self.connectionIdleSeconds = connectionIdleSeconds
    self.clockAllowanceSeconds = clockAllowanceSeconds
    self.changeAgeSecondsMax = changeAgeSecondsMax
    self.storedAgeSecondsMax = storedAgeSecondsMax
    self.policySet = policySet
    self.site = site
    self.role = role
    self.terminalState = terminalState
    self.clockState = clockState
    self.clockDifferenceMilliseconds = clockDifferenceMilliseconds
  }
}

extension FrameBuffer {
  /// The first bytes of a reply that are kept for repeats; what follows is zero in such a reply.
  public static let storedByteCountMax = 160

  /// Encodes a reply of a type whose layout begins with the shared outcome; the rest is blank.
  public mutating func encode(
    _ outcome: Outcome, type: MessageType, replyingTo request: borrowing FrameView
  ) {
    begin(MessageLayout.reply(type).byteCount, replyingTo: request, outcome.code)
    set(OutcomeLayout.status, outcome.status.rawValue)
    set(OutcomeLayout.deactivationReason, outcome.deactivationReason)
    set(OutcomeLayout.failedCriteria, outcome.failedCriteria.rawValue)
    set(OutcomeLayout.recordVersion, outcome.recordVersion)
    set(OutcomeLayout.periodFirst, outcome.periodFirst)
    set(OutcomeLayout.periodLast, outcome.periodLast)
    set(OutcomeLayout.recertificationOpens, outcome.recertificationOpens)
    set(OutcomeLayout.policySet, outcome.policySet)
    set(OutcomeLayout.incomeTable, outcome.incomeTable)
    set(OutcomeLayout.daysLeft, outcome.daysLeft)
    setByte(outcome.hasAidCode ? 0x38 : 0x20, at: OutcomeLayout.aidCode.offset)
    setByte(outcome.hasAidCode ? 0x48 : 0x20, at: OutcomeLayout.aidCode.offset + 1)
    set(OutcomeLayout.confirmation, outcome.confirmation)
    set(OutcomeLayout.notices, outcome.notices.rawValue)
    let display = CodeTable.display(
      outcome.code, spanish: request.flags.contains(.spanish), date: outcome.periodLast)
    set(OutcomeLayout.displayLine1, OutcomeLayout.displayLine2, display)
    switch type {
    case .inquiry: setBlank(InquiryReplyLayout.alias)
    case .activate, .recertify: setBlank(CertifyReplyLayout.candidate)
    default: break
    }
  }

  /// Adds demographics to the reply to an inquiry.
  public mutating func addDemographics(_ client: ClientForm, alias: CardNumber) {
    set(InquiryReplyLayout.presence, client, at: InquiryReplyLayout.clientOffset)
    set(InquiryReplyLayout.alias, alias)
  }

  /// Encodes the reply to an echo or a sign-off.
  public mutating func encodeEcho(
    _ type: MessageType, code: ResponseCode, serverTime: Instant, clock: ClockState,
    differenceMilliseconds: UInt32, replyingTo request: borrowing FrameView
  ) {
    begin(EchoReplyLayout.byteCount, replyingTo: request, code)
    set(EchoReplyLayout.serverTime, serverTime)
    set(EchoReplyLayout.clockDifference, differenceMilliseconds)
    set(EchoReplyLayout.clockState, clock.rawValue)
    let display = CodeTable.display(
      code, spanish: request.flags.contains(.spanish), date: .none)
    set(EchoReplyLayout.displayLine1, EchoReplyLayout.displayLine2, display)
  }

  /// Encodes the reply to a sign-on.
  public mutating func encode(
    _ reply: SignOnReply, code: ResponseCode, replyingTo request: borrowing FrameView
  ) {
    typealias Layout = SignOnReplyLayout
    begin(Layout.byteCount, replyingTo: request, code)
    set(Layout.serverTime, reply.serverTime)
    set(Layout.newestTraceNumber, reply.newestTraceNumber)
    set(Layout.framesInFlightMax, reply.framesInFlightMax)
    set(Layout.lowestVersion, HeaderLayout.protocolVersion)
    set(Layout.highestVersion, HeaderLayout.protocolVersion)
    set(Layout.operatorIdleSeconds, reply.operatorIdleSeconds)
    set(Layout.connectionIdleSeconds, reply.connectionIdleSeconds)
    set(Layout.clockAllowanceSeconds, reply.clockAllowanceSeconds)
    set(Layout.changeAgeSecondsMax, reply.changeAgeSecondsMax)
    set(Layout.storedAgeSecondsMax, reply.storedAgeSecondsMax)
    set(Layout.policySet, reply.policySet)
    set(Layout.site, reply.site.rawValue)
    set(Layout.role, reply.role.rawValue)
    set(Layout.terminalState, reply.terminalState.rawValue)
    set(Layout.clockState, reply.clockState.rawValue)
    set(Layout.clockDifference, reply.clockDifferenceMilliseconds)
    let display = CodeTable.display(code, spanish: request.flags.contains(.spanish), date: .none)
    set(Layout.displayLine1, Layout.displayLine2, display)
  }

  /// Encodes a refusal; it stands for the reply to any request, known or not.
  ///
  /// `field` is the number of the field at fault, 0 for none; `rule` that of the rule of the format
  /// that it breaks, 0 for another kind of refusal; `retryAfterMilliseconds` how long to wait
  /// before a repeat, 0 where a repeat cannot help.
  public mutating func encodeRefusal(
    _ code: ResponseCode, field: UInt16 = 0, rule: UInt16 = 0,
    retryAfterMilliseconds: UInt32 = 0, replyingTo request: borrowing FrameView
  ) {
    begin(RefusalLayout.byteCount, replyingTo: request, code)
    set(RefusalLayout.field, field)
    set(RefusalLayout.rule, rule)
    set(RefusalLayout.responseClass, code.responseClass.rawValue)
    set(RefusalLayout.retryAfter, retryAfterMilliseconds)
  }
}
