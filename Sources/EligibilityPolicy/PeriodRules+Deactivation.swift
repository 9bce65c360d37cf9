public import TransactionModel

/// What a deactivation did; with the period that it found.
public enum DeactivationOutcome: Hashable, Sendable, BitwiseCopyable {
  case ended(EligibilityPeriod)
  /// Nothing to end, or nothing that had not been ended so early before; no change.
  case alreadyEnded(EligibilityPeriod)
}

extension PeriodRules {
  /// Ends eligibility from `effective` on, the first day without it.
  ///
  /// Ends the running period and any waiting one; a period that would have no day left stays as
  /// an empty one, so that it is known. Days are only ever taken away: a second deactivation may
  /// end the period earlier, never later. Without a running or waiting period nothing changes,
  /// whatever the effective date.
  public func deactivate(
    _ periods: inout PeriodHistory, by rule: DeactivationRule, effective: CalendarDate,
    today: CalendarDate
  ) throws(PeriodRefusal) -> DeactivationOutcome {
    guard let latest = latestRegular(in: periods) else { throw .neverActivated }
    guard let first = firstOpenIndex(periods, today: today) else {
      return .alreadyEnded(latest)
    }
    guard rule.allows(effective, atVisitOn: today) else { throw .effectiveDateNotAllowed }
    let isWaiting = today < periods[first].firstDay
    guard isWaiting || periods[first].firstDay <= effective else {
      throw .effectiveDateNotAllowed
    }
    var hasChanged = false
    for index in first..<EligibilityRecord.periodCount where periods[index].kind == .regular {
      let lastDay = max(effective, periods[index].firstDay).adding(days: -1)
      let isCut = lastDay < periods[index].lastDay
      guard isCut || (index == first && periods[index].endReason == 0) else { continue }
      if isCut { periods[index].lastDay = lastDay }
      periods[index].endReason = rule.reason.rawValue
      periods[index].endSubReason = rule.subReason.rawValue
      hasChanged = true
    }
    return hasChanged ? .ended(periods[first]) : .alreadyEnded(periods[first])
  }

  /// The first regular period that has a day left, today or later.
  private func firstOpenIndex(_ periods: PeriodHistory, today: CalendarDate) -> Int? {
    for index in 0..<EligibilityRecord.periodCount where periods[index].kind == .regular {
      if !periods[index].isEmpty, today <= periods[index].lastDay { return index }
    }
    return nil
  }
}
