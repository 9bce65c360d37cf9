public import TransactionModel
import WireFormat

/// Why a text is no value of a field of the form; it never holds the text.
public struct FieldTextError: Error, Hashable, Sendable, CustomStringConvertible {
  public let field: ClientField
  /// What the field wants.
  public let wanted: String

  public var description: String { "\(field.name) wants \(wanted)" }
}

extension ClientField {
  /// The words for the numbers of a coded field, from 1 up (fields.csv); `nil` for other fields.
  public var valueWords: [String]? {
    switch self {
    case .sex: ["female", "male"]
    case .residence, .institution, .need, .confidentiality: ["yes", "no"]
    case .providerDetermination: ["eligible", "not-eligible"]
    case .incomeBasis: ["month", "average"]
    case .socialSecurityNumberReason: ["unknown", "none", "declined"]
    case .maritalStatus:
      ["never-married", "married", "partner", "separated", "divorced", "widowed"]
    case .mediCal:
      [
        "none", "full-scope", "share-of-cost-met", "share-of-cost-unmet", "limited-scope",
        "managed-care",
      ]
    case .otherCoverage:
      [
        "none", "covers", "without-contraceptives", "deductible-unmet", "copayment-only",
        "student-without-contraceptives",
      ]
    case .contactMethod: ["none", "mail", "telephone", "text", "email", "clinic"]
    case .lastName, .firstName, .middleName, .suffix, .nameAtBirth, .mothersFirstName,
      .placeOfBirth, .benefitsCard, .birthDate, .socialSecurityNumber, .zipCode, .monthlyIncome,
      .familySize, .liveBirths, .county, .raceEthnicity, .primaryLanguage:
      nil
    }
  }
}

extension ClientForm {
  /// Sets a field from what somebody typed: a text, a number, a date, or a word for a code.
  public mutating func set(
    _ field: ClientField, typed text: String
  ) throws(FieldTextError) {
    let layout = field.layout
    switch layout.content {
    case .text, .benefitsCard:
      guard !text.isEmpty, set(field, to: text) else {
        throw FieldTextError(
          field: field, wanted: "1 to \(layout.byteCount) bytes of text")
      }
    case .date:
      guard let date = CalendarDate(text: text) else {
        throw FieldTextError(field: field, wanted: "a date such as 1990-01-31")
      }
      set(field, to: date.yyyymmdd)
    case .county:
      try set(field, number: text, in: 1...99, "a county from 1 to 58, or 99")
    case .range(let lowest, let highest):
      if let words = field.valueWords, let index = words.firstIndex(of: text.lowercased()) {
        return set(field, to: UInt32(index + 1))
      }
      let wanted = field.valueWords.map { $0.joined(separator: ", ") }
      try set(
        field, number: Self.number(field, text), in: lowest...highest,
        wanted ?? "a number from \(lowest) to \(highest)")
    default:
      preconditionFailure("the form has no field of this kind")
    }
  }

  /// A field's value for the eyes of a clerk: of a social security number the last four digits.
  public func shown(_ field: ClientField) -> String? {
    let layout = field.layout
    if layout.content.isText { return text(field) }
    guard let value = number(field) else { return nil }
    switch field {
    case .birthDate: return CalendarDate(trusted: value).description
    case .socialSecurityNumber: return "***-**-\(Self.padded(value % 10_000, to: 4))"
    case .zipCode:
      let (zip, extra) = (Self.padded(value / 10_000, to: 5), value % 10_000)
      return extra == 0 ? zip : "\(zip)-\(Self.padded(extra, to: 4))"
    case .monthlyIncome: return "$\(value)"
    default:
      guard let words = field.valueWords, words.indices.contains(Int(value) - 1) else {
        return "\(value)"
      }
      return words[Int(value) - 1]
    }
  }

  private mutating func set(
    _ field: ClientField, number text: String, in range: ClosedRange<UInt64>, _ wanted: String
  ) throws(FieldTextError) {
    guard let number = UInt32(text), range.contains(UInt64(number)) else {
      throw FieldTextError(field: field, wanted: wanted)
    }
    set(field, to: number)
  }

  /// The digits of a number as people write it: 123-45-6789, and a ZIP code of five digits.
  private static func number(_ field: ClientField, _ text: String) -> String {
    switch field {
    case .socialSecurityNumber:
      let digits = text.filter { $0 != "-" }
      return digits.utf8.count == 9 ? digits : ""
    case .zipCode:
      let digits = text.filter { $0 != "-" }
      return digits.utf8.count == 5 ? digits + "0000" : digits.utf8.count == 9 ? digits : ""
    default:
      return text
    }
  }

  private static func padded(_ value: UInt32, to width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
