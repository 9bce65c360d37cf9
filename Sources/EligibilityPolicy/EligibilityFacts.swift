public import TransactionModel

/// What the rules look at: the client's declarations and the provider's finding.
public struct EligibilityFacts: Hashable, Sendable, BitwiseCopyable {
  public var isResident: Bool
  /// The provider's finding of a need for family planning.
  public var isInNeed: Bool
  /// An inmate of a prison, jail or juvenile hall.
  public var isInstitutionalised: Bool
  /// Confidentiality from spouse, partner or parent.
  public var wantsConfidentiality: Bool
  public var sex: Sex
  public var mediCal: MediCalStatus
  public var otherCoverage: OtherCoverage
  /// One or more.
  public var familySize: UInt8
  /// In whole dollars.
  public var monthlyIncome: UInt32
  public var birthDate: CalendarDate

  public init(
    isResident: Bool, isInNeed: Bool, isInstitutionalised: Bool, wantsConfidentiality: Bool,
    sex: Sex, mediCal: MediCalStatus, otherCoverage: OtherCoverage,
    familySize: UInt8, monthlyIncome: UInt32, birthDate: CalendarDate
  ) {
    precondition(familySize >= 1, "a family of nobody")
    self.isResident = isResident
    self.isInNeed = isInNeed
    self.isInstitutionalised = isInstitutionalised
    self.wantsConfidentiality = wantsConfidentiality
    self.sex = sex
    self.mediCal = mediCal
    self.otherCoverage = otherCoverage
    self.familySize = familySize
    self.monthlyIncome = monthlyIncome
    self.birthDate = birthDate
  }

  /// Age in whole years, 0 before birth; who was born on February 29 grows older on March 1 where
  /// the year has no such day.
  public func age(on day: CalendarDate) -> UInt32 {
    day < birthDate ? 0 : (day.yyyymmdd - birthDate.yyyymmdd) / 10_000
  }
}

extension EligibilityFacts {
  /// Takes them from a form; `nil` when one is absent or has a value without a meaning.
  public init?(_ form: ClientForm) {
    guard let isResident = form.answer(.residence) else { return nil }
    guard let isInNeed = form.answer(.need) else { return nil }
    guard let isInstitutionalised = form.answer(.institution) else { return nil }
    guard let wantsConfidentiality = form.answer(.confidentiality) else { return nil }
    guard let sex = form.code(.sex).flatMap(Sex.init) else { return nil }
    guard let mediCal = form.code(.mediCal).flatMap(MediCalStatus.init) else { return nil }
    guard let other = form.code(.otherCoverage).flatMap(OtherCoverage.init) else { return nil }
    guard let familySize = form.code(.familySize), familySize >= 1 else { return nil }
    guard let monthlyIncome = form.number(.monthlyIncome) else { return nil }
    guard let birth = form.number(.birthDate).flatMap(CalendarDate.init(yyyymmdd:)) else {
      return nil
    }
    self.init(
      isResident: isResident, isInNeed: isInNeed, isInstitutionalised: isInstitutionalised,
      wantsConfidentiality: wantsConfidentiality, sex: sex, mediCal: mediCal,
      otherCoverage: other, familySize: familySize, monthlyIncome: monthlyIncome,
      birthDate: birth)
  }

  /// The same client in one month before certification; `nil` for a family of nobody.
  ///
  /// What the claim says replaces what the form says; sex, birth date and confidentiality are the
  /// form's.
  public func replaced(by claim: RetroactiveClaim) -> EligibilityFacts? {
    guard claim.familySize >= 1 else { return nil }
    var facts = self
    facts.isResident = claim.flags & RetroactiveClaim.isResidentBit != 0
    facts.isInNeed = claim.flags & RetroactiveClaim.isInNeedBit != 0
    facts.isInstitutionalised = claim.flags & RetroactiveClaim.isInstitutionalisedBit != 0
    facts.mediCal = claim.mediCal
    facts.otherCoverage = claim.otherCoverage
    facts.familySize = claim.familySize
    facts.monthlyIncome = claim.monthlyIncome
    return facts
  }
}

extension ClientForm {
  @inline(__always)
  fileprivate func code(_ field: ClientField) -> UInt8? {
    number(field).flatMap(UInt8.init(exactly:))
  }

  /// A question that is answered with yes (1) or no (2).
  @inline(__always)
  fileprivate func answer(_ field: ClientField) -> Bool? {
    switch number(field) {
    case 1: true
    case 2: false
    default: nil
    }
  }
}
