public import TransactionModel

/// One reason to end eligibility, the days on which it may be given, and what dates it allows.
///
/// A code's meaning has changed over the years, and one code has two meanings told apart by the
/// sub-reason: hence a table, not a property of the code.
public struct DeactivationRule: Hashable, Sendable, BitwiseCopyable {
  public let reason: DeactivationReason
  public let subReason: DeactivationSubReason
  public let firstDay: CalendarDate
  /// None while it is open.
  public let lastDay: CalendarDate
  /// The first day without eligibility lies at least this many days after the visit; negative:
  /// before it.
  public let effectiveDaysMin: Int32
  /// The first day without eligibility lies at most this many days after the visit.
  public let effectiveDaysMax: Int32

  public init(
    _ reason: DeactivationReason, _ subReason: DeactivationSubReason = .none,
    from firstDay: CalendarDate, through lastDay: CalendarDate = .none,
    effectiveDays: ClosedRange<Int32>
  ) {
    self.reason = reason
    self.subReason = subReason
    self.firstDay = firstDay
    self.lastDay = lastDay
    effectiveDaysMin = effectiveDays.lowerBound
    effectiveDaysMax = effectiveDays.upperBound
  }

  public func isInForce(on day: CalendarDate) -> Bool {
    firstDay <= day && (lastDay.isNone || day <= lastDay)
  }

  /// Whether a visit on `visit` may take eligibility away from `effective` on.
  public func allows(_ effective: CalendarDate, atVisitOn visit: CalendarDate) -> Bool {
    let days = effective.dayNumber - visit.dayNumber
    return effectiveDaysMin <= days && days <= effectiveDaysMax
  }
}
