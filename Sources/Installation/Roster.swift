public import TransactionModel

/// The sites of an installation with their terminals, operators and cards.
public struct Roster: Hashable, Sendable {
  public var sites: [RosterSite]
  /// Printed cards that no site has.
  public var unshipped: [CardSerials]
  /// Cards that may never be used.
  public var voided: [CardSerials]

  public init(sites: [RosterSite], unshipped: [CardSerials] = [], voided: [CardSerials] = []) {
    self.sites = sites
    self.unshipped = unshipped
    self.voided = voided
  }
}

/// One site of a roster.
public struct RosterSite: Hashable, Sendable {
  public var id: SiteID
  /// At most 40 bytes of UTF-8.
  public var name: String
  public var role: Role
  public var firstDay: CalendarDate
  public var vouchesForOperators: Bool
  /// Whether a certificate is made with which its gateway speaks for all its terminals.
  public var hasGatewayCertificate: Bool
  public var terminals: [TerminalID]
  public var operators: [OperatorID]
  public var cards: [CardSerials]

  public init(
    id: SiteID, name: String, role: Role, firstDay: CalendarDate,
    vouchesForOperators: Bool = false, hasGatewayCertificate: Bool = false,
    terminals: [TerminalID] = [], operators: [OperatorID] = [], cards: [CardSerials] = []
  ) {
    self.id = id
    self.name = name
    self.role = role
    self.firstDay = firstDay
    self.vouchesForOperators = vouchesForOperators
    self.hasGatewayCertificate = hasGatewayCertificate
    self.terminals = terminals
    self.operators = operators
    self.cards = cards
  }
}

/// Consecutive card serial numbers, without check digits.
public struct CardSerials: Hashable, Sendable {
  public var first: UInt64
  /// At least 1.
  public var count: UInt64

  public init(first: UInt64, count: UInt64) {
    precondition(count > 0, "a range without cards")
    self.first = first
    self.count = count
  }

  public var last: UInt64 { first + count - 1 }
}

// MARK: As the register has them

extension Roster {
  public var registeredSites: [Site] {
    sites.map { site in
      var name = InlineArray<40, UInt8>(repeating: 0x20)
      for (index, byte) in site.name.utf8.prefix(40).enumerated() { name[index] = byte }
      return Site(
        id: site.id, role: site.role, state: .active,
        vouchesForOperators: site.vouchesForOperators, firstDay: site.firstDay, lastDay: .none,
        name: name)
    }
  }

  public var registeredTerminals: [Terminal] {
    sites.flatMap { site in
      site.terminals.map { Terminal(id: $0, site: site.id, state: .new) }
    }
  }

  public var registeredOperators: [Operator] {
    sites.flatMap { site in
      site.operators.map { Operator(id: $0, site: site.id, state: .active) }
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
}

extension Role {
  /// As it stands in rosters.
  public var name: String {
    switch self {
    case .enrollingClinic: "enrolling-clinic"
    case .inquiryOnly: "inquiry-only"
    case .helpDesk: "help-desk"
    case .office: "office"
    }
  }
}
