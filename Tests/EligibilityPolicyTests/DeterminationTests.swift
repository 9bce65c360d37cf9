import EligibilityPolicy
import Testing
import TransactionModel

private let book = PolicyBook.compiledIn

/// One way to fail each criterion, in order of precedence.
private let failures:
  [(
    criterion: FailedCriteria, code: ResponseCode, fail: @Sendable (inout EligibilityFacts) -> Void
  )] =
    [
      (.residence, .ineligibleResidence, { $0.isResident = false }),
      (.income, .ineligibleIncome, { $0.monthlyIncome = 1_000_000 }),
      (.need, .ineligibleNeed, { $0.isInNeed = false }),
      (.age, .ineligibleAge, { $0.birthDate = day(1930_01_01) }),
      (.institution, .ineligibleInstitution, { $0.isInstitutionalised = true }),
      (.mediCal, .ineligibleMediCal, { $0.mediCal = .fullScope }),
      (.otherCoverage, .ineligibleOtherCoverage, { $0.otherCoverage = .coversFamilyPlanning }),
    ]

/// A client who fails just the criteria whose bits are set.
private func client(failing bits: Int) -> (facts: EligibilityFacts, failed: FailedCriteria) {
  var facts = EligibilityFacts.eligible
  var failed: FailedCriteria = []
  for (index, failure) in failures.enumerated() where bits & 1 << index != 0 {
    failure.fail(&facts)
    failed.insert(failure.criterion)
  }
  return (facts, failed)
}

@Suite("A determination")
struct DeterminationTests {
  @Test("finds a client eligible who fails nothing, and names set, table and limit")
  func eligible() throws {
    let result = book.determine(.eligible, on: day(2026_04_01))
    let set = try #require(book.set(on: day(2026_04_01)))
    let table = try #require(book.table(on: day(2026_04_01)))
    #expect(
      result
        == Determination(
          failedCriteria: [], policySet: day(2015_11_01), incomeTable: day(2026_04_01),
          incomeLimit: 4_554, policyVersion: set.version, tableVersion: table.version))
    #expect(set.version != 0 && table.version != 0 && set.version != table.version)
    #expect(result.isEligible)
  }

  @Test("gives one reason and one code for each criterion that fails", arguments: 0..<7)
  func oneReason(index: Int) {
    let (facts, _) = client(failing: 1 << index)
    let failed = book.determine(facts, on: day(2001_08_01)).failedCriteria
    #expect(failed == failures[index].criterion)
    #expect(failed.firstCode == failures[index].code)
  }

  @Test(
    "gives both reasons of a pair and the code of the one that comes first",
    arguments: 0..<7, 0..<7)
  func pair(first: Int, second: Int) {
    guard first < second else { return }
    let (facts, both) = client(failing: 1 << first | 1 << second)
    let failed = book.determine(facts, on: day(2001_08_01)).failedCriteria
    #expect(failed == [failures[first].criterion, failures[second].criterion])
    #expect(failed.firstCode == failures[first].code)
    // The set of 2015 prints no ages.
    let later = book.determine(facts, on: day(2026_04_01)).failedCriteria
    #expect(later == both.subtracting(.age))
    let firstLater = [first, second].first { failures[$0].criterion != .age }
    #expect(later.firstCode == firstLater.map { failures[$0].code })
  }

  @Test("reports exactly what fails, whatever fails together", arguments: 0..<128)
  func allReasons(bits: Int) {
    let (facts, failed) = client(failing: bits)
    #expect(book.determine(facts, on: day(2001_08_01)).failedCriteria == failed)
    // The set of 2015 prints no ages.
    let withoutAge = failed.subtracting(.age)
    #expect(book.determine(facts, on: day(2026_04_01)).failedCriteria == withoutAge)
  }

  @Test("lifts the criteria of coverage for confidentiality, and no other", arguments: 0..<128)
  func confidentiality(bits: Int) {
    let (facts, failed) = client(failing: bits)
    let result = book.determine(facts.with { $0.wantsConfidentiality = true }, on: day(2001_08_01))
    #expect(result.failedCriteria == failed.subtracting([.mediCal, .otherCoverage]))
  }

  @Test(
    "answers that there is no table only where nothing else fails", arguments: 0..<128,
    [
      1999_01_01, 2001_06_30, 2002_07_01, 2015_10_31, 2015_11_01, 2023_03_31, 2025_04_01,
      2027_04_01,
    ]
  )
  func noTable(bits: Int, date: UInt32) {
    let (facts, failed) = client(failing: bits)
    let result = book.determine(facts, on: day(date))
    var judged = failed.subtracting(.income)
    if date >= 2015_11_01 { judged.remove(.age) }
    if date < 2001_07_01 { judged = [] }
    #expect(result.failedCriteria == (judged.isEmpty ? .noIncomeTable : judged))
    #expect(result.incomeTable.isNone)
    #expect(result.incomeLimit == 0)
    #expect(result.tableVersion == 0)
    #expect(!result.isEligible)
  }

  @Test(
    "is made by the set and the table of its day",
    arguments: [
      (2001_07_01, 2001_07_01, 2001_07_01), (2002_06_30, 2001_07_01, 2001_07_01),
      (2002_07_01, 2001_07_01, 0), (2015_10_31, 2001_07_01, 0), (2015_11_01, 2015_11_01, 0),
      (2023_04_01, 2015_11_01, 2023_04_01), (2024_03_31, 2015_11_01, 2023_04_01),
      (2024_04_01, 2015_11_01, 2024_04_01), (2025_03_31, 2015_11_01, 2024_04_01),
      (2025_04_01, 2015_11_01, 0), (2026_03_31, 2015_11_01, 0),
      (2026_04_01, 2015_11_01, 2026_04_01), (2027_03_31, 2015_11_01, 2026_04_01),
      (2027_04_01, 2015_11_01, 0), (2001_06_30, 0, 0),
    ] as [(UInt32, UInt32, UInt32)])
  func chosenByDate(date: UInt32, set: UInt32, table: UInt32) {
    let result = book.determine(.eligible, on: day(date))
    #expect(result.policySet.yyyymmdd == set)
    #expect(result.incomeTable.yyyymmdd == table)
    #expect(result.isEligible == (set != 0 && table != 0))
  }

  @Test(
    "follows the nine rows of the program's own table of 2026",
    arguments: [
      (.fullScope, .none, false, false),
      (.shareOfCostUnmet, .none, false, true),
      (.fullScope, .none, true, true),
      (.limitedScopeWithoutFamilyPlanning, .none, false, true),
      (.none, .coversFamilyPlanning, false, false),
      (.managedCare, .none, true, true),
      (.none, .deductibleUnmet, false, true),
      (.none, .none, false, true),
      (.managedCare, .none, false, false),
    ] as [(MediCalStatus, OtherCoverage, Bool, Bool)])
  func goldenRows(mediCal: MediCalStatus, other: OtherCoverage, barrier: Bool, eligible: Bool) {
    let facts = EligibilityFacts.eligible.with {
      $0.mediCal = mediCal
      $0.otherCoverage = other
      $0.wantsConfidentiality = barrier
    }
    #expect(book.determine(facts, on: day(2026_04_01)).isEligible == eligible)
  }

  @Test(
    "judges every Medi-Cal status beside every other coverage",
    arguments: MediCalStatus.allCases, OtherCoverage.allCases)
  func coverage(mediCal: MediCalStatus, other: OtherCoverage) {
    let facts = EligibilityFacts.eligible.with {
      $0.mediCal = mediCal
      $0.otherCoverage = other
    }
    var failed: FailedCriteria = []
    if [.fullScope, .shareOfCostMet, .managedCare].contains(mediCal) { failed.insert(.mediCal) }
    if [.coversFamilyPlanning, .copaymentOnly].contains(other) { failed.insert(.otherCoverage) }
    for date in [2001_08_01, 2026_04_01] as [UInt32] {
      #expect(book.determine(facts, on: day(date)).failedCriteria == failed)
    }
  }

  @Test(
    "lets in whoever is as old as the limit, by the set of 2001 only",
    arguments: [
      (.female, 54, true), (.female, 55, true), (.female, 56, false), (.female, 60, false),
      (.male, 55, true), (.male, 56, true), (.male, 60, true), (.male, 61, false),
    ] as [(Sex, UInt32, Bool)])
  func age(sex: Sex, years: UInt32, eligible: Bool) {
    // So old on the day itself, and for a year less a day.
    for birthDate in [2001_08_01 - years * 10_000, 2000_08_02 - years * 10_000] {
      let facts = EligibilityFacts.eligible.with {
        $0.sex = sex
        $0.birthDate = day(birthDate)
      }
      let failed = book.determine(facts, on: day(2001_08_01)).failedCriteria
      #expect(failed == (eligible ? [] : .age))
      #expect(book.determine(facts, on: day(2026_04_01)).isEligible)
    }
  }
}
