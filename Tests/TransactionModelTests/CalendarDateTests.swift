import Testing
import TransactionModel

@Suite("A calendar date")
struct CalendarDateTests {
  /// Every day of 1600 to 2400, made by counting.
  ///
  /// Calls `body` with the date as YYYYMMDD and the days since 1600-01-01.
  private func forEachDay(_ body: (UInt32, Int32) -> Bool) -> Bool {
    let dayCounts: [UInt32] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    var dayIndex: Int32 = 0
    for year in UInt32(1600)...2400 {
      let isLeapYear = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
      for month in UInt32(1)...12 {
        let dayCount = dayCounts[Int(month) - 1] + (month == 2 && isLeapYear ? 1 : 0)
        for day in 1...dayCount {
          guard body(year * 10_000 + month * 100 + day, dayIndex) else { return false }
          dayIndex += 1
        }
      }
    }
    return true
  }

  @Test("is its day number and back, one more for each day, from 1600 to 2400")
  func dayNumbers() {
    // 1600-01-01 lies 135,140 days before 1970-01-01, and was a Saturday.
    let first: Int32 = -135_140
    let agrees = forEachDay { yyyymmdd, dayIndex in
      guard let date = CalendarDate(yyyymmdd: yyyymmdd) else { return false }
      let dayNumber = first + dayIndex
      return date.dayNumber == dayNumber
        && CalendarDate(dayNumber: dayNumber) == date
        && date.dayOfWeek == UInt32((6 + dayIndex) % 7)
        && date.year * 10_000 + date.month * 100 + date.day == yyyymmdd
    }
    #expect(agrees)
    #expect(CalendarDate(trusted: 1970_01_01).dayNumber == 0)
  }

  @Test("exists only on days that exist, from 1600 to 2400")
  func existence() {
    var existing: Set<UInt32> = []
    _ = forEachDay { yyyymmdd, _ in
      existing.insert(yyyymmdd)
      return true
    }
    var wrong: [UInt32] = []
    for year in UInt32(1600)...2400 {
      for month in UInt32(0)...13 {
        for day in UInt32(0)...32 {
          let number = year * 10_000 + month * 100 + day
          let exists = CalendarDate(yyyymmdd: number) != nil
          if exists != existing.contains(number) { wrong.append(number) }
        }
      }
    }
    #expect(wrong.isEmpty)
  }

  @Test(
    "does not exist outside the years 1600 to 9999",
    arguments: [
      0, 1, 101, 1599_12_31, 10000_01_01, 2026_99_99, 99_999_999, 429_496_729, UInt32.max,
    ] as [UInt32])
  func outside(number: UInt32) {
    #expect(CalendarDate(yyyymmdd: number) == nil)
  }

  @Test("moves by months to the same day, or to the last day of a shorter month")
  func months() {
    var wrong: [String] = []
    for start in [2023_01_31, 2024_01_31, 2024_02_29, 2025_12_31, 2026_08_30] as [UInt32] {
      let date = CalendarDate(trusted: start)
      for months in Int32(-60)...60 {
        let moved = date.adding(months: months)
        let expectedMonth = Int32(date.year) * 12 + Int32(date.month) - 1 + months
        let lastDay = CalendarDate.dayCount(ofMonth: moved.month, inYear: moved.year)
        let isRight =
          Int32(moved.year) * 12 + Int32(moved.month) - 1 == expectedMonth
          && moved.day == min(date.day, lastDay)
          && CalendarDate(yyyymmdd: moved.yyyymmdd) != nil
        if !isRight { wrong.append("\(date) + \(months)") }
      }
    }
    #expect(wrong.isEmpty)
    #expect(CalendarDate(trusted: 2024_02_29).adding(months: 12).yyyymmdd == 2025_02_28)
    #expect(CalendarDate(trusted: 2025_03_31).adding(months: -1).yyyymmdd == 2025_02_28)
    #expect(CalendarDate(trusted: 2025_12_15).adding(months: 1).yyyymmdd == 2026_01_15)
  }

  @Test("moves by days over the ends of months and years")
  func days() {
    #expect(CalendarDate(trusted: 2024_02_28).adding(days: 1).yyyymmdd == 2024_02_29)
    #expect(CalendarDate(trusted: 2025_02_28).adding(days: 1).yyyymmdd == 2025_03_01)
    #expect(CalendarDate(trusted: 2026_01_01).adding(days: -1).yyyymmdd == 2025_12_31)
    #expect(CalendarDate(trusted: 2026_01_01).adding(days: 365).yyyymmdd == 2027_01_01)
  }

  @Test("is written with dashes")
  func description() {
    #expect("\(CalendarDate(trusted: 2026_04_01))" == "2026-04-01")
    #expect("\(CalendarDate.none)" == "0000-00-00")
  }
}
