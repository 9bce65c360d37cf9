public import TransactionModel

/// The program's rules as they hold from a day on, until the next set.
public struct PolicySet: Hashable, Sendable, BitwiseCopyable {
  /// The oldest ages, themselves allowed, in whole years.
  public struct AgeLimits: Hashable, Sendable, BitwiseCopyable {
    public let female: UInt32
    public let male: UInt32

    public init(female: UInt32, male: UInt32) {
      self.female = female
      self.male = male
    }

    func limit(for sex: Sex) -> UInt32 {
      switch sex {
      case .female: female
      case .male: male
      }
    }
  }

  /// What counts as a family's income: for the words of an explanation, the figure is declared.
  public enum IncomeCounted: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Of the basic family unit.
    case gross
    /// Of whoever files taxes together.
    case taxableHousehold
  }

  public let firstDay: CalendarDate
  /// The first eight bytes of the SHA-256 of its file.
  public let version: UInt64
  public let incomeCounted: IncomeCounted
  /// `nil` where the set prints no ages.
  public let ageLimits: AgeLimits?
  public let periods: PeriodRules

  public init(
    from firstDay: CalendarDate, version: UInt64, incomeCounted: IncomeCounted,
    ageLimits: AgeLimits?, periods: PeriodRules
  ) {
    self.firstDay = firstDay
    self.version = version
    self.incomeCounted = incomeCounted
    self.ageLimits = ageLimits
    self.periods = periods
  }
}

extension PolicySet {
  /// Every criterion that the client fails on a day, in order of precedence.
  ///
  /// Without an income limit income is not judged. Confidentiality (from spouse, partner or
  /// parent) lifts the two criteria of coverage and no other. Marital status, consent,
  /// citizenship and the social security number are no criteria.
  func failedCriteria(
    _ facts: EligibilityFacts, on day: CalendarDate, incomeLimit: UInt32?
  ) -> FailedCriteria {
    var failed: FailedCriteria = []
    if !facts.isResident { failed.insert(.residence) }
    if let incomeLimit, facts.monthlyIncome > incomeLimit { failed.insert(.income) }
    if !facts.isInNeed { failed.insert(.need) }
    if let ageLimits, facts.age(on: day) > ageLimits.limit(for: facts.sex) { failed.insert(.age) }
    if facts.isInstitutionalised { failed.insert(.institution) }
    if facts.mediCal.isInTheWay, !facts.wantsConfidentiality { failed.insert(.mediCal) }
    if facts.otherCoverage.isInTheWay, !facts.wantsConfidentiality { failed.insert(.otherCoverage) }
    return failed
  }
}

extension MediCalStatus {
  /// Whether it pays for family planning, so that the program does not.
  ///
  /// Share of cost counts as it stands on the date of service.
  fileprivate var isInTheWay: Bool {
    switch self {
    case .fullScope, .shareOfCostMet, .managedCare: true
    case .none, .shareOfCostUnmet, .limitedScopeWithoutFamilyPlanning: false
    }
  }
}

extension OtherCoverage {
  /// Whether it pays for family planning; a co-payment alone leaves it paying.
  ///
  /// A deductible counts as it stands on the date of service.
  fileprivate var isInTheWay: Bool {
    switch self {
    case .coversFamilyPlanning, .copaymentOnly: true
    case .none, .withoutContraceptives, .deductibleUnmet, .studentHealthWithoutContraceptives:
      false
    }
  }
}
