import EligibilityPolicy
import TransactionModel

/// A day that is known to exist.
func day(_ yyyymmdd: UInt32) -> CalendarDate {
  guard let date = CalendarDate(yyyymmdd: yyyymmdd) else {
    preconditionFailure("\(yyyymmdd) is no date")
  }
  return date
}

extension EligibilityFacts {
  /// A client who fails nothing, on any day from 2001 on on which there is a table.
  static var eligible: EligibilityFacts {
    EligibilityFacts(
      isResident: true, isInNeed: true, isInstitutionalised: false, wantsConfidentiality: false,
      sex: .female, mediCal: .none, otherCoverage: .none, familySize: 3, monthlyIncome: 1_000,
      birthDate: day(1980_05_17))
  }

  /// The same client with some facts changed.
  func with(_ change: (inout EligibilityFacts) -> Void) -> EligibilityFacts {
    var facts = self
    change(&facts)
    return facts
  }
}

/// A generator that gives the same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension PeriodRules {
  /// The rules that hold from 2015-11-01 on.
  static var current: PeriodRules { PolicyBook.compiledIn.periodRules(on: day(2026_04_01)) }
}

/// A history without any period.
let noPeriods = PeriodHistory(repeating: .unused)

/// The first and last days of the periods in use, as numbers.
func spans(_ periods: PeriodHistory) -> [[UInt32]] {
  periods.indices.map { periods[$0] }.filter { $0.kind != .unused }
    .map { [$0.firstDay.yyyymmdd, $0.lastDay.yyyymmdd] }
}
