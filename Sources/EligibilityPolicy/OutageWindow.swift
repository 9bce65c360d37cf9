public import TransactionModel

/// Days on which clinics certified on paper, as declared by the office; both ends included.
public struct OutageWindow: Hashable, Sendable, BitwiseCopyable {
  public let firstDay: CalendarDate
  public let lastDay: CalendarDate

  public init(from firstDay: CalendarDate, through lastDay: CalendarDate) {
    precondition(firstDay <= lastDay, "an outage that ends before it begins")
    self.firstDay = firstDay
    self.lastDay = lastDay
  }

  public func contains(_ day: CalendarDate) -> Bool { firstDay <= day && day <= lastDay }
}

extension PeriodRules {
  /// Whether a certification of `day` may be entered by a transaction made on `visit`.
  ///
  /// A certification is entered on its day; later only if it was made in a declared outage; never
  /// before it was made.
  public func allowsCertification(
    of day: CalendarDate, enteredOn visit: CalendarDate, outages: [OutageWindow]
  ) -> Bool {
    if day == visit { return true }
    return day < visit && outages.contains { $0.contains(day) }
  }
}
