public import TransactionModel

/// A family of card numbers: how long, of what characters, with what check rule.
public struct CardScheme: Sendable {
  public enum CheckRule: Sendable {
    /// The rule is not public, or there is none.
    case none
    /// The last digit makes the Luhn sum a multiple of ten (ISO/IEC 7812-1, annex B).
    case luhn
  }

  public enum Judgement: Sendable {
    case valid
    case wrongForm
    case wrongCheckDigit
  }

  public let name: StaticString
  public let characterCount: Int
  /// Which places hold a capital letter, one bit each from the left; the others hold a digit.
  let letterPlaces: UInt16
  public let checkRule: CheckRule

  /// Health Access Programs cards: 13 digits of serial number and a Luhn digit.
  ///
  /// The program's own format is not public; this one is posd's.
  public static let healthAccess = CardScheme(
    name: "HAP", characterCount: 14, letterPlaces: 0, checkRule: .luhn)

  /// Medi-Cal benefits identification cards: eight digits, a letter, a check digit whose rule is
  /// not public, and the date of issue as last digit of the year and day of the year.
  public static let benefits = CardScheme(
    name: "BIC", characterCount: 14, letterPlaces: 1 << 8, checkRule: .none)

  public static let all = [healthAccess, benefits]

  /// Whether a number keeps the rules of this scheme.
  public func judge(_ number: CardNumber) -> Judgement {
    var sum = 0
    for place in 0..<16 {
      let byte = number.byte(at: place)
      if place >= characterCount {
        guard byte == 0x20 else { return .wrongForm }
      } else if letterPlaces & (1 << UInt16(place)) != 0 {
        guard (0x41...0x5A).contains(byte) else { return .wrongForm }
      } else {
        guard (0x30...0x39).contains(byte) else { return .wrongForm }
        sum += Self.luhnWeight(Int(byte) - 0x30, placesFromEnd: characterCount - 1 - place)
      }
    }
    if case .luhn = checkRule, sum % 10 != 0 { return .wrongCheckDigit }
    return .valid
  }

  /// Whether a number keeps the rules of any scheme.
  public static func judge(_ number: CardNumber) -> Judgement {
    let judgement = healthAccess.judge(number)
    guard case .wrongForm = judgement else { return judgement }
    return benefits.judge(number)
  }

  private static func luhnWeight(_ digit: Int, placesFromEnd: Int) -> Int {
    guard placesFromEnd % 2 == 1 else { return digit }
    let doubled = digit * 2
    return doubled > 9 ? doubled - 9 : doubled
  }
}

// MARK: Serial numbers of health access cards

extension CardScheme {
  /// Serial numbers have 13 digits, leading zeros included.
  public static let serialMax: UInt64 = 9_999_999_999_999

  /// The serial number within a health access card number; `nil` for another scheme's number.
  public static func serial(of number: CardNumber) -> UInt64? {
    guard case .valid = healthAccess.judge(number) else { return nil }
    var serial: UInt64 = 0
    for place in 0..<13 { serial = serial * 10 + UInt64(number.byte(at: place) - 0x30) }
    return serial
  }

  /// The card number of a serial number, check digit added.
  public static func healthAccessNumber(serial: UInt64) -> CardNumber {
    precondition(serial <= serialMax, "a serial number has 13 digits")
    var characters: [14 of UInt8] = .init(repeating: 0x30)
    var rest = serial
    var sum = 0
    for place in stride(from: 12, through: 0, by: -1) {
      let digit = Int(rest % 10)
      rest /= 10
      characters[place] = UInt8(digit) + 0x30
      sum += luhnWeight(digit, placesFromEnd: 13 - place)
    }
    characters[13] = UInt8((10 - sum % 10) % 10) + 0x30
    var high: UInt64 = 0
    var low: UInt64 = 0
    for index in 0..<8 { high = high << 8 | UInt64(characters[index]) }
    for index in 8..<16 { low = low << 8 | UInt64(index < 14 ? characters[index] : 0x20) }
    return CardNumber(high: high, low: low)
  }
}
