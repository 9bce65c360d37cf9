import EligibilityPolicy
import Testing
import TransactionModel

private let rules = PeriodRules.current

private func period(
  _ first: UInt32, _ last: UInt32, _ kind: EligibilityPeriod.Kind = .regular
) -> EligibilityPeriod {
  EligibilityPeriod(
    firstDay: day(first), lastDay: day(last), certificationDate: day(first), kind: kind)
}

private func history(_ periods: EligibilityPeriod...) -> PeriodHistory {
  var history = noPeriods
  for (index, period) in periods.enumerated() { history[index] = period }
  return history
}

@Suite("An answer for a date of service")
struct InquiryTests {
  @Test("follows the program's example")
  func example() {
    let only = period(2001_02_04, 2002_02_03)
    let periods = history(only)
    func answer(_ date: UInt32) -> PeriodAnswer {
      rules.answer(for: day(date), today: day(date), in: periods)
    }
    #expect(answer(2001_02_03) == .notEligible(previous: .unused))
    #expect(answer(2001_02_04) == .eligible(only))
    #expect(answer(2002_02_03) == .eligible(only))
    #expect(answer(2002_02_04) == .notEligible(previous: only))
  }

  @Test(
    "is given for twelve calendar months back, up to today",
    arguments: [
      (2026_06_15, 2025_06_15), (2024_02_29, 2023_02_28), (2025_02_28, 2024_02_28),
      (2026_03_01, 2025_03_01), (2026_12_31, 2025_12_31),
    ] as [(UInt32, UInt32)])
  func window(today: UInt32, oldest: UInt32) {
    let ever = period(2000_01_01, 2099_12_31)
    let today = day(today)
    func answer(_ date: CalendarDate) -> PeriodAnswer {
      rules.answer(for: date, today: today, in: history(ever))
    }
    #expect(answer(today) == .eligible(ever))
    #expect(answer(today.adding(days: 1)) == .dateOfServiceAhead)
    #expect(answer(day(oldest)) == .eligible(ever))
    #expect(answer(day(oldest).adding(days: -1)) == .dateOfServiceTooOld)
  }

  @Test("is the same refusal for a card that was never activated")
  func refusedAlike() {
    let today = day(2026_06_15)
    func answer(_ date: CalendarDate) -> PeriodAnswer {
      rules.answer(for: date, today: today, in: noPeriods)
    }
    #expect(answer(today.adding(days: 1)) == .dateOfServiceAhead)
    #expect(answer(day(2025_06_14)) == .dateOfServiceTooOld)
    #expect(answer(today) == .neverActivated)
  }

  @Test("tells retroactive months from the regular period, and the gap between them")
  func retroactive() {
    let months = [
      period(2026_02_01, 2026_02_28, .retroactive), period(2026_04_01, 2026_04_30, .retroactive),
    ]
    let regular = period(2026_05_15, 2027_05_14)
    let periods = history(months[0], months[1], regular)
    func answer(_ date: UInt32) -> PeriodAnswer {
      rules.answer(for: day(date), today: day(2026_06_15), in: periods)
    }
    #expect(answer(2026_01_31) == .notEligible(previous: .unused))
    #expect(answer(2026_02_28) == .eligible(months[0]))
    #expect(answer(2026_03_01) == .notEligible(previous: months[0]))
    #expect(answer(2026_04_30) == .eligible(months[1]))
    #expect(answer(2026_05_14) == .notEligible(previous: months[1]))
    #expect(answer(2026_05_15) == .eligible(regular))
  }

  @Test("counts the days left, the day asked about and the last one included")
  func daysLeft() {
    let period = period(2026_05_15, 2027_05_14)
    #expect(period.daysLeft(on: day(2026_05_01)) == 365)
    #expect(period.daysLeft(on: day(2026_05_15)) == 365)
    #expect(period.daysLeft(on: day(2027_05_13)) == 2)
    #expect(period.daysLeft(on: day(2027_05_14)) == 1)
    #expect(period.daysLeft(on: day(2027_05_15)) == 0)
    #expect(EligibilityPeriod.unused.daysLeft(on: day(2027_05_15)) == 0)
  }
}
