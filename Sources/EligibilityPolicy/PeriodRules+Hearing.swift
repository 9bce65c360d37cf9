public import TransactionModel

extension PeriodRules {
  /// The period in which a client is eligible from a day on because a fair hearing said so.
  ///
  /// The one that holds the day; else a new one, which ends before the next begins, so that no day
  /// is doubled.
  public func decideByHearing(
    _ periods: inout PeriodHistory, from firstDay: CalendarDate, today: CalendarDate
  ) throws(PeriodRefusal) -> EligibilityPeriod {
    for index in 0..<EligibilityRecord.periodCount where periods[index].contains(firstDay) {
      return periods[index]
    }
    var period = regularPeriod(from: firstDay, certifiedOn: firstDay)
    for index in 0..<EligibilityRecord.periodCount
    where !periods[index].isEmpty && firstDay < periods[index].firstDay {
      period.lastDay = min(period.lastDay, periods[index].firstDay.adding(days: -1))
    }
    try insert(period, into: &periods, today: today)
    return period
  }
}
