/// The number on a card: up to 16 characters, left-aligned, padded with spaces.
///
/// Two words in the order of the wire, so that equality and hashing cost two comparisons. It is
/// personal data: `description` shows the last four characters only.
@frozen
public struct CardNumber: Hashable, Sendable, BitwiseCopyable {
  public let high: UInt64
  public let low: UInt64

  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// No card: sixteen spaces.
  @inlinable
  public static var blank: CardNumber {
    CardNumber(high: 0x2020_2020_2020_2020, low: 0x2020_2020_2020_2020)
  }

  @inlinable public var isBlank: Bool { self == .blank }

  /// Takes 1 to 16 printable ASCII characters without spaces.
  public init?(_ text: some StringProtocol) {
    var bytes: [16 of UInt8] = .init(repeating: 0x20)
    var count = 0
    for byte in text.utf8 {
      guard count < 16, byte > 0x20, byte < 0x7F else { return nil }
      bytes[count] = byte
      count += 1
    }
    guard count > 0 else { return nil }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for index in 0..<8 {
      high = high << 8 | UInt64(bytes[index])
      low = low << 8 | UInt64(bytes[index + 8])
    }
    self.init(high: high, low: low)
  }

  /// The character at an index from 0 to 15, as ASCII.
  @inlinable
  public func byte(at index: Int) -> UInt8 {
    let word = index < 8 ? high : low
    return UInt8(truncatingIfNeeded: word >> UInt64((7 - index % 8) * 8))
  }

  /// How many characters stand before the padding.
  @inlinable
  public var characterCount: Int {
    var count = 16
    while count > 0, byte(at: count - 1) == 0x20 { count -= 1 }
    return count
  }

  /// The whole number: for receipts and replies to those who may see it, never for logs.
  public var revealed: String {
    String(decoding: (0..<characterCount).map(byte(at:)), as: UTF8.self)
  }
}

extension CardNumber: CustomStringConvertible, CustomDebugStringConvertible {
  /// The number with all but its last four characters hidden.
  public var description: String {
    let count = characterCount
    let hidden = max(0, count - 4)
    let shown = (hidden..<count).map(byte(at:))
    return String(repeating: "*", count: hidden) + String(decoding: shown, as: UTF8.self)
  }

  public var debugDescription: String { description }
}
