/// What the column `values` allows (clauses 1.10 and 6.3), for checking replies.
enum ValueRules {
  /// Why a field of a reply may not hold what it holds; `nil` when it may.
  static func fault(_ frame: [UInt8], _ row: FieldRow) -> String? {
    let bytes = Array(frame[row.range])
    if row.type == "zero" { return bytes.allSatisfy { $0 == 0 } ? nil : "is not zero" }
    let allowed = row.values.split(separator: "|").contains { rule in
      row.isNumber
        ? isNumberAllowed(Messages.number(frame, row), String(rule))
        : isTextAllowed(bytes, String(rule))
    }
    return allowed ? nil : "is not \(row.values)"
  }

  private static func isNumberAllowed(_ number: UInt64, _ rule: String) -> Bool {
    if rule == "any" { return true }
    if rule == "not 0" { return number != 0 }
    if rule == "day" { return isDay(number) }
    if rule.hasPrefix("bits 0x") {
      return UInt64(rule.dropFirst(7), radix: 16).map { number & ~$0 == 0 } ?? false
    }
    let bounds = rule.split(separator: ".", omittingEmptySubsequences: true).map { UInt64($0) }
    guard let first = bounds.first ?? nil, let last = bounds.last ?? nil else { return false }
    return (first...last).contains(number)
  }

  /// A day of the Gregorian calendar in the years 1600 to 9999 (5.2).
  static func isDay(_ number: UInt64) -> Bool {
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100)
    guard (1_600...9_999).contains(year), (1...12).contains(month) else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days: [UInt64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[Int(month) - 1]).contains(day)
  }

  private static func isTextAllowed(_ bytes: [UInt8], _ rule: String) -> Bool {
    switch rule {
    case "any": true
    case "blank": bytes.allSatisfy { $0 == 0x20 }
    case "0x20..0x7E": bytes.allSatisfy { (0x20...0x7E).contains($0) }
    case "UTF-8": String(validating: bytes, as: UTF8.self) != nil
    case "HAP": isHealthAccessNumber(bytes)
    case "BIC": bytes.count == 16 && bytes.suffix(2).allSatisfy { $0 == 0x20 }
    case "confirmation": isConfirmation(bytes)
    default: false
    }
  }

  /// Fourteen digits with a Luhn sum that ten divides (16.1).
  static func isHealthAccessNumber(_ bytes: [UInt8]) -> Bool {
    let digits = bytes.prefix(14).map { Int($0) - 0x30 }
    guard bytes.count == 16, bytes.suffix(2).allSatisfy({ $0 == 0x20 }),
      digits.allSatisfy((0...9).contains)
    else { return false }
    let sum = digits.reversed().enumerated().reduce(0) { sum, entry in
      let doubled = entry.element * 2
      return sum + (entry.offset % 2 == 0 ? entry.element : doubled > 9 ? doubled - 9 : doubled)
    }
    return sum % 10 == 0
  }

  /// Letters of the alphabet, a kind first, a check character last (13.7, 13.8).
  static func isConfirmation(_ bytes: [UInt8]) -> Bool {
    let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    let values = bytes.compactMap { alphabet.firstIndex(of: $0) }
    guard values.count == 14, bytes[0] == UInt8(ascii: "R") || bytes[0] == UInt8(ascii: "T")
    else { return false }
    let sum = values.prefix(13).enumerated().reduce(0) { sum, entry in
      let product = entry.element * (entry.offset % 2 == 0 ? 2 : 1)
      return sum + product / 32 + product % 32
    }
    return (sum + values[13]) % 32 == 0
  }
}
