/// The data of a client's certification form: a presence map and the client block, byte for byte
/// as in the frames and in the log.
///
/// The block is canonical: an absent field's bytes are zero, texts are padded with spaces, numbers
/// are in network byte order. So two forms with the same data are equal, and a form goes from
/// frame to record to log as one copy.
@frozen
public struct ClientForm: Sendable, BitwiseCopyable {
  public static let blockByteCount = 216

  public var presence: UInt64
  public var block: InlineArray<216, UInt8>

  /// A form with no field present.
  @inlinable
  public init() {
    presence = 0
    block = InlineArray(repeating: 0)
  }

  /// Takes a block that has been checked against the presence map.
  @inlinable
  public init(presence: UInt64, block: InlineArray<216, UInt8>) {
    self.presence = presence
    self.block = block
  }

  @inlinable
  public func has(_ field: ClientField) -> Bool { presence & field.presenceBit != 0 }

  /// The value of a numeric field; `nil` when absent.
  @inlinable @inline(__always)
  public func number(_ field: ClientField) -> UInt32? {
    guard has(field) else { return nil }
    let layout = field.layout
    precondition(!layout.content.isText, "a text field was read as a number")
    let bytes = block.span
    var value: UInt32 = 0
    for index in 0..<layout.byteCount {
      value = value << 8 | UInt32(bytes[layout.offset + index])
    }
    return value
  }

  /// The value of a text field without its padding; `nil` when absent.
  public func text(_ field: ClientField) -> String? {
    guard has(field) else { return nil }
    let layout = field.layout
    precondition(layout.content.isText, "a numeric field was read as text")
    var end = layout.offset + layout.byteCount
    while end > layout.offset, block[end - 1] == 0x20 { end -= 1 }
    return String(decoding: (layout.offset..<end).map { block[$0] }, as: UTF8.self)
  }

  /// Sets a numeric field to a value that its size can hold.
  ///
  /// Whether the value means something is for the format's rules to say.
  public mutating func set(_ field: ClientField, to value: UInt32) {
    let layout = field.layout
    precondition(!layout.content.isText, "a text field was set to a number")
    precondition(
      UInt64(value) >> UInt64(layout.byteCount * 8) == 0, "a number is too large for its field")
    for index in 0..<layout.byteCount {
      let shift = UInt32((layout.byteCount - 1 - index) * 8)
      block[layout.offset + index] = UInt8(truncatingIfNeeded: value >> shift)
    }
    presence |= field.presenceBit
  }

  /// Sets a text field; `false`, and nothing set, when the UTF-8 does not fit.
  public mutating func set(_ field: ClientField, to value: String) -> Bool {
    let layout = field.layout
    precondition(layout.content.isText, "a numeric field was set to text")
    guard value.utf8.count <= layout.byteCount else { return false }
    for index in 0..<layout.byteCount { block[layout.offset + index] = 0x20 }
    for (index, byte) in value.utf8.enumerated() { block[layout.offset + index] = byte }
    presence |= field.presenceBit
    return true
  }

  public mutating func remove(_ field: ClientField) {
    let layout = field.layout
    for index in 0..<layout.byteCount { block[layout.offset + index] = 0 }
    presence &= ~field.presenceBit
  }

  /// Whether the field is present and says "take the value away": blank text, or all ones.
  public func isClearing(_ field: ClientField) -> Bool {
    has(field) && field.layout.isCleared(in: block.span)
  }

  /// Makes a field say "take the value away" in an update.
  public mutating func setClearing(_ field: ClientField) {
    let layout = field.layout
    let clearing: UInt8 = layout.content.isText ? 0x20 : 0xFF
    for index in 0..<layout.byteCount { block[layout.offset + index] = clearing }
    presence |= field.presenceBit
  }

  /// Applies an update: what is present replaces, what is clearing removes, the rest stays.
  public mutating func merge(_ update: ClientForm) {
    // One span for all: each subscript of an array within a parameter would copy the array.
    let source = update.block.span
    for field in ClientField.allCases where update.has(field) {
      let layout = field.layout
      if layout.isCleared(in: source) {
        remove(field)
      } else {
        for index in layout.offset..<(layout.offset + layout.byteCount) {
          block[index] = source[index]
        }
        presence |= field.presenceBit
      }
    }
  }
}

extension ClientForm: Equatable {
  public static func == (lhs: ClientForm, rhs: ClientForm) -> Bool {
    guard lhs.presence == rhs.presence else { return false }
    let (left, right) = (lhs.block.span, rhs.block.span)
    for index in left.indices where left[index] != right[index] { return false }
    return true
  }
}

extension ClientForm: CustomStringConvertible {
  /// Which fields are present: never their values.
  public var description: String {
    let names = ClientField.allCases.filter(has).map { "\($0)" }
    return "ClientForm(\(names.joined(separator: ", ")))"
  }
}

extension ClientField.Layout {
  /// Whether the field's bytes in a block are blank text, or all ones.
  fileprivate func isCleared(in block: Span<UInt8>) -> Bool {
    let clearing: UInt8 = content.isText ? 0x20 : 0xFF
    for index in offset..<(offset + byteCount) where block[index] != clearing { return false }
    return true
  }
}

extension FieldContent {
  /// Whether the field is padded with spaces, so that blank is its empty value.
  @inlinable
  public var isText: Bool {
    switch self {
    case .text, .ascii, .card, .benefitsCard, .cardOrBlank, .confirmationOrBlank: true
    case .number, .identifier, .range, .county, .bits, .date, .dateOrNone, .reserved, .opaque,
      .retroactiveClaim:
      false
    }
  }
}
