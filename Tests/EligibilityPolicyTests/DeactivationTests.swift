import EligibilityPolicy
import Testing
import TransactionModel

private let rules = PeriodRules.current

private func rule(
  _ reason: DeactivationReason, _ subReason: DeactivationSubReason = .none
) throws -> DeactivationRule {
  try #require(PolicyBook.compiledIn.deactivationRule(reason, subReason, on: day(2026_06_15)))
}

/// Activated on 2025-08-01, renewed early on 2026-06-10: runs to 2026-07-31, waits from 2026-08-01.
private func renewed() throws -> PeriodHistory {
  var periods = noPeriods
  _ = try rules.activate(&periods, certifiedOn: day(2025_08_01), today: day(2025_08_01))
  _ = try rules.recertify(&periods, certifiedOn: day(2026_06_10), today: day(2026_06_10))
  return periods
}

@Suite("A deactivation")
struct DeactivationTests {
  @Test("ends the running period on the eve of its effective date, and the waiting one whole")
  func endsBoth() throws {
    var periods = try renewed()
    let outcome = try rules.deactivate(
      &periods, by: rule(.mediCal, .pregnancy), effective: day(2026_06_16), today: day(2026_06_15))
    #expect(spans(periods) == [[2025_08_01, 2026_06_15], [2026_08_01, 2026_07_31]])
    #expect(outcome == .ended(periods[0]))
    #expect(periods[0].endReason == 5)
    #expect(periods[0].endSubReason == 1)
    #expect(periods[1].isEmpty)
    #expect(periods[1].endReason == 5)
    let answer = rules.answer(for: day(2026_06_16), today: day(2026_06_16), in: periods)
    #expect(answer == .notEligible(previous: periods[0]))
  }

  @Test("on the last day of a period still ends the one that waits")
  func lastDay() throws {
    var periods = try renewed()
    _ = try rules.deactivate(
      &periods, by: rule(.mediCal, .pregnancy), effective: day(2026_08_01), today: day(2026_07_31))
    #expect(spans(periods) == [[2025_08_01, 2026_07_31], [2026_08_01, 2026_07_31]])
    #expect(periods[0].endReason == 5)
  }

  @Test("that takes effect in the waiting period leaves the running one whole")
  func laterThanTheRunning() throws {
    var periods = try renewed()
    _ = try rules.deactivate(
      &periods, by: rule(.sterilized), effective: day(2026_08_20), today: day(2026_06_15))
    #expect(spans(periods) == [[2025_08_01, 2026_07_31], [2026_08_01, 2026_08_19]])
  }

  @Test("takes effect in the past down to the first day, and then leaves no day")
  func past() throws {
    var periods = try renewed()
    #expect(throws: PeriodRefusal.effectiveDateNotAllowed) {
      try rules.deactivate(
        &periods, by: rule(.notResident), effective: day(2025_07_31), today: day(2026_06_15))
    }
    #expect(try spans(periods) == spans(renewed()))
    _ = try rules.deactivate(
      &periods, by: rule(.notResident), effective: day(2025_08_01), today: day(2026_06_15))
    #expect(periods[0].isEmpty)
    #expect(periods[1].isEmpty)
    let answer = rules.answer(for: day(2026_06_15), today: day(2026_06_15), in: periods)
    #expect(answer == .notEligible(previous: periods[0]))
  }

  @Test("twice changes nothing, unless the second ends it earlier")
  func twice() throws {
    var periods = try renewed()
    func deactivate(_ effective: UInt32, today: UInt32) throws -> DeactivationOutcome {
      try rules.deactivate(
        &periods, by: rule(.otherCoverage), effective: day(effective), today: day(today))
    }
    _ = try deactivate(2026_07_01, today: 2026_06_15)
    let once = spans(periods)
    for (effective, today) in [
      (2026_07_01, 2026_06_15), (2026_07_20, 2026_06_15), (2026_07_01, 2026_07_01),
      (2026_06_01, 2026_07_01), (1990_01_01, 2026_07_01),
    ] as [(UInt32, UInt32)] {
      guard case .alreadyEnded(let period) = try deactivate(effective, today: today) else {
        Issue.record("\(effective) on \(today) is not idempotent")
        continue
      }
      #expect(period.kind == .regular)
      #expect(spans(periods) == once)
    }
    #expect(try deactivate(2026_06_20, today: 2026_06_16) == .ended(periods[0]))
    #expect(spans(periods)[0] == [2025_08_01, 2026_06_19])
  }

  @Test("without an activation before it is refused")
  func neverActivated() throws {
    var periods = noPeriods
    #expect(throws: PeriodRefusal.neverActivated) {
      try rules.deactivate(
        &periods, by: rule(.notResident), effective: day(2026_06_15), today: day(2026_06_15))
    }
  }

  @Test("may be followed by a recertification at any time, which doubles no day")
  func recertified() throws {
    var periods = noPeriods
    _ = try rules.activate(&periods, certifiedOn: day(2026_05_01), today: day(2026_05_01))
    _ = try rules.deactivate(
      &periods, by: rule(.sterilized), effective: day(2026_07_01), today: day(2026_06_15))
    #expect(rules.renewalOpens(for: periods[0]) == day(2026_05_01))
    var early = periods
    _ = try rules.recertify(&early, certifiedOn: day(2026_06_20), today: day(2026_06_20))
    #expect(spans(early) == [[2026_05_01, 2026_06_30], [2026_07_01, 2027_06_30]])
    _ = try rules.recertify(&periods, certifiedOn: day(2026_07_05), today: day(2026_07_05))
    #expect(spans(periods) == [[2026_05_01, 2026_06_30], [2026_07_05, 2027_07_04]])
  }

  @Test("that cuts a waiting period short lets nothing wait behind it")
  func cutWhileWaiting() throws {
    var periods = try renewed()
    _ = try rules.deactivate(
      &periods, by: rule(.sterilized), effective: day(2026_08_20), today: day(2026_06_15))
    #expect(throws: PeriodRefusal.renewalOpens(day(2026_08_01))) {
      try rules.recertify(&periods, certifiedOn: day(2026_07_31), today: day(2026_07_31))
    }
    _ = try rules.recertify(&periods, certifiedOn: day(2026_08_01), today: day(2026_08_01))
    #expect(spans(periods)[2] == [2026_08_20, 2027_08_19])
  }

  @Test("leaves retroactive months as they are")
  func retroactiveMonths() throws {
    var periods = noPeriods
    let date = day(2026_05_01)
    _ = try rules.activate(&periods, certifiedOn: date, today: date)
    _ = try rules.addRetroactive(slot: 1, to: &periods, certifiedOn: date, today: date)
    _ = try rules.deactivate(&periods, by: rule(.notResident), effective: date, today: date)
    #expect(spans(periods) == [[2026_04_01, 2026_04_30], [2026_05_01, 2026_04_30]])
    #expect(periods[0].endReason == 0)
  }
}

@Suite("The reasons for a deactivation")
struct DeactivationRuleTests {
  @Test(
    "are in force from their first day on",
    arguments: DeactivationReason.allCases, DeactivationSubReason.allCases)
  func inForce(reason: DeactivationReason, subReason: DeactivationSubReason) {
    func isInForce(_ date: UInt32) -> Bool {
      PolicyBook.compiledIn.deactivationRule(reason, subReason, on: day(date)) != nil
    }
    let isKnown = subReason == .none || reason == .mediCal
    let isNew = reason == .numberDeactivated
    #expect(isInForce(2026_06_15) == isKnown)
    #expect(isInForce(2025_01_01) == isKnown)
    #expect(isInForce(2024_12_31) == (isKnown && !isNew))
    #expect(isInForce(2001_03_01) == (isKnown && !isNew))
    #expect(!isInForce(1996_12_31))
  }

  @Test("are out of force after their last day")
  func outOfForce() {
    let rule = DeactivationRule(
      .mediCal, from: day(2026_01_01), through: day(2026_06_30), effectiveDays: 0...0)
    #expect(rule.isInForce(on: day(2026_06_30)))
    #expect(!rule.isInForce(on: day(2026_07_01)))
  }

  @Test(
    "bound the effective date",
    arguments: [
      (.mediCal, .pregnancy, 0, false), (.mediCal, .pregnancy, 1, true),
      (.mediCal, .pregnancy, 2, false), (.sterilized, .none, -1, false),
      (.sterilized, .none, 0, true), (.sterilized, .none, 90, true),
      (.sterilized, .none, 91, false), (.mediCal, .none, -30, true), (.mediCal, .none, 30, true),
    ] as [(DeactivationReason, DeactivationSubReason, Int32, Bool)])
  func effectiveDate(
    reason: DeactivationReason, subReason: DeactivationSubReason, days: Int32, isAllowed: Bool
  ) throws {
    let visit = day(2026_06_15)
    let rule = try rule(reason, subReason)
    #expect(rule.allows(visit.adding(days: days), atVisitOn: visit) == isAllowed)

    var periods = noPeriods
    _ = try rules.activate(&periods, certifiedOn: day(2026_05_01), today: day(2026_05_01))
    let effective = visit.adding(days: days)
    if isAllowed {
      _ = try rules.deactivate(&periods, by: rule, effective: effective, today: visit)
      #expect(periods[0].lastDay == effective.adding(days: -1))
    } else {
      #expect(throws: PeriodRefusal.effectiveDateNotAllowed) {
        try rules.deactivate(&periods, by: rule, effective: effective, today: visit)
      }
    }
  }
}
