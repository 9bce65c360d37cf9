/// The number on a receipt that finds a transaction in the log: 14 characters.
///
/// One character for the kind (R real, T training), twelve in base 32 of the permuted log position,
/// and a check character: Luhn modulo 32 over the thirteen, which catches every single wrong
/// character and nearly every swap of neighbours. The digits are those of Crockford's base 32:
/// no I, L, O or U. R and T are digits too, 24 and 26.
public struct ConfirmationNumber: Hashable, Sendable, BitwiseCopyable {
  public enum Kind: UInt8, Sendable, BitwiseCopyable {
    case real = 0x52
    case training = 0x54
  }

  public static let byteCount = 14
  static let digitCount = 12

  public let kind: Kind
  /// The permuted position: 60 bits.
  public let permuted: UInt64

  public init(kind: Kind, permuted: UInt64) {
    precondition(permuted < 1 << 60, "a permuted position has 60 bits")
    self.kind = kind
    self.permuted = permuted
  }

  /// The fourteen ASCII characters.
  public var characters: InlineArray<14, UInt8> {
    let digits = Digits(permuted)
    var characters = InlineArray<14, UInt8>(repeating: kind.rawValue)
    var (first, last) = (Digits.characters(of: digits.first), Digits.characters(of: digits.last))
    for index in 0..<4 {
      characters[1 + index] = UInt8(truncatingIfNeeded: first)
      first >>= 8
    }
    for index in 4..<Self.digitCount {
      characters[1 + index] = UInt8(truncatingIfNeeded: last)
      last >>= 8
    }
    characters[13] = UInt8(
      truncatingIfNeeded: Digits.characters(of: UInt64(digits.checkDigit(kind))))
    return characters
  }

  /// Reads fourteen characters; `nil` when one is not of the alphabet or the check fails.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count == Self.byteCount else { return nil }
    var characters = InlineArray<14, UInt8>(repeating: 0)
    for (index, byte) in text.utf8.enumerated() { characters[index] = byte }
    self.init(characters: characters)
  }

  /// Takes fourteen ASCII characters; `nil` when one is not of the alphabet or the check fails.
  public init?(characters: InlineArray<14, UInt8>) {
    guard let kind = Kind(rawValue: characters[0]) else { return nil }
    var permuted: UInt64 = 0
    for index in 1...Self.digitCount {
      guard let digit = Self.digit(of: characters[index]) else { return nil }
      permuted = permuted << 5 | UInt64(digit)
    }
    self.init(kind: kind, permuted: permuted)
    let check = Self.digit(of: characters[13])
    guard check == Digits(permuted).checkDigit(kind) else { return nil }
  }

  private static func digit(of character: UInt8) -> UInt8? {
    switch character {
    case 0x30...0x39: character - 0x30
    case 0x41...0x48: character - 0x41 + 10
    case 0x4A...0x4B: character - 0x4A + 18
    case 0x4D...0x4E: character - 0x4D + 20
    case 0x50...0x54: character - 0x50 + 22
    case 0x56...0x5A: character - 0x56 + 27
    default: nil
    }
  }
}

/// The twelve digits, each in a byte, so that all of a word are worked on at once: the first four,
/// and the last eight, from the lowest byte on.
private struct Digits {
  let first: UInt64
  let last: UInt64

  init(_ permuted: UInt64) {
    first = Self.spread(permuted >> 40)
    last = Self.spread(permuted >> 20) | Self.spread(permuted) << 32
  }

  /// Four digits of five bits as the lower four bytes, the highest first.
  private static func spread(_ digits: UInt64) -> UInt64 {
    digits >> 15 & 31 | (digits >> 10 & 31) << 8 | (digits >> 5 & 31) << 16 | (digits & 31) << 24
  }

  private static func inEachByte(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }

  /// A one in each byte that holds a digit from `lowest` on.
  private static func reached(_ lowest: UInt64, by digits: UInt64) -> UInt64 {
    (digits &+ inEachByte(0x80 - lowest)) >> 7 & inEachByte(1)
  }

  /// Digits, then letters with I, L, O and U stepped over.
  static func characters(of digits: UInt64) -> UInt64 {
    inEachByte(0x30) &+ digits &+ 7 &* reached(10, by: digits) &+ reached(18, by: digits)
      &+ reached(20, by: digits) &+ reached(22, by: digits) &+ reached(27, by: digits)
  }

  /// What makes the sum of all digits, every second one doubled, a multiple of 32.
  ///
  /// Of a doubled digit both digits are added up: one more than its double, modulo 32, if it has
  /// two.
  func checkDigit(_ kind: ConfirmationNumber.Kind) -> UInt8 {
    let doubled: UInt64 = 0xFF00_FF00_FF00_FF00
    let once = first &+ last
    let again =
      (first &+ Self.reached(16, by: first) &+ last &+ Self.reached(16, by: last)) & doubled
    // Two bytes for each of four sums, and their sum in the highest two.
    let byTwos = (once &+ again) & ~doubled &+ (once &+ again) >> 8 & ~doubled
    let sum = (byTwos &* 0x0001_0001_0001_0001) >> 48
    // The kind stands before the first digit, on a doubled place: 24 and 26 become 17 and 21.
    return UInt8(truncatingIfNeeded: 0 &- (sum &+ (kind == .real ? 17 : 21))) & 31
  }
}

extension ConfirmationNumber: CustomStringConvertible {
  public var description: String {
    let characters = characters
    return String(decoding: (0..<Self.byteCount).map { characters[$0] }, as: UTF8.self)
  }
}
