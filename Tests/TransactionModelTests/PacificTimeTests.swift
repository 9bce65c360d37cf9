import Foundation
import Testing
import TransactionModel

@Suite("California's civil time")
struct PacificTimeTests {
  private static let hour: Int64 = 3_600_000

  private func losAngeles() throws -> TimeZone {
    try #require(TimeZone(identifier: "America/Los_Angeles"))
  }

  private func date(_ milliseconds: Int64) -> Date {
    Date(timeIntervalSince1970: TimeInterval(milliseconds) / 1000)
  }

  /// Midnight UTC of a day.
  private func midnight(_ yyyymmdd: UInt32) -> Int64 {
    Int64(CalendarDate(trusted: yyyymmdd).dayNumber) * 24 * Self.hour
  }

  private func offset(_ milliseconds: Int64) -> Int64 {
    PacificTime.offsetMilliseconds(at: Instant(milliseconds: UInt64(milliseconds)))
  }

  @Test(
    "changes in both nights of every year when the time zone does",
    arguments: 1987...2037 as ClosedRange<UInt32>)
  func changes(year: UInt32) throws {
    let zone = try losAngeles()
    var moment = midnight(year * 10_000 + 101)
    let end = midnight((year + 1) * 10_000 + 101)
    var changeCount = 0
    while let change = zone.nextDaylightSavingTimeTransition(after: date(moment)) {
      moment = Int64((change.timeIntervalSince1970 * 1000).rounded())
      guard moment < end else { break }
      changeCount += 1
      for distance: Int64 in [-Self.hour, -1000, -1, 0, 1, 1000, Self.hour] {
        let expected = Int64(zone.secondsFromGMT(for: date(moment + distance))) * 1000
        #expect(offset(moment + distance) == expected, "\(moment) + \(distance)")
      }
    }
    #expect(changeCount == 2)
  }

  @Test(
    "is what the time zone says at every hour of some years",
    arguments: [1987, 2006, 2007, 2026, 2037] as [UInt32])
  func hours(year: UInt32) throws {
    let zone = try losAngeles()
    var wrong: [Int64] = []
    let hours = stride(
      from: midnight(year * 10_000 + 101), to: midnight((year + 1) * 10_000 + 101),
      by: Int(Self.hour))
    for moment in hours {
      let expected = Int64(zone.secondsFromGMT(for: date(moment))) * 1000
      if offset(moment) != expected { wrong.append(moment) }
    }
    #expect(wrong.isEmpty)
  }

  @Test("divides the days at local midnight, in winter and in summer")
  func days() {
    for (day, hours) in [(2026_01_15, 8), (2026_07_15, 7), (2026_03_08, 8), (2026_11_01, 7)]
      as [(UInt32, Int64)]
    {
      let start = midnight(day) + hours * Self.hour
      let before = Instant(milliseconds: UInt64(start - 1))
      let at = Instant(milliseconds: UInt64(start))
      let date = CalendarDate(trusted: day)
      #expect(PacificTime.date(at: at) == date)
      #expect(PacificTime.date(at: before) == date.adding(days: -1))
      #expect(PacificTime.millisecondOfDay(at: at) == 0)
      #expect(PacificTime.millisecondOfDay(at: before) == 24 * Self.hour - 1)
    }
  }

  @Test("has a day for every instant that a number can name")
  func extremes() {
    #expect(PacificTime.date(at: .none) == CalendarDate(trusted: 1969_12_31))
    #expect(PacificTime.date(at: .latest) == CalendarDate(trusted: 9999_12_31))
    for milliseconds in [Instant.latest.milliseconds + 1, 1 << 63, UInt64.max] {
      let instant = Instant(milliseconds: milliseconds)
      #expect(PacificTime.date(at: instant) == CalendarDate(trusted: 9999_12_31))
      #expect(PacificTime.millisecondOfDay(at: instant) < 24 * Self.hour)
    }
  }
}
