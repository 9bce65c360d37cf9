package import EligibilityPolicy
import TransactionModel

/// A file of cases, one client on one day in each row, and what is decided on them.
///
/// For each row in there is one row out, in the same order: `id,decision,reasons,policy_set,table`
/// and then the columns that mean nothing here, as they were. A row that cannot be read has the
/// decision `error`, and is a mistake.
package enum CaseFile {
  package static let columns = [
    "id", "certification_date", "resident", "sex", "age", "at_risk", "family_size",
    "monthly_income", "institution", "medi_cal", "other_coverage", "confidentiality", "ssn_given",
  ]

  /// Decides all rows; throws when the first line is wrong.
  package static func decide(
    _ bytes: [UInt8], name: String, by book: PolicyBook
  ) throws(PolicyFilesError) -> AnsweredFile {
    try AnsweredFile(
      bytes, name: name, columns: columns,
      answerColumns: ["id", "decision", "reasons", "policy_set", "table"]
    ) { row throws(RowFault) in
      let day = try row.day("certification_date")
      let determination = book.determine(try facts(row, on: day), on: day)
      return [
        row["id"], determination.decisionName,
        determination.failedCriteria.names.joined(separator: ";"),
        determination.policySet.isNone ? "" : "\(determination.policySet)",
        determination.incomeTable.isNone ? "" : "\(determination.incomeTable)",
      ]
    }
  }

  private static func facts(
    _ row: CSVTable.Row, on day: CalendarDate
  ) throws(RowFault) -> EligibilityFacts {
    // Asked for, and no criterion.
    _ = try row.answer("ssn_given")
    return EligibilityFacts(
      isResident: try row.answer("resident"),
      isInNeed: try row.answer("at_risk"),
      isInstitutionalised: try row.answer("institution"),
      wantsConfidentiality: try row.answer("confidentiality"),
      sex: try row.choice("sex", of: Sex.names),
      mediCal: try row.choice("medi_cal", of: MediCalStatus.names),
      otherCoverage: try row.choice("other_coverage", of: OtherCoverage.names),
      familySize: try row.number("family_size", in: 1...255),
      monthlyIncome: try row.number("monthly_income", in: 0...UInt32.max),
      birthDate: day.birthDate(ofAge: try row.number("age", in: 0...150)))
  }
}
