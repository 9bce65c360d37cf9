import LinuxSystem
import TerminalClient
public import TransactionModel
import WireFormat

extension Roster {
  private static let nameByteCountMax = 40

  /// Reads a roster, and says everything that is wrong in it at once.
  ///
  /// In production an enrolling clinic's operators must have names and birth dates: without them
  /// nobody could tell that one certifies himself or herself.
  public init(
    json: [UInt8], file: String, environment: Environment = .test
  ) throws(Mistakes) {
    var reader = JSONReader()
    self.init(sites: [])
    do throws(Mistake) {
      let value = try JSONValue(parsing: json)
      if let members = reader.members(
        of: value, at: "", names: ["providers", "sites", "unshipped", "voided"])
      {
        read(members, needsPersons: environment == .production, &reader)
      }
    } catch {
      reader.report(error.place, error.wanted)
    }
    guard reader.mistakes.isEmpty else { throw Mistakes(file: file, reader.mistakes) }
  }

  private mutating func read(
    _ members: [String: JSONValue], needsPersons: Bool, _ reader: inout JSONReader
  ) {
    providers = Self.providers(members["providers"], &reader)
    let elements = reader.elements(of: members["sites"], at: "sites")
    if elements.isEmpty { reader.report("sites", "at least one site is wanted") }
    var taken = TakenNumbers()
    for element in elements {
      guard let site = Self.site(element.value, at: element.place, &taken, &reader) else {
        continue
      }
      checkProvider(of: site, at: element.place, &reader)
      if needsPersons, site.role == .enrollingClinic,
        site.operators.contains(where: { $0.person == nil })
      {
        reader.report(
          "\(element.place).operators", "name and birth date of each are wanted in production")
      }
      let today = PacificTime.date(at: Instant(milliseconds: WallClock.nowMilliseconds))
      for person in site.operators where (person.person?.birthDate ?? .none) > today {
        reader.report(
          "\(element.place).operators", "operator \(person.id.rawValue) has a birth date to come")
      }
      sites.append(site)
    }
    unshipped = Self.cards(members["unshipped"], at: "unshipped", &taken, &reader)
    voided = Self.cards(members["voided"], at: "voided", &taken, &reader)
  }

  private static func site(
    _ value: JSONValue, at place: String, _ taken: inout TakenNumbers, _ reader: inout JSONReader
  ) -> RosterSite? {
    let names = [
      "npi", "provider", "name", "role", "first_day", "last_day", "gateway_vouches",
      "gateway_certificate", "terminals", "operators", "cards", "blank_cards",
    ]
    guard let members = reader.members(of: value, at: place, names: names) else { return nil }
    func at(_ name: String) -> String { JSONReader.join(place, name) }
    let id = siteID(members["npi"], at: at("npi"), &taken, &reader)
    let name = name(members["name"], at: at("name"), &reader)
    let role = role(members["role"], at: at("role"), &reader)
    let firstDay = day(members["first_day"], at: at("first_day"), &reader)
    let vouches = reader.truth(members["gateway_vouches"], at: at("gateway_vouches"))
    let certificate = reader.truth(members["gateway_certificate"], at: at("gateway_certificate"))
    let terminals = numbers(
      members["terminals"], at: at("terminals"), of: "terminal", &taken.terminals, &reader)
    let operators = operators(
      members["operators"], at: at("operators"), &taken.operators, &reader)
    let lastDay = lastDay(members["last_day"], at: at("last_day"), &reader)
    let blanks = members["blank_cards"].map {
      reader.number($0, at: at("blank_cards"), in: 0...1_000_000) ?? 0
    }
    let provider = members["provider"].flatMap {
      reader.number($0, at: at("provider"), in: 1...UInt64.max)
    }
    let cards = cards(members["cards"], at: at("cards"), &taken, &reader)
    if let role, role != .enrollingClinic, !cards.isEmpty || blanks ?? 0 > 0 {
      reader.report(at("cards"), "only an enrolling clinic has cards")
    }
    guard let id, let name, let role, let firstDay else { return nil }
    return RosterSite(
      id: id, provider: ProviderID(rawValue: provider ?? 0), name: name, role: role,
      firstDay: firstDay, lastDay: lastDay, vouchesForOperators: vouches,
      hasGatewayCertificate: certificate, terminals: terminals.map(TerminalID.init(rawValue:)),
      operators: operators, cards: cards, blankCardCount: blanks ?? 0)
  }

  private static func siteID(
    _ value: JSONValue?, at place: String, _ taken: inout TakenNumbers, _ reader: inout JSONReader
  ) -> SiteID? {
    guard case .integer(let number)? = value else {
      reader.report(place, "a National Provider Identifier of ten digits is wanted")
      return nil
    }
    let id = SiteID(rawValue: number)
    guard id.hasValidCheckDigit else {
      reader.report(place, "\(number) fails the check digit of a National Provider Identifier")
      return nil
    }
    if let other = taken.sites.updateValue(place, forKey: number) {
      reader.report(place, "\(number) is at \(other) already")
    }
    return id
  }

  static func name(
    _ value: JSONValue?, at place: String, _ reader: inout JSONReader
  ) -> String? {
    guard let name = reader.text(value, at: place) else { return nil }
    let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    guard name.utf8.count <= nameByteCountMax, isPlain else {
      reader.report(place, "at most \(nameByteCountMax) bytes of plain text are wanted")
      return nil
    }
    return name
  }

  private static func role(
    _ value: JSONValue?, at place: String, _ reader: inout JSONReader
  ) -> Role? {
    if case .string(let text)? = value, let role = Role.allCases.first(where: { $0.name == text }) {
      return role
    }
    reader.report(place, "one of \(Role.allCases.map(\.name).joined(separator: ", ")) is wanted")
    return nil
  }

  static func day(
    _ value: JSONValue?, at place: String, _ reader: inout JSONReader
  ) -> CalendarDate? {
    if case .string(let text)? = value, let day = CalendarDate(text: text) { return day }
    reader.report(place, "a date such as \"2026-04-01\" is wanted")
    return nil
  }

  private static func numbers(
    _ value: JSONValue?, at place: String, of kind: String, _ taken: inout [UInt64: String],
    _ reader: inout JSONReader
  ) -> [UInt64] {
    reader.elements(of: value, at: place).compactMap { element in
      guard case .integer(let number) = element.value, number > 0 else {
        reader.report(element.place, "a \(kind) id, a number above 0, is wanted")
        return nil
      }
      if let other = taken.updateValue(element.place, forKey: number) {
        reader.report(element.place, "\(kind) \(number) is at \(other) already")
      }
      return number
    }
  }

  private static func cards(
    _ value: JSONValue?, at place: String, _ taken: inout TakenNumbers, _ reader: inout JSONReader
  ) -> [CardSerials] {
    reader.elements(of: value, at: place).compactMap { element in
      guard
        let members = reader.members(
          of: element.value, at: element.place, names: ["first_serial", "count"])
      else { return nil }
      let first = reader.number(
        members["first_serial"], at: element.place + ".first_serial",
        in: 1...CardScheme.serialMax)
      let count = reader.number(
        members["count"], at: element.place + ".count", in: 1...CardScheme.serialMax)
      guard let first, let count else { return nil }
      guard count <= CardScheme.serialMax - first + 1 else {
        reader.report(element.place, "the range ends above the last serial number")
        return nil
      }
      let cards = CardSerials(first: first, count: count)
      if let other = taken.cards.first(where: { $0.cards.overlaps(cards) }) {
        reader.report(element.place, "the range overlaps that at \(other.place)")
      }
      taken.cards.append((element.place, cards))
      return cards
    }
  }
}

extension CardSerials {
  fileprivate func overlaps(_ other: CardSerials) -> Bool {
    first <= other.last && other.first <= last
  }
}

/// Which numbers a roster has used so far, and where.
private struct TakenNumbers {
  var sites: [UInt64: String] = [:]
  var terminals: [UInt64: String] = [:]
  var operators: [UInt64: String] = [:]
  var cards: [(place: String, cards: CardSerials)] = []
}
