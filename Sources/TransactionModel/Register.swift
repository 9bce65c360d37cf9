/// What a site may do.
public enum Role: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// Enrols, recertifies, updates and deactivates clients.
  case enrollingClinic = 1
  /// A pharmacy or a laboratory: inquires only, sees no demographics.
  case inquiryOnly = 2
  /// Helps terminals and operators; sees no client.
  case helpDesk = 3
  /// The program's office.
  case office = 4
}

/// Where a registered terminal, operator or site is in its life.
public enum RegisterState: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case new = 1
  case active = 2
  case suspended = 3
  case retired = 4

  /// Whether it may take part in transactions; the first one makes a new terminal a tested one.
  public var mayTransact: Bool { self == .new || self == .active }
}

/// An organisation that is enrolled in the program; a suspended one takes its sites with it.
public struct Provider: Sendable, BitwiseCopyable {
  public var id: ProviderID
  public var state: RegisterState
  public var firstDay: CalendarDate
  /// Last day of enrolment; none while it is open.
  public var lastDay: CalendarDate
  /// UTF-8, padded with spaces.
  public var name: InlineArray<40, UInt8>

  public init(
    id: ProviderID, state: RegisterState, firstDay: CalendarDate, lastDay: CalendarDate,
    name: InlineArray<40, UInt8>
  ) {
    self.id = id
    self.state = state
    self.firstDay = firstDay
    self.lastDay = lastDay
    self.name = name
  }

  /// Whether the provider is enrolled and not suspended on a day.
  public func isActive(on day: CalendarDate) -> Bool {
    state == .active && firstDay <= day && (lastDay.isNone || day <= lastDay)
  }
}

/// A service address of a provider.
public struct Site: Sendable, BitwiseCopyable {
  public var id: SiteID
  /// Whose site it is; none for a site that stands for itself.
  public var provider: ProviderID
  public var role: Role
  public var state: RegisterState
  /// Whether its gateway answers for who its operators are.
  public var vouchesForOperators: Bool
  public var firstDay: CalendarDate
  /// Last day of enrolment; none while it is open.
  public var lastDay: CalendarDate
  /// UTF-8, padded with spaces.
  public var name: InlineArray<40, UInt8>

  public init(
    id: SiteID, provider: ProviderID = ProviderID(rawValue: 0), role: Role, state: RegisterState,
    vouchesForOperators: Bool, firstDay: CalendarDate, lastDay: CalendarDate,
    name: InlineArray<40, UInt8>
  ) {
    self.id = id
    self.provider = provider
    self.role = role
    self.state = state
    self.vouchesForOperators = vouchesForOperators
    self.firstDay = firstDay
    self.lastDay = lastDay
    self.name = name
  }

  /// Whether the site is enrolled and not suspended on a day.
  public func isActive(on day: CalendarDate) -> Bool {
    state == .active && firstDay <= day && (lastDay.isNone || day <= lastDay)
  }
}

/// A card-reading terminal at a site.
public struct Terminal: Sendable, BitwiseCopyable {
  public var id: TerminalID
  public var site: SiteID
  public var state: RegisterState

  public init(id: TerminalID, site: SiteID, state: RegisterState) {
    self.id = id
    self.site = site
    self.state = state
  }
}

/// A person who may work at the terminals of a site.
///
/// Name and birth date are there because nobody may certify himself or herself.
public struct Operator: Sendable, BitwiseCopyable {
  public var id: OperatorID
  public var site: SiteID
  public var state: RegisterState
  /// None where the register does not know it.
  public var birthDate: CalendarDate
  /// UTF-8, padded with spaces, as in the client block.
  public var lastName: InlineArray<32, UInt8>
  /// UTF-8, padded with spaces, as in the client block.
  public var firstName: InlineArray<24, UInt8>

  public init(
    id: OperatorID, site: SiteID, state: RegisterState, birthDate: CalendarDate = .none,
    lastName: InlineArray<32, UInt8> = InlineArray(repeating: 0x20),
    firstName: InlineArray<24, UInt8> = InlineArray(repeating: 0x20)
  ) {
    self.id = id
    self.site = site
    self.state = state
    self.birthDate = birthDate
    self.lastName = lastName
    self.firstName = firstName
  }
}

/// What an operator's secret is checked against: a keyed digest, never the secret.
public struct OperatorSecret: Sendable, BitwiseCopyable {
  public var `operator`: OperatorID
  public var digest: UInt128
  /// When the office gave it out, for one use; none for a secret that the operator chose.
  public var issued: Instant

  public init(operator: OperatorID, digest: UInt128, issued: Instant) {
    self.operator = `operator`
    self.digest = digest
    self.issued = issued
  }
}

/// Cards without a number that were shipped to a site, to replace lost ones.
public struct BlankCardShipment: Sendable, BitwiseCopyable {
  public var site: SiteID
  public var count: UInt64

  public init(site: SiteID, count: UInt64) {
    self.site = site
    self.count = count
  }
}

/// Days on which clinics certified on paper, as declared by the office; both ends included.
public struct OutageWindow: Hashable, Sendable, BitwiseCopyable {
  public let firstDay: CalendarDate
  public let lastDay: CalendarDate
  /// The last day on which such certifications may be entered; none: without limit.
  public let lastEntryDay: CalendarDate

  public init(
    from firstDay: CalendarDate, through lastDay: CalendarDate,
    enteredBy lastEntryDay: CalendarDate = .none
  ) {
    precondition(firstDay <= lastDay, "an outage that ends before it begins")
    self.firstDay = firstDay
    self.lastDay = lastDay
    self.lastEntryDay = lastEntryDay
  }

  /// Whether another is of the same days, and says something else of their entry at most.
  public func hasSameDays(as other: OutageWindow) -> Bool {
    firstDay == other.firstDay && lastDay == other.lastDay
  }

  public func contains(_ day: CalendarDate) -> Bool { firstDay <= day && day <= lastDay }

  /// Whether a certification of `day` may be entered on `visit`.
  public func allows(_ day: CalendarDate, enteredOn visit: CalendarDate) -> Bool {
    contains(day) && (lastEntryDay.isNone || visit <= lastEntryDay)
  }
}

/// Consecutive card serial numbers and the site that they were shipped to.
public struct CardRange: Sendable, BitwiseCopyable {
  /// The number without its check digit.
  public var firstSerial: UInt64
  public var lastSerial: UInt64
  /// Where the cards are; 0 while they are not shipped.
  public var site: SiteID
  /// Whether the cards may never be used.
  public var isVoided: Bool

  public init(firstSerial: UInt64, lastSerial: UInt64, site: SiteID, isVoided: Bool) {
    self.firstSerial = firstSerial
    self.lastSerial = lastSerial
    self.site = site
    self.isVoided = isVoided
  }
}
