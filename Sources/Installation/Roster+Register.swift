public import TransactionModel

// A roster as the register has it.

extension Roster {
  public var registeredProviders: [Provider] {
    providers.map { provider in
      Provider(
        id: provider.id, state: .active, firstDay: provider.firstDay, lastDay: provider.lastDay,
        name: Self.padded(provider.name))
    }
  }

  public var registeredSites: [Site] {
    sites.map { site in
      Site(
        id: site.id, provider: site.provider, role: site.role, state: .active,
        vouchesForOperators: site.vouchesForOperators, firstDay: site.firstDay,
        lastDay: site.lastDay, name: Self.padded(site.name))
    }
  }

  public var registeredTerminals: [Terminal] {
    sites.flatMap { site in
      site.terminals.map { Terminal(id: $0, site: site.id, state: .new) }
    }
  }

  public var registeredOperators: [Operator] {
    sites.flatMap { site in
      site.operators.map { member in
        guard let person = member.person else {
          return Operator(id: member.id, site: site.id, state: .active)
        }
        return Operator(
          id: member.id, site: site.id, state: .active, birthDate: person.birthDate,
          lastName: Self.padded(person.lastName), firstName: Self.padded(person.firstName))
      }
    }
  }

  public var registeredBlankCards: [BlankCardShipment] {
    sites.filter { $0.blankCardCount > 0 }.map {
      BlankCardShipment(site: $0.id, count: $0.blankCardCount)
    }
  }

  /// Shipped, unshipped and voided ranges, in the order of their serial numbers.
  public var registeredCards: [CardRange] {
    let nowhere = SiteID(rawValue: 0)
    func range(_ cards: CardSerials, _ site: SiteID, isVoided: Bool = false) -> CardRange {
      CardRange(firstSerial: cards.first, lastSerial: cards.last, site: site, isVoided: isVoided)
    }
    let shipped = sites.flatMap { site in site.cards.map { range($0, site.id) } }
    let ranges =
      shipped + unshipped.map { range($0, nowhere) }
      + voided.map { range($0, nowhere, isVoided: true) }
    return ranges.sorted { $0.firstSerial < $1.firstSerial }
  }

  /// The roster's reader has made sure that texts fit.
  private static func padded<let byteCount: Int>(_ text: String) -> InlineArray<byteCount, UInt8> {
    guard let padded = InlineArray<byteCount, UInt8>(padded: text) else {
      preconditionFailure("a text of the roster does not fit its field")
    }
    return padded
  }
}
