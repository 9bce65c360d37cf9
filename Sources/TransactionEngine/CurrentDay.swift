import TransactionModel

/// The California day of an instant, worked out once an hour.
///
/// The clocks of server and terminals show about the same. Days begin, and daylight saving changes, on whole hours of UTC only, so within one of them the
/// date stays.
struct CurrentDay {
  private static let millisecondsPerHour: UInt64 = 3_600_000

  private var hour = UInt64.max
  private var day = CalendarDate.none

  mutating func date(at now: Instant) -> CalendarDate {
    let hour = now.milliseconds / Self.millisecondsPerHour
    if hour != self.hour {
      self.hour = hour
      day = PacificTime.date(at: now)
    }
    return day
  }
}
