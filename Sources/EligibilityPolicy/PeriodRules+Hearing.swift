public import TransactionModel

extension PeriodRules {
  /// The period in which a client is eligible from a day on because a fair hearing said so.
  ///
  /// The regular one that holds the day, or would if it had not been ended early, to its full end;
  /// else a new one. Either ends before the next begins, so that no day is doubled.
  public func decideByHearing(
    _ periods: inout PeriodHistory, from firstDay: CalendarDate, today: CalendarDate
  ) throws(PeriodRefusal) -> EligibilityPeriod {
    for index in 0..<EligibilityRecord.periodCount where periods[index].kind == .regular {
      var period = periods[index]
      let fullLastDay = lastDay(from: period.firstDay)
      guard period.firstDay <= firstDay, firstDay <= fullLastDay else { continue }
      if period.endReason == 0 {
        if period.contains(firstDay) { return period }
        continue
      }
      period.lastDay = fullLastDay
      period.endReason = 0
      period.endSubReason = 0
      periods[index] = cut(period, beforeNextIn: periods)
      return periods[index]
    }
    let period = cut(regularPeriod(from: firstDay, certifiedOn: firstDay), beforeNextIn: periods)
    try insert(period, into: &periods, today: today)
    return period
  }

  /// The period as it can be without a day in common with a later one.
  private func cut(
    _ period: EligibilityPeriod, beforeNextIn periods: PeriodHistory
  ) -> EligibilityPeriod {
    var period = period
    for index in 0..<EligibilityRecord.periodCount
    where !periods[index].isEmpty && period.firstDay < periods[index].firstDay {
      period.lastDay = min(period.lastDay, periods[index].firstDay.adding(days: -1))
    }
    return period
  }
}
