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

/// A service address of a provider.
public struct Site: Sendable, BitwiseCopyable {
  public var id: SiteID
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
    id: SiteID, role: Role, state: RegisterState, vouchesForOperators: Bool,
    firstDay: CalendarDate, lastDay: CalendarDate, name: InlineArray<40, UInt8>
  ) {
    self.id = id
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
public struct Operator: Sendable, BitwiseCopyable {
  public var id: OperatorID
  public var site: SiteID
  public var state: RegisterState

  public init(id: OperatorID, site: SiteID, state: RegisterState) {
    self.id = id
    self.site = site
    self.state = state
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
