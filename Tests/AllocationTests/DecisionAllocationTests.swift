import CAllocationCounter
import EligibilityPolicy
import Testing
import TransactionModel

/// The rules alone, in the ways that a decision may go.
@Suite("A determination")
struct DecisionAllocationTests {
  @Test(
    "allocates nothing, with a table, with a derived one, and in a gap",
    arguments: [2001_08_01, 2010_06_15, 2026_04_01] as [UInt32], [UInt8(3), 20])
  func determination(date: UInt32, familySize: UInt8) {
    var book = PolicyBook.compiledIn
    let facts = EligibilityFacts(
      isResident: true, isInNeed: true, isInstitutionalised: false, wantsConfidentiality: false,
      sex: .female, mediCal: .none, otherCoverage: .none, familySize: familySize,
      monthlyIncome: 2_000, birthDate: CalendarDate(trusted: 1980_05_17))
    let day = CalendarDate(trusted: date)
    var eligible = 0
    for usesDerivedTables in [false, true] {
      book.usesDerivedTables = usesDerivedTables
      // What is made once is made here.
      for _ in 0..<10 { _ = book.determine(facts, on: day) }
      let before = CAllocationCounter_count()
      for _ in 0..<1_000 where book.determine(facts, on: day).isEligible { eligible += 1 }
      #expect(CAllocationCounter_count() == before)
    }
    // In the gap only the derived table says yes.
    #expect(eligible == (date == 2010_06_15 ? 1_000 : 2_000))
  }
}
