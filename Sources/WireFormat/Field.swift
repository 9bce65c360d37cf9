public import TransactionModel

/// One field of a message: a row of Protocol/fields.csv.
///
/// The layouts give their fields as computed properties that can be inlined, so that where a field is
/// named, in whatever module, nothing is left of it but the numbers that are used.
public struct Field: Sendable, BitwiseCopyable {
  /// Unique within its message: a refusal names the field by it.
  ///
  /// Header fields are 1 to 12, body fields 20 and up, the client block 100 and up.
  public let number: UInt16
  /// Bytes from the start of the frame.
  public let offset: Int
  public let byteCount: Int
  public let content: FieldContent
  /// The field's bit in the presence map; `nil` where it is always present.
  public let presenceBit: UInt8?
  /// Whether the request is incomplete without it.
  public let isRequired: Bool
  /// Whether blank or all ones may stand in it, to take the value away.
  public let isClearable: Bool
  /// Its name in fields.csv.
  public let name: StaticString

  @inlinable
  init(
    _ number: UInt16, _ name: StaticString, at offset: Int, _ byteCount: Int,
    _ content: FieldContent, presenceBit: UInt8? = nil, isRequired: Bool = false,
    isClearable: Bool = false
  ) {
    self.number = number
    self.name = name
    self.offset = offset
    self.byteCount = byteCount
    self.content = content
    self.presenceBit = presenceBit
    self.isRequired = isRequired
    self.isClearable = isClearable
  }

  /// The bytes of the frame that the field occupies.
  @inlinable public var range: Range<Int> { offset..<(offset + byteCount) }
}
