import TransactionModel

/// Bytes 0 to 47 of every frame: the same in all versions (SPECIFICATION.md, "The header").
public enum HeaderLayout {
  @inlinable public static var byteCount: Int { 48 }
  @inlinable public static var frameByteCountMin: Int { 48 }
  @inlinable public static var frameByteCountMax: Int { 512 }
  @inlinable public static var frameByteCountStep: Int { 8 }

  /// The one version spoken.
  public static let protocolVersion: UInt8 = 1

  public static let frameLength = Field(1, "frame_length", at: 0, 2, .range(48, 512))
  public static let version = Field(2, "protocol_version", at: 2, 1, .range(1, 1))
  public static let messageType = Field(3, "message_type", at: 3, 1, .number)
  public static let environment = Field(4, "environment", at: 4, 1, .range(1, 2))
  public static let flags = Field(5, "flags", at: 5, 1, .bits(0x7F))
  public static let responseCode = Field(6, "response_code", at: 6, 2, .reserved)
  public static let traceNumber = Field(7, "system_trace_audit_number", at: 8, 4, .identifier)
  public static let software = Field(8, "software_id", at: 12, 4, .number)
  public static let terminal = Field(9, "terminal_id", at: 16, 8, .identifier)
  public static let transactionTime = Field(
    10, "transaction_time", at: 24, 8, transactionTimeContent)
  public static let operatorID = Field(11, "operator_id", at: 32, 8, .number)
  public static let logPosition = Field(12, "log_position", at: 40, 8, .reserved)

  /// From the first millisecond of 1970 to the last of 9999, so that it always has a date.
  static let transactionTimeContent = FieldContent.range(1, Instant.latest.milliseconds)

  /// In the order of their numbers.
  public static let fields = [
    frameLength, version, messageType, environment, flags, responseCode, traceNumber, software,
    terminal, transactionTime, operatorID, logPosition,
  ]
}
