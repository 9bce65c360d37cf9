import EligibilityPolicy
import PolicyFiles
import Testing
import TransactionModel

/// A change to one file, and all that is then wrong.
struct WrongFile: Sendable, CustomTestStringConvertible {
  let name: String
  let old: String
  let new: String
  let mistakes: [String]

  init(_ name: String, _ old: String, _ new: String, _ mistakes: String...) {
    self.name = name
    self.old = old
    self.new = new
    self.mistakes = mistakes
  }

  var testDescription: String { mistakes.first ?? "" }

  static let calendar = [
    WrongFile(
      "calendar.csv", "2026-04-01,2027-03-31,", "2026-04-31,2027-03-31,",
      "calendar.csv: line 30: first_day: \"2026-04-31\" is no day such as 2026-04-01"),
    WrongFile(
      "calendar.csv", "2025-04-01,2026-03-31,gap,\n", "2025-04-02,2026-03-31,gap,\n",
      "calendar.csv: line 28: undeclared gap: no row has the days from 2025-04-01 to 2025-04-01; "
        + "where no table decides a gap is declared",
      "calendar.csv: line 29: row out of order: 2025-04-01 stands behind 2025-04-02",
      "calendar.csv: line 29: a derived table must lie within one gap"),
    WrongFile(
      "calendar.csv", "2023-04-01,2024-03-31,effective", "2023-04-01,2024-03-30,effective",
      "calendar.csv: line 27: undeclared gap: no row has the days from 2024-03-31 to 2024-03-31; "
        + "where no table decides a gap is declared"),
    WrongFile(
      "calendar.csv", "2023-04-01,2024-03-31,effective", "2023-04-01,2024-04-01,effective",
      "calendar.csv: line 27: overlap: line 26 has days of it already"),
    WrongFile(
      "calendar.csv", "2009-04-01,2010-03-31,derived", "2009-04-01,2010-04-01,derived",
      "calendar.csv: line 13: overlap: line 12 has days of it as derived already"),
    WrongFile(
      "calendar.csv", "2026-04-01,2027-03-31,effective,2026-04-01\n",
      "2026-04-01,2027-03-31,effective,2026-04-01\n2026-05-01,2026-05-14,withdrawn,2026-04-01\n",
      "calendar.csv: line 31: overlap: line 30 has days of it as effective already"),
    WrongFile(
      "calendar.csv",
      "2023-04-01,2024-03-31,effective,2023-04-01\n2024-04-01,2025-03-31,effective,2024-04-01\n",
      "2024-04-01,2025-03-31,effective,2024-04-01\n2023-04-01,2024-03-31,effective,2023-04-01\n",
      "calendar.csv: line 27: row out of order: 2023-04-01 stands behind 2024-04-01"),
    WrongFile(
      "calendar.csv", "2026-04-01,2027-03-31,effective", "2026-04-01,2027-03-31,Effective",
      "calendar.csv: line 30: state: \"Effective\" is none of staged, effective, withdrawn, "
        + "derived, gap"),
    WrongFile(
      "calendar.csv", "effective,2026-04-01", "effective,2026-04-02",
      "calendar.csv: line 30: table: there is no table of 2026-04-02",
      "income-2026-04-01.csv: line 2: the table of 2026-04-01 has no row in calendar.csv: say when "
        + "it is staged, effective, withdrawn or derived"),
    WrongFile(
      "calendar.csv", "2026-04-01,2027-03-31,", "2026-04-01,,",
      "calendar.csv: line 30: last_day: a table that decides must have one"),
    WrongFile(
      "calendar.csv", "2026-04-01,2027-03-31,", "2026-04-01,2026-03-31,",
      "calendar.csv: line 30: last_day 2026-03-31 lies before first_day 2026-04-01"),
    WrongFile(
      "calendar.csv", ",2001-06-30,gap,\n", "",
      "calendar.csv: line 2: undeclared gap: no row has the days before 2001-07-01; the calendar "
        + "begins with a gap that has no first_day"),
    WrongFile(
      "calendar.csv", "gap,\n2001", "gap,2001-07-01\n2001",
      "calendar.csv: line 2: a gap names no table"),
    WrongFile(
      "calendar.csv", "2025-04-01,2026-03-31,derived,2025-04-01",
      "2025-04-01,2026-03-31,derived,2024-04-01",
      "calendar.csv: line 29: the table of 2024-04-01 is published, and cannot be derived",
      "income-derived.csv: line 191: the table of 2025-04-01 has no row in calendar.csv: say when "
        + "it is staged, effective, withdrawn or derived"),
    WrongFile(
      "calendar.csv", "2024-04-01,2025-03-31,effective,2024-04-01",
      "2024-04-01,2025-03-31,effective,2026-04-01",
      "calendar.csv: line 27: first_day 2024-04-01 lies before the table's own day",
      "income-2024-04-01.csv: line 2: the table of 2024-04-01 has no row in calendar.csv: say when "
        + "it is staged, effective, withdrawn or derived"),
  ]

  static let tables = [
    WrongFile(
      "income-2001-07-01.csv", "2001-07-01,5,", "2001-7-1,5,",
      "income-2001-07-01.csv: line 6: effective_from: \"2001-7-1\" is no day such as 2026-04-01"),
    WrongFile(
      "income-2001-07-01.csv", ",3,2439,29268,", ",3,2439.5,29268,",
      "income-2001-07-01.csv: line 4: monthly_max: \"2439.5\" is no number from 1 to 9999999"),
    WrongFile(
      "income-2001-07-01.csv", ",3,2439,29268,", ",3,-1,29268,",
      "income-2001-07-01.csv: line 4: monthly_max: \"-1\" is no number from 1 to 9999999"),
    WrongFile(
      "income-2001-07-01.csv",
      "2001-07-01,4,2942,35304,published,provider guidelines of 2001,\n", "",
      "income-2001-07-01.csv: line 5: the row for family size 4 is missing"),
    WrongFile(
      "income-2001-07-01.csv", "2001-07-01,4,2942,", "2001-07-01,3,2942,",
      "income-2001-07-01.csv: line 5: row out of order: family size 3 stands behind 3",
      "income-2001-07-01.csv: line 6: the row for family size 4 is missing"),
    WrongFile(
      "income-2001-07-01.csv",
      "2001-07-01,add,504,6048,published,provider guidelines of 2001,\n", "",
      "income-2001-07-01.csv: line 2: the table of 2001-07-01 has no increment: a row of size add "
        + "is missing"),
    WrongFile(
      "income-2001-07-01.csv", "as printed: 12 times the monthly figure is 65508", "",
      "income-2001-07-01.csv: line 10: annual_max 65608 is not 12 times monthly_max, 65508: where "
        + "it was printed so the note begins with \"as printed\""),
    WrongFile(
      "income-2001-07-01.csv", ",4,2942,35304,", ",4,2439,29268,",
      "income-2001-07-01.csv: line 5: the limits are not above those of the smaller family"),
    WrongFile(
      "income-2001-07-01.csv", ",4,2942,35304,published,", ",4,2942,35304,printed,",
      "income-2001-07-01.csv: line 5: basis: \"printed\" is not published or derived"),
    WrongFile(
      "income-2001-07-01.csv", ",4,2942,35304,published,provider guidelines of 2001",
      ",4,2942,35304,published,",
      "income-2001-07-01.csv: line 5: source: where it was printed is wanted",
      "income-2001-07-01.csv: line 5: source differs from that of the table's first row"),
    WrongFile(
      "income-2001-07-01.csv", ",note\n", ",remark\n",
      "income-2001-07-01.csv: line 1: column note is missing",
      "income-2001-07-01.csv: line 1: column remark is unknown"),
    WrongFile(
      "income-2001-07-01.csv", ",4,2942,35304,", ",4,2942,",
      "income-2001-07-01.csv: line 5: 6 fields where the first line has 7"),
    WrongFile(
      "income-2001-07-01.csv", ",4,2942,35304,published,provider",
      ",4,2942,35304,published,pro\"vider",
      "income-2001-07-01.csv: line 5: a quote or a carriage return stands in a field without quotes"
    ),
    WrongFile(
      "income-derived.csv", "2010-04-01,3,3052,", "2010-04-01,3,3051,",
      "income-derived.csv: line 76: monthly_max 3051 is not annual_max / 12 rounded up, 3052"),
    WrongFile(
      "income-2024-04-01.csv", "2024-04-01,", "2023-04-01,",
      "calendar.csv: line 27: table: there is no table of 2024-04-01",
      "income-2024-04-01.csv: line 2: the table of 2023-04-01 has rows elsewhere already"),
  ]

  static let others = [
    WrongFile(
      "policy-2001-07-01.csv", "period_days,", "period_day,",
      "policy-2001-07-01.csv: key period_days is missing",
      "policy-2001-07-01.csv: line 6: key \"period_day\" is unknown"),
    WrongFile(
      "policy-2001-07-01.csv", "effective_from,2001-07-01", "effective_from,2001-02-29",
      "policy-2001-07-01.csv: line 2: effective_from: \"2001-02-29\" is no day such as 2026-04-01"),
    WrongFile(
      "policy-2001-07-01.csv", "effective_from,2001-07-01", "effective_from,2015-11-01",
      "policy-2015-11-01.csv: line 2: the set of 2015-11-01 is in policy-2001-07-01.csv already"),
    WrongFile(
      "policy-2001-07-01.csv", "age_max_male,60", "age_max_male,",
      "policy-2001-07-01.csv: line 5: one age without the other: both are wanted, or both empty"),
    WrongFile(
      "policy-2001-07-01.csv", "age_max_male,60", "age_max_male,sixty",
      "policy-2001-07-01.csv: line 5: age_max_male: \"sixty\" is no number from 0 to 150"),
    WrongFile(
      "policy-2001-07-01.csv", "retroactive_months,0", "retroactive_months,4",
      "policy-2001-07-01.csv: line 10: retroactive_months: \"4\" is no number from 0 to 3"),
    WrongFile(
      "policy-2001-07-01.csv", "day_after_old_period", "never",
      "policy-2001-07-01.csv: line 7: early_renewal: \"never\" is not day_after_old_period or "
        + "day_of_recertification"),
    WrongFile(
      "policy-2001-07-01.csv", "age_max_male,60", "age_max_female,60",
      "policy-2001-07-01.csv: key age_max_male is missing",
      "policy-2001-07-01.csv: line 5: key age_max_female stands twice"),
    WrongFile(
      "reasons.csv", "6,0,2025-01-01,,", "7,0,2025-01-01,,",
      "reasons.csv: line 8: reason: \"7\" is no number from 1 to 6"),
    WrongFile(
      "reasons.csv", "6,0,2025-01-01,,", "5,0,2025-01-01,,",
      "reasons.csv: line 8: overlap: line 6 has days of it already"),
    WrongFile(
      "reasons.csv", "3,0,1997-01-01,,0,90", "3,1,1997-01-01,,90,0",
      "reasons.csv: line 4: effective_days_max 0 is below effective_days_min 90",
      "reasons.csv: line 4: sub_reason 1, pregnancy, belongs to reason 5"),
    WrongFile(
      "reasons.csv", "3,0,1997-01-01,,0,90", "3,0,1997-01-01,1996-12-31,0,90",
      "reasons.csv: line 4: last_day 1996-12-31 lies before first_day 1997-01-01"),
  ]
}

@Suite("A policy file")
struct WrongFileTests {
  @Test(
    "with a mistake is refused by file, line and reason",
    arguments: WrongFile.calendar + WrongFile.tables + WrongFile.others)
  func refused(wrong: WrongFile) {
    let changed = files(wrong.name) { $0.replace(wrong.old, with: wrong.new) }
    #expect(changed != PolicyBook.compiledIn.files, "nothing was changed")
    #expect(mistakes(changed) == wrong.mistakes)
  }

  @Test("is judged with all others: every mistake is said at once")
  func allAtOnce() {
    var changed = files("reasons.csv") { $0.replace("6,0,2025", with: "9,0,2025") }
    changed.removeAll { $0.name == "calendar.csv" || $0.name == "policy-2001-07-01.csv" }
    changed.append(PolicyFile(name: "limits.csv", bytes: []))
    changed.append(PolicyFile(name: "policy-empty.csv", bytes: []))
    changed.append(
      PolicyFile(
        name: "policy-large.csv", bytes: Array(repeating: 0x20, count: PolicyFile.byteCountMax + 1))
    )
    #expect(
      mistakes(changed) == [
        "calendar.csv: no such file",
        "limits.csv: not the name of a policy file",
        "policy-empty.csv: line 1: empty: a first line key,value is wanted",
        "policy-large.csv: longer than 262144 bytes",
        "reasons.csv: line 8: reason: \"9\" is no number from 1 to 6",
      ])
  }

  @Test("may have carriage returns, a byte order mark and empty lines")
  func spreadsheets() throws {
    let changed = PolicyBook.compiledIn.files.map { file in
      let text = String(decoding: file.bytes, as: UTF8.self).replacing("\n", with: "\r\n")
      return PolicyFile(name: file.name, bytes: [0xEF, 0xBB, 0xBF] + Array((text + "\r\n").utf8))
    }
    #expect(mistakes(changed) == [])
  }

  @Test("of each kind must be there")
  func missing() {
    #expect(
      mistakes([]) == [
        "calendar.csv: no such file", "income-*.csv: no such file", "policy-*.csv: no such file",
        "reasons.csv: no such file",
      ])
  }
}
