import Support
import Testing
import TransactionModel
import WireFormat

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

  @Test("has begun for a change whose terminal is past midnight, a minute before the server")
  func aheadOverMidnight() throws {
    var line = Line(try FixtureEngine())
    // The fixture begins at ten in the morning: this is a minute to midnight.
    line.advance(milliseconds: 14 * 3_600_000 - 60_000)
    let tomorrow = Fixture.today.adding(days: 1)
    var step = line.step(Scene.activate(Fixture.card(0), on: tomorrow))
    step.header.transactionTime = Instant(milliseconds: line.time.milliseconds + 120_000)
    let outcome = try #require(try line.send(step).outcome)
    #expect(outcome.code == .activated && outcome.status == .eligible)
    #expect(outcome.daysLeft == 365 && outcome.hasAidCode)
  }
}
