import TransactionModel

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
      set(claim, at: CertifyRequestLayout.claimOffset + slot * RetroactiveClaim.byteCount)
    }
    set(CertifyRequestLayout.presence, presence)
  }

  private mutating func set(_ claim: RetroactiveClaim, at offset: Int) {
    typealias Layout = RetroactiveClaimLayout
    setByte(claim.flags, at: offset + Layout.flags)
    setByte(claim.mediCal.rawValue, at: offset + Layout.mediCal)
    setByte(claim.otherCoverage.rawValue, at: offset + Layout.otherCoverage)
    setByte(claim.familySize, at: offset + Layout.familySize)
    for index in 0..<4 {
      let shift = UInt32((3 - index) * 8)
      setByte(
        UInt8(truncatingIfNeeded: claim.monthlyIncome >> shift),
        at: offset + Layout.monthlyIncome + index)
    }
  }

  private mutating func set(_ field: Field, _ secret: Secret) {
    for index in 0..<16 { setByte(secret.bytes[index], at: field.offset + index) }
  }
}
