public import TransactionModel

/// The header of a request, as its sender fills it.
public struct RequestHeader: Hashable, Sendable, BitwiseCopyable {
  public var environment: Environment
  public var flags: FrameFlags
  public var traceNumber: SystemTraceAuditNumber
  public var software: SoftwareID
  public var terminal: TerminalID
  public var transactionTime: Instant
  public var operatorID: OperatorID

  public init(
    environment: Environment, flags: FrameFlags, traceNumber: SystemTraceAuditNumber,
    software: SoftwareID, terminal: TerminalID, transactionTime: Instant, operatorID: OperatorID
  ) {
    self.environment = environment
    self.flags = flags
    self.traceNumber = traceNumber
    self.software = software
    self.terminal = terminal
    self.transactionTime = transactionTime
    self.operatorID = operatorID
  }

  /// The header of a request that was received or kept.
  public init?(_ frame: borrowing FrameView) {
    guard let environment = Environment(rawValue: frame.environment) else { return nil }
    self.init(
      environment: environment, flags: frame.flags, traceNumber: frame.traceNumber,
      software: frame.software, terminal: frame.terminal,
      transactionTime: frame.transactionTime, operatorID: frame.operatorID)
  }
}

/// The body of a request, as its sender fills it.
public enum RequestBody: Equatable, Sendable {
  case signOn(secret: Secret, newSecret: Secret, softwareVersion: String, highestVersion: UInt8)
  case signOff
  case echo
  case inquiry(card: CardNumber, dateOfService: CalendarDate, purpose: InquiryPurpose)
  case activate(Certification)
  case recertify(Certification)
  case update(card: CardNumber, expectedVersion: UInt32, client: ClientForm)
  case deactivate(
    card: CardNumber, reason: DeactivationReason, subReason: DeactivationSubReason,
    effectiveDate: CalendarDate)
  case reverse(
    traceNumber: SystemTraceAuditNumber, type: MessageType, reason: UInt8, time: Instant)
  case last(traceNumber: UInt32)

  public var messageType: MessageType {
    switch self {
    case .signOn: .signOn
    case .signOff: .signOff
    case .echo: .echo
    case .inquiry: .inquiry
    case .activate: .activate
    case .recertify: .recertify
    case .update: .update
    case .deactivate: .deactivate
    case .reverse: .reverse
    case .last: .last
    }
  }
}

/// Sixteen bytes that prove who an operator is; nothing prints them.
public struct Secret: Equatable, Sendable, BitwiseCopyable {
  public var bytes: InlineArray<16, UInt8>
  public init(bytes: InlineArray<16, UInt8>) { self.bytes = bytes }
  public static var none: Secret { Secret(bytes: InlineArray(repeating: 0)) }

  /// Looks at every byte, so that the time taken does not say where two secrets differ.
  public static func == (lhs: Secret, rhs: Secret) -> Bool {
    var difference: UInt8 = 0
    for index in 0..<16 { difference |= lhs.bytes[index] ^ rhs.bytes[index] }
    return difference == 0
  }
}

extension Secret: CustomStringConvertible, CustomReflectable {
  public var description: String { "Secret(hidden)" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What an activation and a recertification carry.
public struct Certification: Equatable, Sendable {
  public var card: CardNumber
  public var certificationDate: CalendarDate
  public var client: ClientForm
  /// Three slots: the months before the month of certification, the latest first.
  public var claims: [RetroactiveClaim?]

  public init(
    card: CardNumber, certificationDate: CalendarDate, client: ClientForm,
    claims: [RetroactiveClaim?] = [nil, nil, nil]
  ) {
    precondition(claims.count == CertifyRequestLayout.claimCount, "there are three slots")
    self.card = card
    self.certificationDate = certificationDate
    self.client = client
    self.claims = claims
  }
}
