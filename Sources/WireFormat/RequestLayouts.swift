public import TransactionModel

/// The body of a sign-on request.
public enum SignOnRequestLayout {
  @inlinable public static var operatorSecret: Field {
    Field(20, "operator_secret", at: 48, 16, .opaque)
  }
  @inlinable public static var newSecret: Field {
    Field(21, "new_operator_secret", at: 64, 16, .opaque)
  }
  @inlinable public static var softwareVersion: Field {
    Field(22, "software_version", at: 80, 16, .ascii)
  }
  @inlinable public static var highestVersion: Field {
    Field(23, "highest_version", at: 96, 1, .range(1, 255))
  }
  @inlinable public static var reserved: Field { Field(24, "reserved_97", at: 97, 7, .reserved) }
  public static let byteCount = 104
  static let fields = [operatorSecret, newSecret, softwareVersion, highestVersion, reserved]
}

/// The body of an inquiry.
public enum InquiryRequestLayout {
  @inlinable public static var card: Field { Field(20, "card_number", at: 48, 16, .card) }
  @inlinable public static var dateOfService: Field {
    Field(21, "date_of_service", at: 64, 4, .date)
  }
  @inlinable public static var purpose: Field { Field(22, "purpose", at: 68, 1, .range(1, 3)) }
  @inlinable public static var reserved: Field { Field(23, "reserved_69", at: 69, 3, .reserved) }
  public static let byteCount = 72
  static let fields = [card, dateOfService, purpose, reserved]
}

/// The body of an activation and of a recertification.
public enum CertifyRequestLayout {
  @inlinable public static var card: Field { Field(20, "card_number", at: 48, 16, .card) }
  @inlinable public static var presence: Field {
    Field(21, "presence_map", at: 64, 8, .bits(presenceMask))
  }
  @inlinable public static var certificationDate: Field {
    Field(22, "certification_date", at: 72, 4, .date)
  }
  @inlinable public static var reserved: Field { Field(23, "reserved_76", at: 76, 4, .reserved) }
  public static let clientOffset = 80
  public static let claimOffset = 296
  public static let claimCount = 3
  public static let firstClaimBit: UInt8 = 29
  public static let presenceMask = ClientField.presenceMask | 0x7 << UInt64(firstClaimBit)
  public static let byteCount = 320

  static let claims = (0..<claimCount).map { slot in
    Field(
      UInt16(140 + slot),
      ["retroactive_month_1", "retroactive_month_2", "retroactive_month_3"][slot],
      at: claimOffset + slot * RetroactiveClaim.byteCount, RetroactiveClaim.byteCount,
      .retroactiveClaim, presenceBit: firstClaimBit + UInt8(slot))
  }
  static let fields =
    [card, presence, certificationDate, reserved]
    + ClientBlockLayout.fields(at: clientOffset, in: .certification) + claims
}

/// The body of an update.
public enum UpdateRequestLayout {
  @inlinable public static var card: Field { Field(20, "card_number", at: 48, 16, .card) }
  @inlinable public static var presence: Field {
    Field(21, "presence_map", at: 64, 8, .bits(ClientField.presenceMask))
  }
  @inlinable public static var expectedVersion: Field {
    Field(22, "expected_version", at: 72, 4, .identifier)
  }
  @inlinable public static var reserved: Field { Field(23, "reserved_76", at: 76, 4, .reserved) }
  public static let clientOffset = 80
  public static let byteCount = 296
  static let fields =
    [card, presence, expectedVersion, reserved]
    + ClientBlockLayout.fields(at: clientOffset, in: .update)
}

/// The body of a deactivation.
public enum DeactivateRequestLayout {
  @inlinable public static var card: Field { Field(20, "card_number", at: 48, 16, .card) }
  @inlinable public static var reason: Field { Field(21, "reason", at: 64, 1, .range(1, 6)) }
  @inlinable public static var subReason: Field { Field(22, "sub_reason", at: 65, 1, .range(0, 1)) }
  @inlinable public static var reserved: Field { Field(23, "reserved_66", at: 66, 2, .reserved) }
  @inlinable public static var effectiveDate: Field {
    Field(24, "effective_date", at: 68, 4, .date)
  }
  public static let byteCount = 72
  static let fields = [card, reason, subReason, reserved, effectiveDate]
}

/// The body of a reversal.
public enum ReverseRequestLayout {
  @inlinable public static var originalTraceNumber: Field {
    Field(20, "original_system_trace_audit_number", at: 48, 4, .identifier)
  }
  @inlinable public static var originalType: Field {
    Field(21, "original_message_type", at: 52, 1, .range(0x20, 0x23))
  }
  @inlinable public static var reason: Field {
    Field(22, "reversal_reason", at: 53, 1, .range(1, 3))
  }
  @inlinable public static var reserved: Field { Field(23, "reserved_54", at: 54, 2, .reserved) }
  @inlinable public static var originalTime: Field {
    Field(24, "original_transaction_time", at: 56, 8, HeaderLayout.transactionTimeContent)
  }
  public static let byteCount = 64
  static let fields = [originalTraceNumber, originalType, reason, reserved, originalTime]
}

/// The body of a request for the last answer.
public enum LastRequestLayout {
  @inlinable public static var traceNumber: Field {
    Field(20, "wanted_system_trace_audit_number", at: 48, 4, .number)
  }
  @inlinable public static var reserved: Field { Field(21, "reserved_52", at: 52, 4, .reserved) }
  public static let byteCount = 56
  static let fields = [traceNumber, reserved]
}
