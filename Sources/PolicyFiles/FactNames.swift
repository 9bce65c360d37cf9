package import TransactionModel

// What files and commands call the facts and what is decided on them.

extension MediCalStatus {
  package static let names: [(name: String, value: MediCalStatus)] = [
    ("none", .none), ("full_scope", .fullScope), ("share_of_cost_met", .shareOfCostMet),
    ("share_of_cost_unmet", .shareOfCostUnmet),
    ("limited_scope_no_fp", .limitedScopeWithoutFamilyPlanning), ("managed_care", .managedCare),
  ]
}

extension OtherCoverage {
  package static let names: [(name: String, value: OtherCoverage)] = [
    ("none", .none), ("covers", .coversFamilyPlanning),
    ("no_contraceptives", .withoutContraceptives), ("deductible_unmet", .deductibleUnmet),
    ("copay_only", .copaymentOnly),
    ("student_health_no_contraceptives", .studentHealthWithoutContraceptives),
  ]
}

extension Sex {
  package static let names: [(name: String, value: Sex)] = [("F", .female), ("M", .male)]
}

extension FailedCriteria {
  /// In order of precedence, without the missing table, which is a decision of its own.
  package static let names: [(name: String, value: FailedCriteria)] = [
    ("residence", .residence), ("income", .income), ("need", .need), ("age", .age),
    ("institution", .institution), ("medi_cal", .mediCal), ("other_coverage", .otherCoverage),
  ]

  /// The names of the criteria that failed, in order of precedence.
  package var names: [String] { Self.names.filter { contains($0.value) }.map(\.name) }
}

extension Determination {
  /// `eligible`, `ineligible` or `no_table`.
  package var decisionName: String {
    if isEligible { return "eligible" }
    return failedCriteria == .noIncomeTable ? "no_table" : "ineligible"
  }
}

extension CalendarDate {
  /// A birth date of somebody who is so old on this day: that of the birthday itself.
  package func birthDate(ofAge years: UInt32) -> CalendarDate {
    adding(months: -12 * Int32(years))
  }
}
