import TransactionModel

extension RequestBody {
  /// Takes the body of a request that keeps every rule of the format.
  ///
  /// The server reads requests through views; this owned form is for those who keep or show them.
  public init(_ frame: borrowing FrameView) throws(FormatRefusal) {
    switch try FrameCheck.checkRequest(frame) {
    case .signOn:
      let view = SignOnRequestView(frame)
      self = .signOn(
        secret: view.secret, newSecret: view.newSecret, softwareVersion: view.softwareVersion,
        highestVersion: view.highestVersion)
    case .signOff:
      self = .signOff
    case .echo:
      self = .echo
    case .inquiry:
      let view = InquiryRequestView(frame)
      self = .inquiry(
        card: view.card, dateOfService: view.dateOfService, purpose: view.purpose)
    case .activate:
      self = .activate(Certification(CertifyRequestView(frame)))
    case .recertify:
      self = .recertify(Certification(CertifyRequestView(frame)))
    case .update:
      let view = UpdateRequestView(frame)
      self = .update(
        card: view.card, expectedVersion: view.expectedVersion, client: view.client)
    case .deactivate:
      self = .deactivate(
        card: frame.card(DeactivateRequestLayout.card),
        reason: try frame.value(DeactivateRequestLayout.reason),
        subReason: try frame.value(DeactivateRequestLayout.subReason),
        effectiveDate: frame.date(DeactivateRequestLayout.effectiveDate))
    case .reverse:
      let view = ReverseRequestView(frame)
      self = .reverse(
        traceNumber: view.originalTraceNumber,
        type: try frame.value(ReverseRequestLayout.originalType),
        reason: view.reason, time: view.originalTime)
    case .last:
      self = .last(traceNumber: LastRequestView(frame).traceNumber)
    }
  }
}

extension Certification {
  fileprivate init(_ view: borrowing CertifyRequestView) {
    var claims: [RetroactiveClaim?] = []
    for slot in 0..<CertifyRequestLayout.claimCount { claims.append(view.claim(slot)) }
    self.init(
      card: view.card, certificationDate: view.certificationDate, client: view.client,
      claims: claims)
  }
}

extension FrameView {
  /// The meaning of a one-byte field; a value without one is out of range.
  func value<Value: RawRepresentable>(
    _ field: Field
  ) throws(FormatRefusal) -> Value where Value.RawValue == UInt8 {
    guard let value = Value(rawValue: number(field)) else {
      throw FormatRefusal(.valueOutOfRange, field)
    }
    return value
  }
}
