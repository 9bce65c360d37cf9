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
public enum RequestBody: Sendable {
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
public struct Secret: Sendable, BitwiseCopyable, CustomStringConvertible, CustomReflectable {
  public var bytes: InlineArray<16, UInt8>
  public init(bytes: InlineArray<16, UInt8>) { self.bytes = bytes }
  public static var none: Secret { Secret(bytes: InlineArray(repeating: 0)) }
  public var description: String { "Secret(hidden)" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What an activation and a recertification carry.
public struct Certification: Sendable {
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

extension FrameBuffer {
  /// Encodes a request.
  ///
  /// Text that does not fit its field is refused before it gets here: `false` says it was not.
  public mutating func encode(_ header: RequestHeader, _ body: RequestBody) -> Bool {
    let type = body.messageType
    begin(MessageLayout.request(type).byteCount)
    set(HeaderLayout.version, HeaderLayout.protocolVersion)
    set(HeaderLayout.messageType, type.rawValue)
    set(HeaderLayout.environment, header.environment.rawValue)
    set(HeaderLayout.flags, header.flags.rawValue)
    set(HeaderLayout.traceNumber, header.traceNumber.rawValue)
    set(HeaderLayout.software, header.software.rawValue)
    set(HeaderLayout.terminal, header.terminal.rawValue)
    set(HeaderLayout.transactionTime, header.transactionTime)
    set(HeaderLayout.operatorID, header.operatorID.rawValue)
    return encode(body)
  }

  private mutating func encode(_ body: RequestBody) -> Bool {
    switch body {
    case .signOn(let secret, let newSecret, let softwareVersion, let highestVersion):
      set(SignOnRequestLayout.operatorSecret, secret)
      set(SignOnRequestLayout.newSecret, newSecret)
      set(SignOnRequestLayout.highestVersion, highestVersion)
      return set(SignOnRequestLayout.softwareVersion, text: softwareVersion)
    case .signOff, .echo:
      break
    case .inquiry(let card, let dateOfService, let purpose):
      set(InquiryRequestLayout.card, card)
      set(InquiryRequestLayout.dateOfService, dateOfService)
      set(InquiryRequestLayout.purpose, purpose.rawValue)
    case .activate(let certification), .recertify(let certification):
      encode(certification)
    case .update(let card, let expectedVersion, let client):
      set(UpdateRequestLayout.card, card)
      set(UpdateRequestLayout.presence, client, at: UpdateRequestLayout.clientOffset)
      set(UpdateRequestLayout.expectedVersion, expectedVersion)
    case .deactivate(let card, let reason, let subReason, let effectiveDate):
      set(DeactivateRequestLayout.card, card)
      set(DeactivateRequestLayout.reason, reason.rawValue)
      set(DeactivateRequestLayout.subReason, subReason.rawValue)
      set(DeactivateRequestLayout.effectiveDate, effectiveDate)
    case .reverse(let traceNumber, let type, let reason, let time):
      set(ReverseRequestLayout.originalTraceNumber, traceNumber.rawValue)
      set(ReverseRequestLayout.originalType, type.rawValue)
      set(ReverseRequestLayout.reason, reason)
      set(ReverseRequestLayout.originalTime, time)
    case .last(let traceNumber):
      set(LastRequestLayout.traceNumber, traceNumber)
    }
    return true
  }

  private mutating func encode(_ certification: Certification) {
    set(CertifyRequestLayout.card, certification.card)
    set(CertifyRequestLayout.certificationDate, certification.certificationDate)
    set(
      CertifyRequestLayout.presence, certification.client,
      at: CertifyRequestLayout.clientOffset)
    var presence = certification.client.presence
    for (slot, claim) in certification.claims.enumerated() {
      guard let claim else { continue }
      presence |= 1 << (UInt64(CertifyRequestLayout.firstClaimBit) + UInt64(slot))
      let offset = CertifyRequestLayout.claimOffset + slot * RetroactiveClaim.byteCount
      setByte(claim.flags, at: offset)
      setByte(claim.mediCal.rawValue, at: offset + 1)
      setByte(claim.otherCoverage.rawValue, at: offset + 2)
      setByte(claim.familySize, at: offset + 3)
      for index in 0..<4 {
        let shift = UInt32((3 - index) * 8)
        setByte(
          UInt8(truncatingIfNeeded: claim.monthlyIncome >> shift), at: offset + 4 + index)
      }
    }
    set(CertifyRequestLayout.presence, presence)
  }

  private mutating func set(_ field: Field, _ secret: Secret) {
    for index in 0..<16 { setByte(secret.bytes[index], at: field.offset + index) }
  }
}
