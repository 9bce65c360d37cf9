import TerminalClient
public import TransactionModel
import WireFormat

/// A certification form as JSON: the fields by their names in fields.csv, and `retroactive_months`.
///
/// A value is a number, a text as somebody would type it, or null to take the field away in an
/// update. Of the retroactive months the first is the month before certification; null is a month
/// that is not claimed.
public struct FormDocument: Sendable {
  public var client = ClientForm()
  public var claims: [RetroactiveClaim?] = [nil, nil, nil]

  private static let claimsName = "retroactive_months"

  public init() {}

  public init(json: [UInt8], file: String) throws(Mistakes) {
    var reader = JSONReader()
    do throws(Mistake) {
      let value = try JSONValue(parsing: json)
      let names = ClientField.allCases.map { $0.name.description } + [Self.claimsName]
      let members = reader.members(of: value, at: "", names: names) ?? [:]
      for field in ClientField.allCases {
        guard let value = members[field.name.description] else { continue }
        Self.set(field, to: value, in: &client, at: field.name.description, &reader)
      }
      readClaims(members[Self.claimsName], &reader)
    } catch {
      reader.report(error.place, error.wanted)
    }
    guard reader.mistakes.isEmpty else { throw Mistakes(file: file, reader.mistakes) }
  }

  /// Values never go into a mistake: they are the client's.
  private static func set(
    _ field: ClientField, to value: JSONValue, in client: inout ClientForm, at place: String,
    _ reader: inout JSONReader
  ) {
    let text: String
    switch value {
    case .null: return client.setClearing(field)
    case .string(let value): text = value
    case .integer(let value): text = "\(value)"
    case .bool, .number, .array, .object: return reader.report(place, "a text or number is wanted")
    }
    do throws(FieldTextError) {
      try client.set(field, typed: text)
    } catch {
      reader.report(place, "\(error.wanted) is wanted")
    }
  }

  private mutating func readClaims(_ value: JSONValue?, _ reader: inout JSONReader) {
    let elements = reader.elements(of: value, at: Self.claimsName)
    guard elements.count <= claims.count else {
      return reader.report(Self.claimsName, "at most \(claims.count) months are wanted")
    }
    for (slot, element) in elements.enumerated() where element.value != .null {
      claims[slot] = Self.claim(element.value, at: element.place, &reader)
    }
  }

  /// Reads a month through the form's own fields of the same names.
  private static func claim(
    _ value: JSONValue, at place: String, _ reader: inout JSONReader
  ) -> RetroactiveClaim? {
    let fields: [ClientField] = [
      .residence, .need, .institution, .mediCal, .otherCoverage, .familySize, .monthlyIncome,
    ]
    let names = fields.map { $0.name.description }
    guard let members = reader.members(of: value, at: place, names: names) else { return nil }
    var month = ClientForm()
    for field in fields {
      let fieldPlace = JSONReader.join(place, field.name.description)
      if let value = members[field.name.description], value != .null {
        set(field, to: value, in: &month, at: fieldPlace, &reader)
      } else {
        reader.report(fieldPlace, "missing")
      }
    }
    func isYes(_ field: ClientField) -> Bool { month.number(field) == 1 }
    guard let mediCal = month.number(.mediCal).flatMap({ MediCalStatus(rawValue: UInt8($0)) }),
      let other = month.number(.otherCoverage).flatMap({ OtherCoverage(rawValue: UInt8($0)) }),
      let familySize = month.number(.familySize), let income = month.number(.monthlyIncome)
    else { return nil }
    var flags: UInt8 = 0
    if isYes(.residence) { flags |= RetroactiveClaim.isResidentBit }
    if isYes(.need) { flags |= RetroactiveClaim.isInNeedBit }
    if isYes(.institution) { flags |= RetroactiveClaim.isInstitutionalisedBit }
    return RetroactiveClaim(
      flags: flags, mediCal: mediCal, otherCoverage: other, familySize: UInt8(familySize),
      monthlyIncome: income)
  }
}
