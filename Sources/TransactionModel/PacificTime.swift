/// California's civil time: the program's days are California days, wherever the server runs.
///
/// Pacific Standard Time is UTC-8, daylight saving UTC-7. Daylight saving by the federal rules:
/// from 2007 second Sunday of March to first Sunday of November, from 1987 first Sunday of April
/// to last Sunday of October, from 1967 last Sunday of April to last Sunday of October; changes
/// at 02:00 local time. The exceptions of 1974 and 1975 and the years before 1967 are left out:
/// the program began in 1997. An instant after `Instant.latest` counts as that one.
public enum PacificTime {
  static let millisecondsPerHour: Int64 = 3_600_000
  static let millisecondsPerDay: Int64 = 86_400_000

  /// The California day that an instant falls on.
  public static func date(at instant: Instant) -> CalendarDate {
    let local = milliseconds(instant) + offsetMilliseconds(at: instant)
    return CalendarDate(dayNumber: Int32(floorDivide(local, by: millisecondsPerDay)))
  }

  /// Milliseconds since local midnight by the wall clock.
  public static func millisecondOfDay(at instant: Instant) -> Int64 {
    let local = milliseconds(instant) + offsetMilliseconds(at: instant)
    return local - floorDivide(local, by: millisecondsPerDay) * millisecondsPerDay
  }

  /// What is added to UTC to get local time: minus seven or minus eight hours.
  public static func offsetMilliseconds(at instant: Instant) -> Int64 {
    let standard = milliseconds(instant) - 8 * millisecondsPerHour
    let year = CalendarDate(dayNumber: Int32(floorDivide(standard, by: millisecondsPerDay))).year
    let (start, end) = daylightSaving(inYear: year)
    // 02:00 standard time begins it; 02:00 daylight time, 01:00 standard time, ends it.
    let startMilliseconds = Int64(start.dayNumber) * millisecondsPerDay + 2 * millisecondsPerHour
    let endMilliseconds = Int64(end.dayNumber) * millisecondsPerDay + millisecondsPerHour
    let isSaving = startMilliseconds <= standard && standard < endMilliseconds
    return (isSaving ? -7 : -8) * millisecondsPerHour
  }

  private static func milliseconds(_ instant: Instant) -> Int64 {
    Int64(min(instant, .latest).milliseconds)
  }

  private static func daylightSaving(
    inYear year: UInt32
  ) -> (start: CalendarDate, end: CalendarDate) {
    if year >= 2007 {
      return (
        sunday(onOrAfter: CalendarDate(trusted: year * 10_000 + 308)),
        sunday(onOrAfter: CalendarDate(trusted: year * 10_000 + 1101))
      )
    }
    let end = sunday(onOrAfter: CalendarDate(trusted: year * 10_000 + 1025))
    if year >= 1987 {
      return (sunday(onOrAfter: CalendarDate(trusted: year * 10_000 + 401)), end)
    }
    return (sunday(onOrAfter: CalendarDate(trusted: year * 10_000 + 424)), end)
  }

  private static func sunday(onOrAfter date: CalendarDate) -> CalendarDate {
    date.adding(days: Int32((7 - date.dayOfWeek) % 7))
  }

  private static func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
    value >= 0 ? value / divisor : (value - divisor + 1) / divisor
  }
}
