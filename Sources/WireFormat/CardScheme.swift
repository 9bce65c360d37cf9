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
  public let checkRule: CheckRule
  /// The lowest and the highest character at each place.
  private let lowest: CardNumber
  private let highest: CardNumber

  /// Health Access Programs cards: 13 digits of serial number and a Luhn digit.
  ///
  /// The program's own format is not public; this one is posd's.
  public static let healthAccess = CardScheme(
    name: "HAP", characterCount: 14, checkRule: .luhn,
    lowest: CardNumber(high: 0x3030_3030_3030_3030, low: 0x3030_3030_3030_2020),
    highest: CardNumber(high: 0x3939_3939_3939_3939, low: 0x3939_3939_3939_2020))

  /// Medi-Cal benefits identification cards: eight digits, a letter, a check digit whose rule is
  /// not public, and the date of issue as last digit of the year and day of the year.
  public static let benefits = CardScheme(
    name: "BIC", characterCount: 14, checkRule: .none,
    lowest: CardNumber(high: 0x3030_3030_3030_3030, low: 0x4130_3030_3030_2020),
    highest: CardNumber(high: 0x3939_3939_3939_3939, low: 0x5A39_3939_3939_2020))

  public static let all = [healthAccess, benefits]

  /// Whether a number keeps the rules of this scheme.
  @inline(__always)
  public func judge(_ number: CardNumber) -> Judgement {
    guard number.high.hasBytes(from: lowest.high, through: highest.high),
      number.low.hasBytes(from: lowest.low, through: highest.low)
    else { return .wrongForm }
    if case .luhn = checkRule, luhnSum(of: number) % 10 != 0 { return .wrongCheckDigit }
    return .valid
  }

  /// The Luhn sum of a number that has the form.
  ///
  /// The number of digits is even, so that those at even places, counted from the left, count
  /// double; a blank counts nothing, because it is taken for a zero.
  @inline(__always)
  private func luhnSum(of number: CardNumber) -> UInt64 {
    (number.high &- lowest.high).luhnSum + (number.low &- lowest.low).luhnSum
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

extension UInt64 {
  /// Whether each of its bytes lies between those of two others, all of them below 0x80.
  ///
  /// A byte with the top bit set, less one without, keeps that bit unless the second is larger; so
  /// no byte borrows from the one before it.
  fileprivate func hasBytes(from lowest: UInt64, through highest: UInt64) -> Bool {
    let tops: UInt64 = 0x8080_8080_8080_8080
    let isAtLeast = (self | tops) &- lowest
    let isAtMost = (highest | tops) &- (self & ~tops)
    return isAtLeast & isAtMost & ~self & tops == tops
  }

  /// The Luhn sum of eight digits from 0 to 9, of which the first counts double.
  fileprivate var luhnSum: UInt64 {
    // Four lanes of two bytes: a digit that counts double, and one that does not.
    let single = self & 0x00FF_00FF_00FF_00FF
    let doubled = (self >> 8 & 0x00FF_00FF_00FF_00FF) * 2
    // 118 makes the top bit of a byte of what is above 9.
    let isAbove = (doubled + 0x0076_0076_0076_0076) >> 7 & 0x0001_0001_0001_0001
    let sums = single + doubled - isAbove * 9
    return (sums &* 0x0001_0001_0001_0001) >> 48
  }
}
