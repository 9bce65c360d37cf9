import Testing
import TransactionModel

@testable import TransactionEngine

@Suite("The current day")
struct CurrentDayTests {
  @Test(
    "is California's at every quarter of an hour of two years, the nights of the change included",
    arguments: [2026, 2027] as [UInt32])
  func equalsPacificTime(year: UInt32) throws {
    var current = CurrentDay()
    let first = CalendarDate(trusted: year * 10_000 + 101)
    let start = UInt64(first.dayNumber) * 86_400_000
    for quarter in 0..<UInt64(366 * 96) {
      for millisecond in [0, 899_999] as [UInt64] {
        let now = Instant(milliseconds: start + quarter * 900_000 + millisecond)
        try #require(current.date(at: now) == PacificTime.date(at: now))
      }
    }
  }
}
