import Installation
import TransactionEngine
import TransactionModel

extension SharedEngine {
  /// A page of the register; `more` says whether there is another behind its last id.
  func page(_ part: RegisterPart, after id: UInt64, limit: Int) -> JSONValue {
    let entries =
      switch part {
      case .provider:
        providers(after: ProviderID(rawValue: id), limit: limit + 1).map(\.json)
      case .site: sites(after: SiteID(rawValue: id), limit: limit + 1).map(\.json)
      case .terminal: terminals(after: TerminalID(rawValue: id), limit: limit + 1).map(\.json)
      case .operator: operators(after: OperatorID(rawValue: id), limit: limit + 1).map(\.json)
      }
    return Self.page(entries, limit)
  }

  /// A page of the sites' cards.
  func cardReport(_ site: SiteID?, after id: UInt64, at now: Instant, limit: Int) -> JSONValue {
    let cards = cards(of: site, on: PacificTime.date(at: now))
    let rest = id == 0 ? cards : cards.filter { $0.site.rawValue > id }
    return Self.page(rest.prefix(limit + 1).map(\.json), limit)
  }

  private static func page(_ entries: [JSONValue], _ limit: Int) -> JSONValue {
    .object([
      "entries": .array(Array(entries.prefix(limit))), "more": .bool(entries.count > limit),
    ])
  }
}

extension Provider {
  var json: JSONValue {
    var members: [String: JSONValue] = [
      "id": .integer(id.rawValue), "state": .string("\(state)"), "name": .string(name.unpadded),
      "first_day": .string("\(firstDay)"),
    ]
    if !lastDay.isNone { members["last_day"] = .string("\(lastDay)") }
    return .object(members)
  }
}

extension Site {
  var json: JSONValue {
    var members: [String: JSONValue] = [
      "id": .integer(id.rawValue), "state": .string("\(state)"), "name": .string(name.unpadded),
      "role": .string(role.name), "first_day": .string("\(firstDay)"),
    ]
    if provider.rawValue != 0 { members["provider"] = .integer(provider.rawValue) }
    if !lastDay.isNone { members["last_day"] = .string("\(lastDay)") }
    if vouchesForOperators { members["gateway_vouches"] = .bool(true) }
    return .object(members)
  }
}

extension Terminal {
  var json: JSONValue {
    .object([
      "id": .integer(id.rawValue), "site": .integer(site.rawValue), "state": .string("\(state)"),
    ])
  }
}

extension Operator {
  var json: JSONValue {
    var members: [String: JSONValue] = [
      "id": .integer(id.rawValue), "site": .integer(site.rawValue), "state": .string("\(state)"),
    ]
    let (last, first) = (lastName.unpadded, firstName.unpadded)
    if !last.isEmpty { members["name"] = .string("\(last), \(first)") }
    return .object(members)
  }
}

extension SharedEngine {
  /// Some outages behind one; their ids count their declarations.
  func outagePage(after id: UInt64, limit: Int) -> JSONValue {
    let outages = outages
    let first = Int(min(id, UInt64(outages.count)))
    let end = min(outages.count, first + limit)
    return .object([
      "entries": .array((first..<end).map { outages[$0].json(id: UInt64($0 + 1)) }),
      "more": .bool(end < outages.count),
    ])
  }
}

extension OutageWindow {
  fileprivate func json(id: UInt64) -> JSONValue {
    var members: [String: JSONValue] = [
      "id": .integer(id), "from": .string("\(firstDay)"), "through": .string("\(lastDay)"),
    ]
    if !lastEntryDay.isNone { members["enter_by"] = .string("\(lastEntryDay)") }
    return .object(members)
  }
}

extension SiteCards {
  /// With the site's number as id; 0 is the store.
  var json: JSONValue {
    .object([
      "id": .integer(site.rawValue), "shipped": .integer(shipped),
      "activated": .integer(activated), "left": .integer(left), "voided": .integer(voided),
      "blanks_shipped": .integer(blanksShipped), "blanks_used": .integer(blanksUsed),
      "shipped_this_year": .integer(shippedThisYear),
      "blanks_shipped_this_year": .integer(blanksShippedThisYear),
    ])
  }
}
