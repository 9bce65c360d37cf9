import TransactionModel

// What a roster says of providers and of people.

extension Roster {
  static func providers(
    _ value: JSONValue?, _ reader: inout JSONReader
  ) -> [RosterProvider] {
    var providers: [RosterProvider] = []
    for (place, element) in reader.elements(of: value, at: "providers") {
      let names = ["npi", "name", "first_day", "last_day"]
      guard let members = reader.members(of: element, at: place, names: names) else { continue }
      func at(_ name: String) -> String { JSONReader.join(place, name) }
      let id = reader.number(members["npi"], at: at("npi"), in: 1...UInt64.max)
      let name = name(members["name"], at: at("name"), &reader)
      let firstDay = day(members["first_day"], at: at("first_day"), &reader)
      let lastDay = lastDay(members["last_day"], at: at("last_day"), &reader)
      guard let id, let name, let firstDay else { continue }
      if !SiteID(rawValue: id).hasValidCheckDigit {
        reader.report(at("npi"), "\(id) fails the check digit of a National Provider Identifier")
      }
      if providers.contains(where: { $0.id.rawValue == id }) {
        reader.report(at("npi"), "\(id) is there already")
      }
      providers.append(
        RosterProvider(
          id: ProviderID(rawValue: id), name: name, firstDay: firstDay, lastDay: lastDay))
    }
    return providers
  }

  /// Reports a site whose provider the roster has not.
  func checkProvider(of site: RosterSite, at place: String, _ reader: inout JSONReader) {
    guard site.provider.rawValue != 0, !providers.contains(where: { $0.id == site.provider })
    else { return }
    reader.report(
      "\(place).provider", "\(site.provider.rawValue) is not among the providers")
  }

  /// A day that may be left out.
  static func lastDay(
    _ value: JSONValue?, at place: String, _ reader: inout JSONReader
  ) -> CalendarDate {
    value.flatMap { day($0, at: place, &reader) } ?? .none
  }

  /// Plain numbers, or numbers with name and birth date.
  static func operators(
    _ value: JSONValue?, at place: String, _ taken: inout [UInt64: String],
    _ reader: inout JSONReader
  ) -> [RosterOperator] {
    var operators: [RosterOperator] = []
    for (place, element) in reader.elements(of: value, at: place) {
      var number = element
      var person: RosterOperator.Person?
      if case .object = element {
        guard let members = Self.person(element, at: place, &person, &reader) else { continue }
        number = members
      }
      guard case .integer(let id) = number, id > 0 else {
        reader.report(place, "an operator id, a number above 0, is wanted")
        continue
      }
      if let other = taken.updateValue(place, forKey: id) {
        reader.report(place, "operator \(id) is at \(other) already")
      }
      operators.append(RosterOperator(id: OperatorID(rawValue: id), person: person))
    }
    return operators
  }

  /// Reads a person, and gives the id.
  private static func person(
    _ element: JSONValue, at place: String, _ person: inout RosterOperator.Person?,
    _ reader: inout JSONReader
  ) -> JSONValue? {
    let names = ["id", "last_name", "first_name", "birth_date"]
    guard let members = reader.members(of: element, at: place, names: names) else { return nil }
    func text<let byteCount: Int>(
      _ name: String, _ reader: inout JSONReader, fitting: InlineArray<byteCount, UInt8>.Type
    ) -> String? {
      let at = JSONReader.join(place, name)
      guard let text = reader.text(members[name], at: at) else { return nil }
      if InlineArray<byteCount, UInt8>(padded: text) != nil { return text }
      reader.report(at, "at most \(byteCount) bytes of plain text are wanted")
      return nil
    }
    let lastName = text("last_name", &reader, fitting: InlineArray<32, UInt8>.self)
    let firstName = text("first_name", &reader, fitting: InlineArray<24, UInt8>.self)
    let birthDate = day(members["birth_date"], at: JSONReader.join(place, "birth_date"), &reader)
    if let lastName, let firstName, let birthDate {
      person = RosterOperator.Person(
        lastName: lastName, firstName: firstName, birthDate: birthDate)
    }
    return members["id"] ?? .null
  }
}
