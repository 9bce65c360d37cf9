public import TransactionModel

extension PeriodRules {
  /// Makes the first period of a card: from the certification date on.
  ///
  /// `today` decides which old period may give up its place, if none is free.
  public func activate(
    _ periods: inout PeriodHistory, certifiedOn day: CalendarDate, today: CalendarDate
  ) throws(PeriodRefusal) -> EligibilityPeriod {
    if let latest = latestPeriod(in: periods), day <= latest.lastDay { throw .alreadyActive }
    if latestRegular(in: periods) != nil { throw .recertifyInstead }
    let period = regularPeriod(from: day, certifiedOn: day)
    try insert(period, into: &periods, today: today)
    return period
  }

  /// Makes a further period of a card.
  ///
  /// From the certification date on when the old period is over by then; otherwise the renewal
  /// must be open and the period waits or takes over, as `earlyRenewal` says.
  public func recertify(
    _ periods: inout PeriodHistory, certifiedOn day: CalendarDate, today: CalendarDate
  ) throws(PeriodRefusal) -> EligibilityPeriod {
    guard latestRegular(in: periods) != nil else { throw .neverActivated }
    // A claimed month of an ended period may lie behind the day of a paper certification.
    for index in 0..<EligibilityRecord.periodCount
    where periods[index].kind == .retroactive && day <= periods[index].lastDay {
      throw .renewalOpens(periods[index].certificationDate)
    }
    var changed = periods
    var firstDay = day
    if let latest = latestPeriod(in: periods), day <= latest.lastDay {
      let opens = renewalOpens(for: latest)
      guard opens <= day else { throw .renewalOpens(opens) }
      switch earlyRenewal {
      case .dayAfterOldPeriod: firstDay = latest.lastDay.adding(days: 1)
      case .dayOfRecertification: cut(&changed, from: day)
      }
    }
    let period = regularPeriod(from: firstDay, certifiedOn: day)
    try insert(period, into: &changed, today: today)
    periods = changed
    return period
  }

  /// The month that a slot stands for, 1 the month before certification; `nil` beyond the limit.
  public func retroactivePeriod(
    slot: Int32, certifiedOn day: CalendarDate
  ) -> EligibilityPeriod? {
    guard slot >= 1, slot <= retroactiveMonths else { return nil }
    let ofCertification = CalendarDate(trusted: day.yyyymmdd - day.day + 1)
    return EligibilityPeriod(
      firstDay: ofCertification.adding(months: -slot),
      lastDay: ofCertification.adding(months: 1 - slot).adding(days: -1),
      certificationDate: day, kind: .retroactive)
  }

  /// Adds a month before certification; `nil`, and nothing added, unless the client is new.
  ///
  /// To be called after `activate` with the same certification date.
  public func addRetroactive(
    slot: Int32, to periods: inout PeriodHistory, certifiedOn day: CalendarDate,
    today: CalendarDate
  ) throws(PeriodRefusal) -> EligibilityPeriod? {
    guard let month = retroactivePeriod(slot: slot, certifiedOn: day) else { return nil }
    for index in 0..<EligibilityRecord.periodCount where periods[index].kind != .unused {
      guard periods[index].certificationDate == day else { return nil }
      guard periods[index].firstDay != month.firstDay else { return nil }
    }
    try insert(month, into: &periods, today: today)
    return month
  }
}

extension PeriodRules {
  func regularPeriod(
    from firstDay: CalendarDate, certifiedOn day: CalendarDate
  ) -> EligibilityPeriod {
    EligibilityPeriod(
      firstDay: firstDay, lastDay: lastDay(from: firstDay), certificationDate: day, kind: .regular)
  }

  /// Ends every regular period on the eve of `day`, or leaves it empty.
  private func cut(_ periods: inout PeriodHistory, from day: CalendarDate) {
    for index in 0..<EligibilityRecord.periodCount
    where periods[index].kind == .regular && day <= periods[index].lastDay {
      periods[index].lastDay = max(day, periods[index].firstDay).adding(days: -1)
    }
  }

  /// Puts a period in its place, displacing an old one if none is free.
  func insert(
    _ period: EligibilityPeriod, into periods: inout PeriodHistory, today: CalendarDate
  ) throws(PeriodRefusal) {
    if periods[EligibilityRecord.periodCount - 1].kind != .unused {
      guard let displaced = displaceable(in: periods, today: today) else { throw .historyFull }
      for index in displaced..<(EligibilityRecord.periodCount - 1) {
        periods[index] = periods[index + 1]
      }
    }
    var place = EligibilityRecord.periodCount - 1
    while place > 0 {
      let before = periods[place - 1]
      if before.kind != .unused, before.firstDay <= period.firstDay { break }
      periods[place] = before
      place -= 1
    }
    periods[place] = period
  }

  /// The oldest period that can no longer be asked for; failing that, one that has no day.
  private func displaceable(in periods: PeriodHistory, today: CalendarDate) -> Int? {
    let oldest = oldestDateOfService(today)
    for index in 0..<EligibilityRecord.periodCount where periods[index].lastDay < oldest {
      return index
    }
    for index in 0..<EligibilityRecord.periodCount where periods[index].isEmpty {
      return index
    }
    return nil
  }
}
