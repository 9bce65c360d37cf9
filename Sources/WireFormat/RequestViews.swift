public import TransactionModel

/// A sign-on that has passed `FrameCheck`.
@frozen
public struct SignOnRequestView: ~Escapable {
  @usableFromInline let frame: FrameView

  @inlinable
  @_lifetime(copy frame)
  public init(_ frame: borrowing FrameView) { self.frame = FrameView(whole: frame.bytes) }

  public var secret: Secret { frame.secret(SignOnRequestLayout.operatorSecret) }
  /// All zero when the secret stays as it is.
  public var newSecret: Secret { frame.secret(SignOnRequestLayout.newSecret) }
  public var softwareVersion: String { frame.text(SignOnRequestLayout.softwareVersion) }
  @inlinable public var highestVersion: UInt8 {
    frame.number(SignOnRequestLayout.highestVersion)
  }
}

/// An inquiry that has passed `FrameCheck`.
@frozen
public struct InquiryRequestView: ~Escapable {
  @usableFromInline let frame: FrameView

  @inlinable
  @_lifetime(copy frame)
  public init(_ frame: borrowing FrameView) { self.frame = FrameView(whole: frame.bytes) }

  @inlinable public var card: CardNumber { frame.card(InquiryRequestLayout.card) }
  @inlinable public var dateOfService: CalendarDate {
    frame.date(InquiryRequestLayout.dateOfService)
  }
  public var purpose: InquiryPurpose {
    InquiryPurpose(rawValue: frame.number(InquiryRequestLayout.purpose)) ?? .information
  }
}

/// An activation or a recertification that has passed `FrameCheck`.
@frozen
public struct CertifyRequestView: ~Escapable {
  @usableFromInline let frame: FrameView

  @inlinable
  @_lifetime(copy frame)
  public init(_ frame: borrowing FrameView) { self.frame = FrameView(whole: frame.bytes) }

  @inlinable public var card: CardNumber { frame.card(CertifyRequestLayout.card) }
  @inlinable public var certificationDate: CalendarDate {
    frame.date(CertifyRequestLayout.certificationDate)
  }
  @inlinable public var presence: UInt64 { frame.number(CertifyRequestLayout.presence) }
  public var client: ClientForm {
    frame.clientForm(at: CertifyRequestLayout.clientOffset, presence: presence)
  }

  /// The claim in a slot from 0 to 2; `nil` when it is absent.
  public func claim(_ slot: Int) -> RetroactiveClaim? {
    let bit = UInt64(CertifyRequestLayout.firstClaimBit) + UInt64(slot)
    guard presence & (1 << bit) != 0 else { return nil }
    return frame.retroactiveClaim(
      at: CertifyRequestLayout.claimOffset + slot * RetroactiveClaim.byteCount)
  }
}

/// An update that has passed `FrameCheck`.
@frozen
public struct UpdateRequestView: ~Escapable {
  @usableFromInline let frame: FrameView

  @inlinable
  @_lifetime(copy frame)
  public init(_ frame: borrowing FrameView) { self.frame = FrameView(whole: frame.bytes) }

  @inlinable public var card: CardNumber { frame.card(UpdateRequestLayout.card) }
  @inlinable public var expectedVersion: UInt32 {
    frame.number(UpdateRequestLayout.expectedVersion)
  }
  public var client: ClientForm {
    frame.clientForm(
      at: UpdateRequestLayout.clientOffset, presence: frame.number(UpdateRequestLayout.presence))
  }
}

/// A deactivation that has passed `FrameCheck`.
@frozen
public struct DeactivateRequestView: ~Escapable {
  @usableFromInline let frame: FrameView

  @inlinable
  @_lifetime(copy frame)
  public init(_ frame: borrowing FrameView) { self.frame = FrameView(whole: frame.bytes) }

  @inlinable public var card: CardNumber { frame.card(DeactivateRequestLayout.card) }
  public var reason: DeactivationReason? {
    DeactivationReason(rawValue: frame.number(DeactivateRequestLayout.reason))
  }
  public var subReason: DeactivationSubReason? {
    DeactivationSubReason(rawValue: frame.number(DeactivateRequestLayout.subReason))
  }
  @inlinable public var effectiveDate: CalendarDate {
    frame.date(DeactivateRequestLayout.effectiveDate)
  }
}

/// A reversal that has passed `FrameCheck`.
@frozen
public struct ReverseRequestView: ~Escapable {
  @usableFromInline let frame: FrameView

  @inlinable
  @_lifetime(copy frame)
  public init(_ frame: borrowing FrameView) { self.frame = FrameView(whole: frame.bytes) }

  @inlinable public var originalTraceNumber: SystemTraceAuditNumber {
    SystemTraceAuditNumber(rawValue: frame.number(ReverseRequestLayout.originalTraceNumber))
  }
  @inlinable public var rawOriginalType: UInt8 {
    frame.number(ReverseRequestLayout.originalType)
  }
  public var originalType: MessageType? {
    MessageType(rawValue: frame.number(ReverseRequestLayout.originalType))
  }
  @inlinable public var reason: UInt8 { frame.number(ReverseRequestLayout.reason) }
  @inlinable public var originalTime: Instant { frame.instant(ReverseRequestLayout.originalTime) }
}

/// A request for the last answer that has passed `FrameCheck`.
@frozen
public struct LastRequestView: ~Escapable {
  @usableFromInline let frame: FrameView

  @inlinable
  @_lifetime(copy frame)
  public init(_ frame: borrowing FrameView) { self.frame = FrameView(whole: frame.bytes) }

  /// The trace number of the request whose answer is wanted; 0 for the newest change.
  @inlinable public var traceNumber: UInt32 { frame.number(LastRequestLayout.traceNumber) }
}
