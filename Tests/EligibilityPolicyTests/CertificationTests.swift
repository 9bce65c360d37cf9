import EligibilityPolicy
import Testing
import TransactionModel

private let rules = PeriodRules.current

/// A history that begins with one activation.
private func activated(_ date: UInt32) throws -> PeriodHistory {
  var periods = noPeriods
  _ = try rules.activate(&periods, certifiedOn: day(date), today: day(date))
  return periods
}

@Suite("A new period")
struct CertificationTests {
  @Test(
    "has 365 days, the last included, and a leap day takes one",
    arguments: [
      (2001_02_04, 2002_02_03), (2003_03_01, 2004_02_28), (2003_03_02, 2004_02_29),
      (2004_02_29, 2005_02_27), (2004_03_01, 2005_02_28), (2024_01_01, 2024_12_30),
      (2025_01_01, 2025_12_31), (1999_12_31, 2000_12_29), (2100_02_28, 2101_02_27),
    ] as [(UInt32, UInt32)])
  func length(first: UInt32, last: UInt32) throws {
    var periods = noPeriods
    let period = try rules.activate(&periods, certifiedOn: day(first), today: day(first))
    #expect(
      period
        == EligibilityPeriod(
          firstDay: day(first), lastDay: day(last), certificationDate: day(first), kind: .regular))
    #expect(spans(periods) == [[first, last]])
    #expect(period.daysLeft(on: day(first)) == 365)
  }

  @Test(
    "ends on the eve of the same date next year where the set says so",
    arguments: [
      (2001_02_04, 2002_02_03), (2003_03_01, 2004_02_29), (2003_03_02, 2004_03_01),
      (2004_02_29, 2005_02_27), (2024_01_01, 2024_12_31),
    ] as [(UInt32, UInt32)])
  func calendarYear(first: UInt32, last: UInt32) {
    let rules = PeriodRules(length: .calendarYear, retroactiveMonths: 3)
    #expect(rules.lastDay(from: day(first)) == day(last))
  }

  @Test("is refused by an activation while one runs or waits, and after one that is over")
  func activationOnce() throws {
    var periods = try activated(2026_05_01)
    for date in [2026_05_01, 2027_04_30] as [UInt32] {
      #expect(throws: PeriodRefusal.alreadyActive) {
        try rules.activate(&periods, certifiedOn: day(date), today: day(date))
      }
    }
    #expect(throws: PeriodRefusal.recertifyInstead) {
      try rules.activate(&periods, certifiedOn: day(2027_05_01), today: day(2027_05_01))
    }
    #expect(spans(periods) == [[2026_05_01, 2027_04_30]])
  }

  @Test("is refused by a recertification where no activation came before")
  func neverActivated() {
    var periods = noPeriods
    #expect(throws: PeriodRefusal.neverActivated) {
      try rules.recertify(&periods, certifiedOn: day(2026_05_01), today: day(2026_05_01))
    }
  }
}

@Suite("A recertification")
struct RecertificationTests {
  @Test(
    "opens ten calendar months after the first day",
    arguments: [
      (2024_03_05, 2025_01_05), (2026_04_30, 2027_02_28), (2027_04_30, 2028_02_29),
      (2026_01_01, 2026_11_01), (2026_12_31, 2027_10_31),
    ] as [(UInt32, UInt32)])
  func opens(first: UInt32, opens: UInt32) throws {
    var periods = try activated(first)
    #expect(rules.renewalOpens(for: periods[0]) == day(opens))
    let eve = day(opens).adding(days: -1)
    #expect(throws: PeriodRefusal.renewalOpens(day(opens))) {
      try rules.recertify(&periods, certifiedOn: eve, today: eve)
    }
    #expect(spans(periods).count == 1)
    _ = try rules.recertify(&periods, certifiedOn: day(opens), today: day(opens))
    #expect(spans(periods).count == 2)
  }

  @Test("that is early begins on the day after the old last day, and only one may wait")
  func early() throws {
    var periods = try activated(2024_03_05)
    for date in [2025_01_05, 2025_03_04] as [UInt32] {
      var renewed = periods
      let period = try rules.recertify(&renewed, certifiedOn: day(date), today: day(date))
      #expect(period.certificationDate == day(date))
      #expect(spans(renewed) == [[2024_03_05, 2025_03_04], [2025_03_05, 2026_03_04]])
    }
    _ = try rules.recertify(&periods, certifiedOn: day(2025_01_05), today: day(2025_01_05))
    #expect(throws: PeriodRefusal.renewalOpens(day(2026_01_05))) {
      try rules.recertify(&periods, certifiedOn: day(2025_03_04), today: day(2025_03_04))
    }
  }

  @Test("after a lapse begins at once")
  func lapsed() throws {
    for date in [2025_03_05, 2025_03_06, 2027_10_10] as [UInt32] {
      var periods = try activated(2024_03_05)
      let period = try rules.recertify(&periods, certifiedOn: day(date), today: day(date))
      #expect(period.firstDay == day(date))
      #expect(spans(periods).count == 2)
    }
  }

  @Test("that is early takes over at once where the set says so, and no day is in both")
  func takesOver() throws {
    let rules = PeriodRules(earlyRenewal: .dayOfRecertification, retroactiveMonths: 3)
    var periods = try activated(2024_03_05)
    _ = try rules.recertify(&periods, certifiedOn: day(2025_01_05), today: day(2025_01_05))
    #expect(spans(periods) == [[2024_03_05, 2025_01_04], [2025_01_05, 2026_01_04]])
  }

  @Test("on paper, dated before a period that runs by now, doubles no day")
  func backDated() throws {
    var periods = try activated(2025_01_10)
    _ = try rules.recertify(&periods, certifiedOn: day(2026_02_03), today: day(2026_02_03))
    #expect(throws: PeriodRefusal.renewalOpens(day(2026_12_03))) {
      try rules.recertify(&periods, certifiedOn: day(2026_02_01), today: day(2026_02_04))
    }
  }
}

@Suite("A full history")
struct FullHistoryTests {
  /// Eight periods, one a year, the first ending on 2019-05-01.
  private func full() throws -> PeriodHistory {
    var periods = try activated(2018_05_02)
    for year in 2019...2025 as ClosedRange<UInt32> {
      let date = day(year * 10_000 + 5_02)
      _ = try rules.recertify(&periods, certifiedOn: date, today: date)
    }
    return periods
  }

  @Test("gives up the oldest period for a ninth")
  func ninth() throws {
    var periods = try full()
    let seven = Array(spans(periods).dropFirst())
    #expect(seven.count == 7)
    _ = try rules.recertify(&periods, certifiedOn: day(2026_05_02), today: day(2026_05_02))
    #expect(spans(periods) == seven + [[2026_05_02, 2027_05_01]])
  }

  /// Eight periods within a year: each ended on the day after it began.
  private func crowded() throws -> PeriodHistory {
    let rule = try #require(
      PolicyBook.compiledIn.deactivationRule(.notResident, .none, on: day(2026_01_01)))
    var periods = try activated(2026_01_01)
    for place in 1...8 as ClosedRange<UInt32> {
      let next = day(2026_00_01 + place * 100).adding(days: 1)
      _ = try rules.deactivate(&periods, by: rule, effective: next, today: next)
      guard place < 8 else { break }
      let date = day(2026_00_01 + (place + 1) * 100)
      _ = try rules.recertify(&periods, certifiedOn: date, today: date)
    }
    return periods
  }

  @Test("gives up no period that may still be asked for")
  func noneDisplaced() throws {
    let crowded = try crowded()
    #expect(spans(crowded).count == 8)
    for date in [2026_08_03, 2027_01_01] as [UInt32] {
      var periods = crowded
      #expect(throws: PeriodRefusal.historyFull) {
        try rules.recertify(&periods, certifiedOn: day(date), today: day(date))
      }
      #expect(spans(periods) == spans(crowded))
    }
    // The first of them is the one day 2026-01-01, which nobody may ask for from 2027-01-02 on.
    var periods = crowded
    _ = try rules.recertify(&periods, certifiedOn: day(2027_01_02), today: day(2027_01_02))
    #expect(spans(periods) == Array(spans(crowded).dropFirst()) + [[2027_01_02, 2028_01_01]])
  }

  @Test("gives up a period without a day, however young")
  func emptyDisplaced() throws {
    var periods = try crowded()
    periods[5].lastDay = periods[5].firstDay.adding(days: -1)
    var expected = spans(periods)
    expected.remove(at: 5)
    _ = try rules.recertify(&periods, certifiedOn: day(2026_08_03), today: day(2026_08_03))
    #expect(spans(periods) == expected + [[2026_08_03, 2027_08_02]])
  }
}

@Suite("Months before certification")
struct RetroactiveMonthTests {
  @Test("are whole and precede the month of certification")
  func months() throws {
    var periods = try activated(2024_05_31)
    for slot in [2, 1, 3] as [Int32] {
      let month = try rules.addRetroactive(
        slot: slot, to: &periods, certifiedOn: day(2024_05_31), today: day(2024_05_31))
      #expect(month?.kind == .retroactive)
    }
    #expect(
      spans(periods) == [
        [2024_02_01, 2024_02_29], [2024_03_01, 2024_03_31], [2024_04_01, 2024_04_30],
        [2024_05_31, 2025_05_30],
      ])
  }

  @Test("reach into the year before")
  func yearBefore() {
    #expect(
      rules.retroactivePeriod(slot: 1, certifiedOn: day(2026_01_31))?.lastDay == day(2025_12_31))
    #expect(
      rules.retroactivePeriod(slot: 3, certifiedOn: day(2026_01_31))?.firstDay == day(2025_10_01))
  }

  @Test("are at most three, and none by the set of 2001")
  func limit() {
    let slots: [Int32] = [0, 1, 2, 3, 4]
    let isGiven = [2001_08_01, 2015_11_01].map { date in
      slots.map {
        PolicyBook.compiledIn.periodRules(on: day(date))
          .retroactivePeriod(slot: $0, certifiedOn: day(date)) != nil
      }
    }
    #expect(isGiven == [[false, false, false, false, false], [false, true, true, true, false]])
  }

  @Test("are for new clients only, and each once")
  func newClients() throws {
    var periods = try activated(2025_01_10)
    let date = day(2026_05_15)
    _ = try rules.recertify(&periods, certifiedOn: date, today: date)
    let before = spans(periods)
    #expect(
      try rules.addRetroactive(slot: 1, to: &periods, certifiedOn: date, today: date) == nil)
    #expect(spans(periods) == before)

    var new = try activated(2026_05_15)
    #expect(try rules.addRetroactive(slot: 1, to: &new, certifiedOn: date, today: date) != nil)
    #expect(try rules.addRetroactive(slot: 1, to: &new, certifiedOn: date, today: date) == nil)
  }
}
