public import TransactionModel

extension PeriodRules {
  /// Whether a certification of `day` may be entered by a transaction made on `visit`.
  ///
  /// A certification is entered on its day; later only if it was made in a declared outage; never
  /// before it was made.
  public func allowsCertification(
    of day: CalendarDate, enteredOn visit: CalendarDate, outages: [OutageWindow]
  ) -> Bool {
    if day == visit { return true }
    return day < visit && outages.contains { $0.allows(day, enteredOn: visit) }
  }
}
