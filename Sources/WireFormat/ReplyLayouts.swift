public import TransactionModel

/// The part that the replies to inquiry and changes share: bytes 48 to 135.
public enum OutcomeLayout {
  @inlinable public static var status: Field { Field(20, "status", at: 48, 1, .range(0, 4)) }
  @inlinable public static var deactivationReason: Field {
    Field(21, "deactivation_reason", at: 49, 1, .range(0, 6))
  }
  @inlinable public static var failedCriteria: Field {
    Field(22, "failed_criteria", at: 50, 2, .bits(UInt64(FailedCriteria.mask)))
  }
  @inlinable public static var recordVersion: Field {
    Field(23, "record_version", at: 52, 4, .number)
  }
  @inlinable public static var periodFirst: Field {
    Field(24, "period_first_day", at: 56, 4, .dateOrNone)
  }
  @inlinable public static var periodLast: Field {
    Field(25, "period_last_day", at: 60, 4, .dateOrNone)
  }
  @inlinable public static var recertificationOpens: Field {
    Field(26, "recertification_opens", at: 64, 4, .dateOrNone)
  }
  @inlinable public static var policySet: Field { Field(27, "policy_set", at: 68, 4, .dateOrNone) }
  @inlinable public static var incomeTable: Field {
    Field(28, "income_table", at: 72, 4, .dateOrNone)
  }
  @inlinable public static var daysLeft: Field { Field(29, "days_left", at: 76, 2, .number) }
  @inlinable public static var aidCode: Field { Field(30, "aid_code", at: 78, 2, .ascii) }
  @inlinable public static var confirmation: Field {
    Field(31, "confirmation_number", at: 80, 14, .confirmationOrBlank)
  }
  @inlinable public static var notices: Field { Field(32, "notices", at: 94, 2, .bits(0x001F)) }
  @inlinable public static var displayLine1: Field {
    Field(33, "display_line_1", at: 96, 20, .ascii)
  }
  @inlinable public static var displayLine2: Field {
    Field(34, "display_line_2", at: 116, 20, .ascii)
  }
  public static let byteCount = 136
  static let fields = [
    status, deactivationReason, failedCriteria, recordVersion, periodFirst, periodLast,
    recertificationOpens, policySet, incomeTable, daysLeft, aidCode, confirmation, notices,
    displayLine1, displayLine2,
  ]
}

/// The reply to an inquiry: its first 160 bytes are what is stored, the rest is demographics.
public enum InquiryReplyLayout {
  @inlinable public static var lastChange: Field { Field(35, "last_change", at: 136, 8, .number) }
  @inlinable public static var dateOfService: Field {
    Field(36, "date_of_service", at: 144, 4, .dateOrNone)
  }
  @inlinable public static var deactivationSubReason: Field {
    Field(37, "deactivation_sub_reason", at: 148, 1, .range(0, 1))
  }
  @inlinable public static var plastic: Field { Field(38, "plastic", at: 149, 1, .range(0, 2)) }
  @inlinable public static var reserved: Field { Field(39, "reserved_150", at: 150, 10, .reserved) }
  @inlinable public static var presence: Field {
    Field(40, "presence_map", at: 160, 8, .bits(presenceMask))
  }
  public static let clientOffset = 168
  public static let aliasBit: UInt8 = 29
  /// The number to use in place of the one asked for; absent like the client's data, so that all that
  /// is not stored is zero.
  @inlinable public static var alias: Field {
    Field(41, "alias_card_number", at: 384, 16, .card, presenceBit: aliasBit)
  }
  public static let presenceMask = ClientField.presenceMask | 1 << UInt64(aliasBit)
  public static let byteCount = 400
  static let fields =
    OutcomeLayout.fields
    + [lastChange, dateOfService, deactivationSubReason, plastic, reserved, presence]
    + ClientBlockLayout.fields(at: clientOffset, in: .reply) + [alias]
}

/// The reply to an activation or a recertification.
public enum CertifyReplyLayout {
  @inlinable public static var candidate: Field {
    Field(35, "matching_card_number", at: 136, 16, .cardOrBlank)
  }
  @inlinable public static var claim1: Field {
    Field(36, "retroactive_month_1", at: 152, 1, .range(0, 2))
  }
  @inlinable public static var claim2: Field {
    Field(37, "retroactive_month_2", at: 153, 1, .range(0, 2))
  }
  @inlinable public static var claim3: Field {
    Field(38, "retroactive_month_3", at: 154, 1, .range(0, 2))
  }
  @inlinable public static var reserved: Field { Field(39, "reserved_155", at: 155, 1, .reserved) }
  @inlinable public static var incomeLimit: Field { Field(40, "income_limit", at: 156, 4, .number) }
  public static let byteCount = 160
  static let fields =
    OutcomeLayout.fields + [candidate, claim1, claim2, claim3, reserved, incomeLimit]
}

/// The reply to an update.
public enum UpdateReplyLayout {
  @inlinable public static var lastChangeSite: Field {
    Field(35, "last_change_site", at: 136, 8, .number)
  }
  @inlinable public static var lastChange: Field { Field(36, "last_change", at: 144, 8, .number) }
  @inlinable public static var incomeLimit: Field { Field(37, "income_limit", at: 152, 4, .number) }
  @inlinable public static var reserved: Field { Field(38, "reserved_156", at: 156, 4, .reserved) }
  public static let byteCount = 160
  static let fields = OutcomeLayout.fields + [lastChangeSite, lastChange, incomeLimit, reserved]
}

/// The reply to a deactivation.
public enum DeactivateReplyLayout {
  public static let byteCount = 136
  static let fields = OutcomeLayout.fields
}

/// The reply to a reversal.
public enum ReverseReplyLayout {
  @inlinable public static var originalTraceNumber: Field {
    Field(35, "original_system_trace_audit_number", at: 136, 4, .identifier)
  }
  @inlinable public static var originalCode: Field {
    Field(36, "original_response_code", at: 140, 2, .number)
  }
  @inlinable public static var reserved: Field { Field(37, "reserved_142", at: 142, 2, .reserved) }
  public static let byteCount = 144
  static let fields = OutcomeLayout.fields + [originalTraceNumber, originalCode, reserved]
}

/// The reply to a sign-on.
public enum SignOnReplyLayout {
  @inlinable public static var serverTime: Field { Field(20, "server_time", at: 48, 8, .number) }
  @inlinable public static var newestTraceNumber: Field {
    Field(21, "newest_system_trace_audit_number", at: 56, 4, .number)
  }
  @inlinable public static var framesInFlightMax: Field {
    Field(22, "frames_in_flight_max", at: 60, 2, .number)
  }
  @inlinable public static var lowestVersion: Field {
    Field(23, "lowest_version", at: 62, 1, .range(1, 255))
  }
  @inlinable public static var highestVersion: Field {
    Field(24, "highest_version", at: 63, 1, .range(1, 255))
  }
  @inlinable public static var operatorIdleSeconds: Field {
    Field(25, "operator_idle_seconds", at: 64, 4, .number)
  }
  @inlinable public static var connectionIdleSeconds: Field {
    Field(26, "connection_idle_seconds", at: 68, 4, .number)
  }
  @inlinable public static var clockAllowanceSeconds: Field {
    Field(27, "clock_allowance_seconds", at: 72, 4, .number)
  }
  @inlinable public static var changeAgeSecondsMax: Field {
    Field(28, "change_age_seconds_max", at: 76, 4, .number)
  }
  @inlinable public static var storedAgeSecondsMax: Field {
    Field(29, "stored_and_forward_age_seconds_max", at: 80, 4, .number)
  }
  @inlinable public static var policySet: Field { Field(30, "policy_set", at: 84, 4, .dateOrNone) }
  @inlinable public static var site: Field { Field(31, "site_id", at: 88, 8, .identifier) }
  @inlinable public static var role: Field { Field(32, "role", at: 96, 1, .range(1, 4)) }
  @inlinable public static var terminalState: Field {
    Field(33, "terminal_state", at: 97, 1, .range(1, 4))
  }
  @inlinable public static var clockState: Field {
    Field(34, "clock_state", at: 98, 1, .range(0, 2))
  }
  @inlinable public static var reserved: Field { Field(35, "reserved_99", at: 99, 1, .reserved) }
  @inlinable public static var clockDifference: Field {
    Field(36, "clock_difference_milliseconds", at: 100, 4, .number)
  }
  @inlinable public static var displayLine1: Field {
    Field(37, "display_line_1", at: 104, 20, .ascii)
  }
  @inlinable public static var displayLine2: Field {
    Field(38, "display_line_2", at: 124, 20, .ascii)
  }
  public static let byteCount = 144
  static let fields = [
    serverTime, newestTraceNumber, framesInFlightMax, lowestVersion, highestVersion,
    operatorIdleSeconds, connectionIdleSeconds, clockAllowanceSeconds, changeAgeSecondsMax,
    storedAgeSecondsMax, policySet, site, role, terminalState, clockState, reserved,
    clockDifference, displayLine1, displayLine2,
  ]
}

/// The reply to an echo and to a sign-off.
public enum EchoReplyLayout {
  @inlinable public static var serverTime: Field { Field(20, "server_time", at: 48, 8, .number) }
  @inlinable public static var clockDifference: Field {
    Field(21, "clock_difference_milliseconds", at: 56, 4, .number)
  }
  @inlinable public static var clockState: Field {
    Field(22, "clock_state", at: 60, 1, .range(0, 2))
  }
  @inlinable public static var reserved: Field { Field(23, "reserved_61", at: 61, 3, .reserved) }
  @inlinable public static var displayLine1: Field {
    Field(24, "display_line_1", at: 64, 20, .ascii)
  }
  @inlinable public static var displayLine2: Field {
    Field(25, "display_line_2", at: 84, 20, .ascii)
  }
  public static let byteCount = 104
  static let fields = [
    serverTime, clockDifference, clockState, reserved, displayLine1, displayLine2,
  ]
}

/// The reply to a request for the last answer.
public enum LastReplyLayout {
  @inlinable public static var newestTraceNumber: Field {
    Field(20, "newest_system_trace_audit_number", at: 48, 4, .number)
  }
  @inlinable public static var storedByteCount: Field {
    Field(21, "stored_reply_length", at: 52, 2, .range(0, 160))
  }
  @inlinable public static var reserved: Field { Field(22, "reserved_54", at: 54, 2, .reserved) }
  @inlinable public static var serverTime: Field { Field(23, "server_time", at: 56, 8, .number) }
  @inlinable public static var displayLine1: Field {
    Field(24, "display_line_1", at: 64, 20, .ascii)
  }
  @inlinable public static var displayLine2: Field {
    Field(25, "display_line_2", at: 84, 20, .ascii)
  }
  @inlinable public static var storedReply: Field {
    Field(26, "stored_reply", at: 104, 160, .opaque)
  }
  public static let byteCount = 264
  static let fields = [
    newestTraceNumber, storedByteCount, reserved, serverTime, displayLine1, displayLine2,
    storedReply,
  ]
}

/// A refusal: stands for any reply, of any version, and has no display lines.
public enum RefusalLayout {
  @inlinable public static var field: Field { Field(20, "field_number", at: 48, 2, .number) }
  @inlinable public static var rule: Field { Field(21, "rule_number", at: 50, 2, .number) }
  @inlinable public static var responseClass: Field { Field(22, "class", at: 52, 1, .range(1, 7)) }
  @inlinable public static var reserved: Field { Field(23, "reserved_53", at: 53, 3, .reserved) }
  @inlinable public static var retryAfter: Field {
    Field(24, "retry_after_milliseconds", at: 56, 4, .number)
  }
  @inlinable public static var reserved2: Field { Field(25, "reserved_60", at: 60, 4, .reserved) }
  public static let byteCount = 64
  static let fields = [field, rule, responseClass, reserved, retryAfter, reserved2]
}
