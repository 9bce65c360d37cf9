public import TransactionModel

/// What a history says of a date of service.
public enum PeriodAnswer: Hashable, Sendable, BitwiseCopyable {
  /// Eligible in this period, whose kind tells regular from retroactive.
  case eligible(EligibilityPeriod)
  /// Not eligible; with the latest period that began by that day (`.unused` for none), for the
  /// reason of its end.
  case notEligible(previous: EligibilityPeriod)
  /// No activation ever made a period.
  case neverActivated
  /// Refused: the date lies after today.
  case dateOfServiceAhead
  /// Refused: the date lies further back than may be asked.
  case dateOfServiceTooOld
}

extension PeriodRules {
  /// Whether the client is eligible on a date of service, asked today.
  ///
  /// The window is checked first, so that its refusal says nothing about the record.
  public func answer(
    for dateOfService: CalendarDate, today: CalendarDate, in periods: PeriodHistory
  ) -> PeriodAnswer {
    guard dateOfService <= today else { return .dateOfServiceAhead }
    guard dateOfService >= oldestDateOfService(today) else { return .dateOfServiceTooOld }
    guard periods[0].kind != .unused else { return .neverActivated }
    var previous = EligibilityPeriod.unused
    for index in 0..<EligibilityRecord.periodCount {
      let period = periods[index]
      if period.contains(dateOfService) { return .eligible(period) }
      if period.kind != .unused, period.firstDay <= dateOfService { previous = period }
    }
    return .notEligible(previous: previous)
  }

  /// The last regular period that has a day, running, waiting or over; `nil` for none.
  public func latestPeriod(in periods: PeriodHistory) -> EligibilityPeriod? {
    for index in (0..<EligibilityRecord.periodCount).reversed()
    where periods[index].kind == .regular && !periods[index].isEmpty {
      return periods[index]
    }
    return nil
  }

  /// The last regular period, an empty one too; `nil` for none.
  func latestRegular(in periods: PeriodHistory) -> EligibilityPeriod? {
    for index in (0..<EligibilityRecord.periodCount).reversed()
    where periods[index].kind == .regular {
      return periods[index]
    }
    return nil
  }
}

extension EligibilityPeriod {
  /// The days from `day` through the last, both included; 0 after it.
  public func daysLeft(on day: CalendarDate) -> UInt16 {
    isEmpty || day > lastDay
      ? 0 : UInt16(clamping: lastDay.dayNumber - max(day, firstDay).dayNumber + 1)
  }
}
