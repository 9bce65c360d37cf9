import EligibilityPolicy
import Testing
import TransactionModel

/// The fields that the rules look at, with the values that `EligibilityFacts.eligible` has.
private let judged: [(field: ClientField, value: UInt32)] = [
  (.residence, 1), (.need, 1), (.institution, 2), (.confidentiality, 2), (.sex, 1),
  (.mediCal, 1), (.otherCoverage, 1), (.familySize, 3), (.monthlyIncome, 1_000),
  (.birthDate, 1980_05_17),
]

private func completeForm() -> ClientForm {
  var form = ClientForm()
  for (field, value) in judged { form.set(field, to: value) }
  return form
}

@Suite("The facts of a form")
struct EligibilityFactsTests {
  @Test("are those that the form states")
  func complete() {
    #expect(EligibilityFacts(completeForm()) == .eligible)
  }

  @Test("are the other answers where the form gives them")
  func otherAnswers() {
    var form = completeForm()
    form.set(.residence, to: 2)
    form.set(.need, to: 2)
    form.set(.institution, to: 1)
    form.set(.confidentiality, to: 1)
    form.set(.sex, to: 2)
    form.set(.mediCal, to: 6)
    form.set(.otherCoverage, to: 6)
    form.set(.familySize, to: 99)
    form.set(.monthlyIncome, to: 0)
    let facts = EligibilityFacts.eligible.with {
      $0.isResident = false
      $0.isInNeed = false
      $0.isInstitutionalised = true
      $0.wantsConfidentiality = true
      $0.sex = .male
      $0.mediCal = .managedCare
      $0.otherCoverage = .studentHealthWithoutContraceptives
      $0.familySize = 99
      $0.monthlyIncome = 0
    }
    #expect(EligibilityFacts(form) == facts)
  }

  @Test("are missing when one of them is absent", arguments: judged.indices)
  func absent(index: Int) {
    var form = completeForm()
    form.remove(judged[index].field)
    #expect(EligibilityFacts(form) == nil)
  }

  @Test("are missing when one of them has no meaning", arguments: judged.indices)
  func unknown(index: Int) {
    guard judged[index].field != .monthlyIncome else { return }
    var form = completeForm()
    form.set(judged[index].field, to: 0)
    #expect(EligibilityFacts(form) == nil)
    guard judged[index].field != .familySize else { return }
    form.set(judged[index].field, to: 7)
    #expect(EligibilityFacts(form) == nil)
    form.setClearing(judged[index].field)
    #expect(EligibilityFacts(form) == nil)
  }

  @Test(
    "count whole years of age",
    arguments: [
      (1980_05_17, 2026_05_16, 45), (1980_05_17, 2026_05_17, 46), (1980_12_31, 2026_01_01, 45),
      (1980_02_29, 2026_02_28, 45), (1980_02_29, 2026_03_01, 46), (1980_02_29, 2028_02_29, 48),
      (2026_05_17, 2026_05_17, 0), (2026_05_17, 2026_05_16, 0),
    ] as [(UInt32, UInt32, UInt32)])
  func age(birthDate: UInt32, date: UInt32, years: UInt32) {
    let facts = EligibilityFacts.eligible.with { $0.birthDate = day(birthDate) }
    #expect(facts.age(on: day(date)) == years)
  }
}

@Suite("A claim for a month before certification")
struct RetroactiveClaimTests {
  private static let claim = RetroactiveClaim(
    flags: RetroactiveClaim.isResidentBit | RetroactiveClaim.isInNeedBit, mediCal: .none,
    otherCoverage: .none, familySize: 1, monthlyIncome: 2_660)

  private func failed(_ change: (inout RetroactiveClaim) -> Void) -> FailedCriteria? {
    var claim = Self.claim
    change(&claim)
    // The form itself would fail everything that the claim says anew.
    let client = EligibilityFacts.eligible.with {
      $0.isResident = false
      $0.isInNeed = false
      $0.isInstitutionalised = true
      $0.mediCal = .fullScope
      $0.otherCoverage = .copaymentOnly
      $0.monthlyIncome = 1_000_000
    }
    return PolicyBook.compiledIn.determine(claim, of: client, certifiedOn: day(2026_05_15))?
      .failedCriteria
  }

  @Test("is decided by what it says, not by what the form says")
  func decidedByItself() {
    #expect(failed { _ in } == [])
    #expect(failed { $0.monthlyIncome += 1 } == .income)
    #expect(failed { $0.flags &= ~RetroactiveClaim.isResidentBit } == .residence)
    #expect(failed { $0.flags &= ~RetroactiveClaim.isInNeedBit } == .need)
    #expect(failed { $0.flags |= RetroactiveClaim.isInstitutionalisedBit } == .institution)
    #expect(failed { $0.mediCal = .managedCare } == .mediCal)
    #expect(failed { $0.otherCoverage = .coversFamilyPlanning } == .otherCoverage)
  }

  @Test("for a family of nobody is not decided")
  func familyOfNobody() {
    #expect(failed { $0.familySize = 0 } == nil)
  }

  @Test("keeps the form's wish for confidentiality")
  func confidentiality() {
    var claim = Self.claim
    claim.mediCal = .fullScope
    let client = EligibilityFacts.eligible.with { $0.wantsConfidentiality = true }
    let result = PolicyBook.compiledIn.determine(claim, of: client, certifiedOn: day(2026_05_15))
    #expect(result?.isEligible == true)
  }
}
