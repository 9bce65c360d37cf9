public import TransactionModel

/// The periods of one record: in order of their first days, unused ones last, no day in two.
public typealias PeriodHistory = InlineArray<8, EligibilityPeriod>

/// How eligibility periods are reckoned: the parameters that a policy set may choose.
///
/// The arithmetic over a `PeriodHistory` is in the extensions. It consults no income table, so it
/// holds for periods older than any decision too. `today` is always the California day.
public struct PeriodRules: Hashable, Sendable, BitwiseCopyable {
  /// How long "twelve months" are; the two differ by a day where a February 29 lies in between.
  public enum Length: Hashable, Sendable, BitwiseCopyable {
    /// So many days, the last included.
    case days(Int32)
    /// To the eve of the same date next year.
    case calendarYear
  }

  /// Where a period begins that is made while the old one runs.
  public enum EarlyRenewal: Hashable, Sendable, BitwiseCopyable {
    /// The old period runs out, the new one follows.
    case dayAfterOldPeriod
    /// The new period begins at once, the old one ends on the eve.
    case dayOfRecertification
  }

  public var length: Length
  public var earlyRenewal: EarlyRenewal
  /// Calendar months after a period's first day at which its renewal opens.
  public var renewalOpensMonths: Int32
  /// Calendar months that a date of service may lie back.
  ///
  /// A period that ended longer ago gives up its place when a new one needs it.
  public var inquiryMonths: Int32
  /// Whole months before the month of certification that a new client may claim.
  public var retroactiveMonths: Int32

  public init(
    length: Length = .days(365), earlyRenewal: EarlyRenewal = .dayAfterOldPeriod,
    renewalOpensMonths: Int32 = 10, inquiryMonths: Int32 = 12, retroactiveMonths: Int32
  ) {
    self.length = length
    self.earlyRenewal = earlyRenewal
    self.renewalOpensMonths = renewalOpensMonths
    self.inquiryMonths = inquiryMonths
    self.retroactiveMonths = retroactiveMonths
  }

  /// The last day of a period that begins on `firstDay` and is not ended early.
  public func lastDay(from firstDay: CalendarDate) -> CalendarDate {
    switch length {
    case .days(let count): firstDay.adding(days: count - 1)
    case .calendarYear: firstDay.adding(months: 12).adding(days: -1)
    }
  }

  /// The oldest date of service that may be asked for.
  public func oldestDateOfService(_ today: CalendarDate) -> CalendarDate {
    today.adding(months: -inquiryMonths)
  }

  /// The day on which a period's renewal opens: at once, where it was ended early.
  ///
  /// Never before its first day, so that no more than one period waits.
  public func renewalOpens(for period: EligibilityPeriod) -> CalendarDate {
    period.firstDay.adding(months: period.endReason == 0 ? renewalOpensMonths : 0)
  }
}

/// Why a change of periods is refused; the history is as it was.
public enum PeriodRefusal: Error, Hashable, Sendable, BitwiseCopyable {
  /// Activating a card whose holder is eligible.
  case alreadyActive
  /// Activating a card whose holder was eligible once.
  case recertifyInstead
  /// Recertifying or deactivating where no activation came before.
  case neverActivated
  /// The running or waiting period may be renewed from this day on.
  case renewalOpens(CalendarDate)
  /// Every place holds a period that may still be asked for.
  case historyFull
  /// The reason does not allow this effective date, or it lies before the running period.
  case effectiveDateNotAllowed

  public var code: ResponseCode {
    switch self {
    case .alreadyActive: .alreadyActive
    case .recertifyInstead: .recertifyInstead
    case .neverActivated: .neverActivated
    // A full history has a free place once its oldest period is a year gone.
    case .renewalOpens, .historyFull: .recertificationTooEarly
    case .effectiveDateNotAllowed: .effectiveDateNotAllowed
    }
  }
}
