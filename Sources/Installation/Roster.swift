public import TransactionModel

/// The sites of an installation with their terminals, operators and cards.
public struct Roster: Hashable, Sendable {
  public var providers: [RosterProvider]
  public var sites: [RosterSite]
  /// Printed cards that no site has.
  public var unshipped: [CardSerials]
  /// Cards that may never be used.
  public var voided: [CardSerials]

  public init(
    providers: [RosterProvider] = [], sites: [RosterSite], unshipped: [CardSerials] = [],
    voided: [CardSerials] = []
  ) {
    self.providers = providers
    self.sites = sites
    self.unshipped = unshipped
    self.voided = voided
  }
}

/// An organisation whose sites a roster has.
public struct RosterProvider: Hashable, Sendable {
  public var id: ProviderID
  /// At most 40 bytes of UTF-8.
  public var name: String
  public var firstDay: CalendarDate
  /// None while the enrolment is open.
  public var lastDay: CalendarDate

  public init(
    id: ProviderID, name: String, firstDay: CalendarDate, lastDay: CalendarDate = .none
  ) {
    self.id = id
    self.name = name
    self.firstDay = firstDay
    self.lastDay = lastDay
  }
}

/// A person who works at the terminals of a site.
public struct RosterOperator: Hashable, Sendable {
  /// What tells a person from another one: nobody may certify himself or herself.
  public struct Person: Hashable, Sendable {
    /// At most 32 bytes of UTF-8.
    public var lastName: String
    /// At most 24 bytes of UTF-8.
    public var firstName: String
    public var birthDate: CalendarDate

    public init(lastName: String, firstName: String, birthDate: CalendarDate) {
      self.lastName = lastName
      self.firstName = firstName
      self.birthDate = birthDate
    }
  }

  public var id: OperatorID
  /// None where a plain number stands in the roster.
  public var person: Person?

  public init(id: OperatorID, person: Person? = nil) {
    self.id = id
    self.person = person
  }
}

/// One site of a roster.
public struct RosterSite: Hashable, Sendable {
  public var id: SiteID
  /// Whose site it is; none for a site that stands for itself.
  public var provider: ProviderID
  /// At most 40 bytes of UTF-8.
  public var name: String
  public var role: Role
  public var firstDay: CalendarDate
  /// None while the enrolment is open.
  public var lastDay: CalendarDate
  public var vouchesForOperators: Bool
  /// Whether a certificate is made with which its gateway speaks for all its terminals.
  public var hasGatewayCertificate: Bool
  public var terminals: [TerminalID]
  public var operators: [RosterOperator]
  public var cards: [CardSerials]
  /// Cards without a number, to replace lost ones.
  public var blankCardCount: UInt64

  public init(
    id: SiteID, provider: ProviderID = ProviderID(rawValue: 0), name: String, role: Role,
    firstDay: CalendarDate, lastDay: CalendarDate = .none, vouchesForOperators: Bool = false,
    hasGatewayCertificate: Bool = false, terminals: [TerminalID] = [],
    operators: [RosterOperator] = [], cards: [CardSerials] = [], blankCardCount: UInt64 = 0
  ) {
    self.id = id
    self.provider = provider
    self.name = name
    self.role = role
    self.firstDay = firstDay
    self.lastDay = lastDay
    self.vouchesForOperators = vouchesForOperators
    self.hasGatewayCertificate = hasGatewayCertificate
    self.terminals = terminals
    self.operators = operators
    self.cards = cards
    self.blankCardCount = blankCardCount
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
