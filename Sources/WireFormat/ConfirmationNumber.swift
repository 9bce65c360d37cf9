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
    var characters = InlineArray<14, UInt8>(repeating: kind.rawValue)
    for index in 0..<Self.digitCount {
      characters[1 + index] = Self.character(of: digit(at: index))
    }
    characters[13] = Self.character(of: checkDigit)
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
    guard characters[13] == Self.character(of: checkDigit) else { return nil }
  }

  private func digit(at index: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: permuted >> UInt64((Self.digitCount - 1 - index) * 5)) & 31
  }

  private var checkDigit: UInt8 {
    // The kind stands before the first digit, on a doubled place: 24 and 26 become 17 and 21.
    var sum = kind == .real ? 17 : 21
    for index in 0..<Self.digitCount {
      let weighted = Int(digit(at: index)) * (index % 2 == 1 ? 2 : 1)
      sum += weighted / 32 + weighted % 32
    }
    return UInt8((32 - sum % 32) % 32)
  }

  private static func character(of digit: UInt8) -> UInt8 {
    precondition(digit < 32, "a base 32 digit is below 32")
    // Digits, then letters with I, L, O and U stepped over. Added up, for the digits are random: a
    // branch on one would be guessed wrong half of the time.
    func step(_ first: UInt8) -> UInt8 { digit >= first ? 1 : 0 }
    return 0x30 + digit + 7 * step(10) + step(18) + step(20) + step(22) + step(27)
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

extension ConfirmationNumber: CustomStringConvertible {
  public var description: String {
    let characters = characters
    return String(decoding: (0..<Self.byteCount).map { characters[$0] }, as: UTF8.self)
  }
}
