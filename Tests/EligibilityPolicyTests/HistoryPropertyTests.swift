import EligibilityPolicy
import Testing
import TransactionModel

/// A client's days as a plain set, beside the history that must agree with it.
private struct Model {
  var rules: PeriodRules
  var periods = noPeriods
  var today: CalendarDate
  /// The day numbers that have ever been given and not been taken away.
  var days: Set<Int32> = []
  /// How often something was done, so that a run that does nothing is noticed.
  var changeCount = 0

  /// Days that may be asked for, or still come.
  private func asked(_ days: Set<Int32>) -> Set<Int32> {
    let oldest = rules.oldestDateOfService(today).dayNumber
    return days.filter { $0 >= oldest }
  }

  mutating func certify(daysBack: Int32) {
    let date = today.adding(days: -daysBack)
    let before = days
    let beforeSpans = spans(periods)
    let made: EligibilityPeriod
    do throws(PeriodRefusal) {
      made =
        beforeSpans.isEmpty
        ? try rules.activate(&periods, certifiedOn: date, today: today)
        : try rules.recertify(&periods, certifiedOn: date, today: today)
    } catch {
      #expect(spans(periods) == beforeSpans, "refused with \(error), yet changed")
      return
    }
    changeCount += 1
    let given = Set(made.firstDay.dayNumber...made.lastDay.dayNumber)
    #expect(given.count == 365)
    let isCovered = before.contains(date.dayNumber)
    switch rules.earlyRenewal {
    case .dayAfterOldPeriod:
      #expect(given.isDisjoint(with: before), "a day is doubled")
      #expect(!isCovered || before.contains(made.firstDay.dayNumber - 1), "a day is lost")
      #expect(isCovered || made.firstDay >= date)
    case .dayOfRecertification:
      #expect(made.firstDay == date)
    }
    days = before.union(given)
    check()
  }

  mutating func deactivate(_ rule: DeactivationRule, in offset: Int32) {
    let effective = today.adding(days: offset)
    let beforeSpans = spans(periods)
    let outcome: DeactivationOutcome
    do throws(PeriodRefusal) {
      outcome = try rules.deactivate(&periods, by: rule, effective: effective, today: today)
    } catch {
      #expect(spans(periods) == beforeSpans)
      return
    }
    switch outcome {
    case .ended:
      changeCount += 1
      days = days.filter { $0 < effective.dayNumber }
    case .alreadyEnded:
      #expect(spans(periods) == beforeSpans)
    }
    check()
  }

  func check() {
    var held: Set<Int32> = []
    for index in periods.indices {
      let period = periods[index]
      if index > 0, period.kind != .unused {
        #expect(periods[index - 1].kind != .unused)
        #expect(periods[index - 1].firstDay <= period.firstDay)
      }
      guard !period.isEmpty else { continue }
      let own = Set(period.firstDay.dayNumber...period.lastDay.dayNumber)
      #expect(held.isDisjoint(with: own), "a day stands in two periods")
      held.formUnion(own)
    }
    #expect(asked(held) == asked(days))
    let waiting = periods.indices.filter { !periods[$0].isEmpty && today < periods[$0].firstDay }
    #expect(waiting.count <= 1)
    let oldest = rules.oldestDateOfService(today).dayNumber
    let wrong = (oldest...today.dayNumber).filter { number in
      let date = CalendarDate(dayNumber: number)
      return switch rules.answer(for: date, today: today, in: periods) {
      case .eligible(let period): !days.contains(number) || !period.contains(date)
      case .notEligible: days.contains(number)
      case .neverActivated, .dateOfServiceAhead, .dateOfServiceTooOld: true
      }
    }
    #expect(wrong.isEmpty)
  }
}

@Suite("A history, whatever happens to it")
struct HistoryPropertyTests {
  @Test(
    "neither doubles nor loses a day",
    arguments: UInt64(1)...12,
    [PeriodRules.EarlyRenewal.dayAfterOldPeriod, .dayOfRecertification])
  func random(seed: UInt64, earlyRenewal: PeriodRules.EarlyRenewal) throws {
    var generator = SeededGenerator(seed: seed)
    let rule = try #require(
      PolicyBook.compiledIn.deactivationRule(.notResident, .none, on: day(2026_01_01)))
    var model = Model(
      rules: PeriodRules(earlyRenewal: earlyRenewal, retroactiveMonths: 3), today: day(2022_11_11))
    for _ in 0..<60 {
      switch UInt8.random(in: 0..<8, using: &generator) {
      case 0..<5: model.certify(daysBack: .random(in: 0...3, using: &generator))
      default: model.deactivate(rule, in: .random(in: -40...40, using: &generator))
      }
      let step: Int32 = UInt8.random(in: 0..<4, using: &generator) == 0 ? 340 : 25
      model.today = model.today.adding(days: .random(in: 0...step, using: &generator))
    }
    #expect(model.changeCount > 10)
  }
}
