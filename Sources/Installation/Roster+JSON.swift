import TransactionModel

extension Roster {
  /// The roster as `init(json:file:)` reads it.
  public var json: JSONValue {
    .object([
      "providers": .array(providers.map(\.json)),
      "sites": .array(sites.map(\.json)),
      "unshipped": .array(unshipped.map(\.json)),
      "voided": .array(voided.map(\.json)),
    ])
  }
}

extension RosterProvider {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [
      "npi": .integer(id.rawValue), "name": .string(name),
      "first_day": .string(firstDay.description),
    ]
    if !lastDay.isNone { members["last_day"] = .string(lastDay.description) }
    return .object(members)
  }
}

extension RosterSite {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [
      "npi": .integer(id.rawValue),
      "name": .string(name),
      "role": .string(role.name),
      "first_day": .string(firstDay.description),
      "gateway_vouches": .bool(vouchesForOperators),
      "gateway_certificate": .bool(hasGatewayCertificate),
      "terminals": .array(terminals.map { .integer($0.rawValue) }),
      "operators": .array(operators.map(\.json)),
      "cards": .array(cards.map(\.json)),
      "blank_cards": .integer(blankCardCount),
    ]
    if provider.rawValue != 0 { members["provider"] = .integer(provider.rawValue) }
    if !lastDay.isNone { members["last_day"] = .string(lastDay.description) }
    return .object(members)
  }
}

extension RosterOperator {
  fileprivate var json: JSONValue {
    guard let person else { return .integer(id.rawValue) }
    return .object([
      "id": .integer(id.rawValue), "last_name": .string(person.lastName),
      "first_name": .string(person.firstName),
      "birth_date": .string(person.birthDate.description),
    ])
  }
}

extension CardSerials {
  fileprivate var json: JSONValue {
    .object(["first_serial": .integer(first), "count": .integer(count)])
  }
}
