/// A day of the Gregorian calendar, held as the decimal number YYYYMMDD; `none` is 0.
///
/// The decimal form orders like the calendar, and is the form of the wire and of the log.
@frozen
public struct CalendarDate: Comparable, Hashable, Sendable, BitwiseCopyable {
  public let yyyymmdd: UInt32

  /// Takes a number that is known to be a date, or 0.
  @inlinable public init(trusted yyyymmdd: UInt32) { self.yyyymmdd = yyyymmdd }

  /// Checks that the day exists; years from 1600 to 9999.
  @inlinable
  public init?(yyyymmdd: UInt32) {
    let year = yyyymmdd / 10_000
    let month = yyyymmdd / 100 % 100
    let day = yyyymmdd % 100
    guard year >= 1600, year <= 9999, month >= 1, month <= 12, day >= 1 else { return nil }
    // Every month has 28 days.
    guard day <= 28 || day <= Self.dayCount(ofMonth: month, inYear: year) else { return nil }
    self.yyyymmdd = yyyymmdd
  }

  @inlinable public static var none: CalendarDate { CalendarDate(trusted: 0) }
  @inlinable public var isNone: Bool { yyyymmdd == 0 }
  @inlinable public var year: UInt32 { yyyymmdd / 10_000 }
  @inlinable public var month: UInt32 { yyyymmdd / 100 % 100 }
  @inlinable public var day: UInt32 { yyyymmdd % 100 }

  @inlinable
  public static func < (lhs: CalendarDate, rhs: CalendarDate) -> Bool {
    lhs.yyyymmdd < rhs.yyyymmdd
  }

  @inlinable
  public static func isLeapYear(_ year: UInt32) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  @inlinable
  public static func dayCount(ofMonth month: UInt32, inYear year: UInt32) -> UInt32 {
    switch month {
    case 2: isLeapYear(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension CalendarDate {
  /// Days since 1970-01-01, negative before it.
  ///
  /// Years are counted from March, so that the leap day is the last of its year.
  public var dayNumber: Int32 {
    let shiftedYear = Int32(year) - (month <= 2 ? 1 : 0)
    let monthFromMarch = (Int32(month) + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + Int32(day) - 1
    let leapDays = shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400
    return shiftedYear * 365 + leapDays + dayOfYear - 719_468
  }

  /// The day that lies `dayNumber` days after 1970-01-01.
  public init(dayNumber: Int32) {
    let shifted = dayNumber + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    self.init(trusted: UInt32(year * 10_000 + month * 100 + day))
  }

  public func adding(days: Int32) -> CalendarDate {
    CalendarDate(dayNumber: dayNumber + days)
  }

  /// The same day of the month, `months` later; the month's last day where it has no such day.
  public func adding(months: Int32) -> CalendarDate {
    let monthCount = Int32(year) * 12 + Int32(month) - 1 + months
    let year = UInt32(monthCount / 12)
    let month = UInt32(monthCount % 12) + 1
    let day = min(day, Self.dayCount(ofMonth: month, inYear: year))
    return CalendarDate(trusted: year * 10_000 + month * 100 + day)
  }

  /// 0 is Sunday.
  public var dayOfWeek: UInt32 {
    let shifted = (dayNumber % 7 + 11) % 7
    return UInt32(shifted)
  }
}

extension CalendarDate: CustomStringConvertible {
  public var description: String {
    func padded(_ value: UInt32, to width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))"
  }
}
