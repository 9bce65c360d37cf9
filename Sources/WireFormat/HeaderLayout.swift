public import TransactionModel

/// Bytes 0 to 47 of every frame: the same in all versions (SPECIFICATION.md, "The header").
public enum HeaderLayout {
  @inlinable public static var byteCount: Int { 48 }
  @inlinable public static var frameByteCountMin: Int { 48 }
  @inlinable public static var frameByteCountMax: Int { 512 }
  @inlinable public static var frameByteCountStep: Int { 8 }

  /// The one version spoken.
  public static let protocolVersion: UInt8 = 1

  @inlinable public static var frameLength: Field {
    Field(1, "frame_length", at: 0, 2, .range(48, 512))
  }
  @inlinable public static var version: Field {
    Field(2, "protocol_version", at: 2, 1, .range(1, 1))
  }
  @inlinable public static var messageType: Field { Field(3, "message_type", at: 3, 1, .number) }
  @inlinable public static var environment: Field {
    Field(4, "environment", at: 4, 1, .range(1, 2))
  }
  @inlinable public static var flags: Field { Field(5, "flags", at: 5, 1, .bits(0x7F)) }
  @inlinable public static var responseCode: Field {
    Field(6, "response_code", at: 6, 2, .reserved)
  }
  @inlinable public static var traceNumber: Field {
    Field(7, "system_trace_audit_number", at: 8, 4, .identifier)
  }
  @inlinable public static var software: Field { Field(8, "software_id", at: 12, 4, .number) }
  @inlinable public static var terminal: Field { Field(9, "terminal_id", at: 16, 8, .identifier) }
  @inlinable public static var transactionTime: Field {
    Field(10, "transaction_time", at: 24, 8, transactionTimeContent)
  }
  @inlinable public static var operatorID: Field { Field(11, "operator_id", at: 32, 8, .number) }
  @inlinable public static var logPosition: Field {
    Field(12, "log_position", at: 40, 8, .reserved)
  }

  /// From the first millisecond of 1970 to the last of 9999, so that it always has a date.
  @usableFromInline static var transactionTimeContent: FieldContent {
    .range(1, Instant.latest.milliseconds)
  }

  /// In the order of their numbers.
  public static let fields = [
    frameLength, version, messageType, environment, flags, responseCode, traceNumber, software,
    terminal, transactionTime, operatorID, logPosition,
  ]
}
