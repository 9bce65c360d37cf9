import EligibilityPolicy
import PolicyFiles
import Testing
import TransactionModel

private let header = CaseFile.columns.joined(separator: ",")

/// A case that fails nothing, with some columns changed.
private func caseLine(_ changes: [String: String] = [:]) -> String {
  var values = [
    "id": "1", "certification_date": "2001-08-01", "resident": "Y", "sex": "F", "age": "30",
    "at_risk": "Y", "family_size": "3", "monthly_income": "2439", "institution": "N",
    "medi_cal": "none", "other_coverage": "none", "confidentiality": "N", "ssn_given": "Y",
  ]
  values.merge(changes) { $1 }
  return CaseFile.columns.map { values[$0] ?? "" }.joined(separator: ",")
}

private func decide(
  _ text: String, derived: Bool = false
) throws -> (lines: [String], mistakes: [String]) {
  var book = PolicyBook.compiledIn
  book.usesDerivedTables = derived
  let answered = try CaseFile.decide(Array(text.utf8), name: "cases.csv", by: book)
  let rows = lines(answered.text)
  return (Array(rows.dropFirst()), answered.mistakes.map(\.description))
}

/// What one case is answered with, without its id.
private func answer(_ changes: [String: String], derived: Bool = false) throws -> String {
  let (rows, mistakes) = try decide("\(header)\n\(caseLine(changes))\n", derived: derived)
  #expect(mistakes == [])
  return String(rows[0].dropFirst(2))
}

/// One way to fail each criterion, in order of precedence.
private let failures: [(name: String, changes: [String: String])] = [
  ("residence", ["resident": "N"]), ("income", ["monthly_income": "100000"]),
  ("need", ["at_risk": "N"]), ("age", ["age": "61"]), ("institution", ["institution": "Y"]),
  ("medi_cal", ["medi_cal": "managed_care"]), ("other_coverage", ["other_coverage": "copay_only"]),
]

@Suite("A file of cases")
struct CaseFileTests {
  @Test(
    "is decided by set and table of each row's day",
    arguments: [
      ("2001-08-01", "2439", "eligible,,2001-07-01,2001-07-01"),
      ("2001-08-01", "2440", "ineligible,income,2001-07-01,2001-07-01"),
      ("2026-04-01", "4554", "eligible,,2015-11-01,2026-04-01"),
      ("2026-04-01", "4555", "ineligible,income,2015-11-01,2026-04-01"),
      ("2026-04-01", "0", "eligible,,2015-11-01,2026-04-01"),
      ("2010-06-15", "1", "no_table,,2001-07-01,"), ("2001-06-30", "1", "no_table,,,"),
      ("2026-03-31", "1", "no_table,,2015-11-01,"),
    ])
  func days(day: String, income: String, expected: String) throws {
    #expect(try answer(["certification_date": day, "monthly_income": income]) == expected)
  }

  @Test("uses derived tables where they are asked for")
  func derived() throws {
    let facts = ["certification_date": "2010-06-15", "monthly_income": "3052"]
    #expect(try answer(facts, derived: true) == "eligible,,2001-07-01,2010-04-01")
  }

  @Test("has every reason in order of precedence, alone and in pairs", arguments: 0..<7, 0..<7)
  func reasons(first: Int, second: Int) throws {
    guard first <= second else { return }
    let changes = failures[first].changes.merging(failures[second].changes) { $1 }
    let names = [first, second].map { failures[$0].name }
    let expected = first == second ? names[0] : names.joined(separator: ";")
    #expect(try answer(changes) == "ineligible,\(expected),2001-07-01,2001-07-01")
    let later = try answer(changes.merging(["certification_date": "2026-04-01"]) { $1 })
    let kept = Set(names).subtracting(["age"])
    let expectedLater = failures.map(\.name).filter(kept.contains).joined(separator: ";")
    let decision = kept.isEmpty ? "eligible" : "ineligible"
    #expect(later == "\(decision),\(expectedLater),2015-11-01,2026-04-01")
  }

  @Test(
    "follows the nine rows of the program's own table of 2026",
    arguments: [
      ("full_scope", "none", "N", "medi_cal"), ("share_of_cost_unmet", "none", "N", ""),
      ("full_scope", "none", "Y", ""), ("limited_scope_no_fp", "none", "N", ""),
      ("none", "covers", "N", "other_coverage"), ("managed_care", "none", "Y", ""),
      ("none", "deductible_unmet", "N", ""), ("none", "none", "N", ""),
      ("managed_care", "none", "N", "medi_cal"),
    ])
  func goldenRows(mediCal: String, other: String, barrier: String, reason: String) throws {
    let facts = [
      "certification_date": "2026-04-01", "medi_cal": mediCal, "other_coverage": other,
      "confidentiality": barrier,
    ]
    let decision = reason.isEmpty ? "eligible" : "ineligible"
    #expect(try answer(facts) == "\(decision),\(reason),2015-11-01,2026-04-01")
  }

  @Test("passes further columns through, with columns in any order")
  func furtherColumns() throws {
    let text =
      "note,\(header),expected\n" + #""a, ""b""""# + ",\(caseLine(["id": "x;1"])),eligible\n"
    let bytes = Array(text.utf8)
    let answered = try CaseFile.decide(bytes, name: "c", by: .compiledIn)
    #expect(
      lines(answered.text) == [
        "id,decision,reasons,policy_set,table,note,expected",
        "x;1,eligible,,2001-07-01,2001-07-01," + #""a, ""b""""# + ",eligible",
      ])
  }

  @Test(
    "has a row out for a row that cannot be read, and says why",
    arguments: [
      (
        ["certification_date": "2001-02-29"],
        "certification_date: \"2001-02-29\" is no day such as 2026-04-01"
      ),
      (["resident": "yes"], "resident: \"yes\" is none of Y, N"),
      (["sex": "X"], "sex: \"X\" is none of F, M"),
      (["age": ""], "age: \"\" is no whole number from 0 to 150"),
      (["family_size": "0"], "family_size: \"0\" is no whole number from 1 to 255"),
      (["monthly_income": ""], "monthly_income: \"\" is no whole number from 0 to 4294967295"),
      (["monthly_income": "-1"], "monthly_income: \"-1\" is no whole number from 0 to 4294967295"),
      (["ssn_given": ""], "ssn_given: \"\" is none of Y, N"),
      (
        ["medi_cal": "full"],
        "medi_cal: \"full\" is none of none, full_scope, share_of_cost_met, share_of_cost_unmet, "
          + "limited_scope_no_fp, managed_care"
      ),
      (
        ["other_coverage": "some"],
        "other_coverage: \"some\" is none of none, covers, no_contraceptives, deductible_unmet, "
          + "copay_only, student_health_no_contraceptives"
      ),
    ])
  func wrongRow(changes: [String: String], reason: String) throws {
    let text = "\(header)\n\(caseLine(changes))\n\(caseLine(["id": "2"]))\n"
    let (rows, mistakes) = try decide(text)
    #expect(rows == ["1,error,,,", "2,eligible,,2001-07-01,2001-07-01"])
    #expect(mistakes == ["cases.csv: line 2: \(reason)"])
  }

  @Test("has a row out for a row of the wrong form")
  func wrongForm() throws {
    let (rows, mistakes) = try decide("\(header)\n7,2001-08-01\n\(caseLine())\n")
    #expect(rows == ["7,error,,,", "1,eligible,,2001-07-01,2001-07-01"])
    #expect(mistakes == ["cases.csv: line 2: 2 fields where the first line has 13"])
  }

  @Test("is refused without its columns")
  func withoutColumns() {
    #expect(
      throws: PolicyFilesError.mistakes([
        PolicyMistake("cases.csv", line: 1, "column ssn_given is missing")
      ])
    ) {
      let columns = CaseFile.columns.dropLast().joined(separator: ",")
      _ = try decide("\(columns)\n")
    }
  }

  @Test("takes an age for that of the day, on February 29 too", arguments: [0, 55, 56] as [UInt32])
  func ages(years: UInt32) throws {
    for date in [2004_02_29, 2001_08_01, 2004_03_01] as [UInt32] {
      let day = CalendarDate(trusted: date)
      let facts = EligibilityFacts(
        isResident: true, isInNeed: true, isInstitutionalised: false,
        wantsConfidentiality: false, sex: .female, mediCal: .none, otherCoverage: .none,
        familySize: 1, monthlyIncome: 0, birthDate: day.birthDate(ofAge: years))
      #expect(facts.age(on: day) == years)
    }
  }
}
