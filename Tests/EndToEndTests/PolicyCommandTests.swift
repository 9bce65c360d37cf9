import Foundation
import ProgramSupport
import Testing

@Suite("posctl policy")
struct PolicyCommandTests {
  private static func explain(
    _ day: String, income: Int, _ more: String...
  ) throws -> (status: Int32, output: String, errors: String) {
    try Program.posctl.run(
      [
        "policy", "explain", "--certification-date", day, "--family-size", "3",
        "--monthly-income", "\(income)", "--age", "30", "--sex", "F", "--resident", "--at-risk",
      ] + more)
  }

  @Test(
    "explain says which limit of which table decides",
    arguments: [("2001-08-01", "2001-07-01", 2_439), ("2026-04-01", "2026-04-01", 4_554)])
  func explains(day: String, table: String, limit: Int) throws {
    let eligible = try Self.explain(day, income: limit)
    #expect(eligible.output.hasPrefix("eligible\n") && eligible.status == 0)
    let ineligible = try Self.explain(day, income: limit + 1)
    #expect(ineligible.status == 0)
    #expect(ineligible.output.hasPrefix("ineligible\n  income: \(limit + 1) a month"))
    #expect(
      ineligible.output.contains(
        " is above \(limit), the limit for a family of 3 in the table of \(table)\n"))
    #expect(ineligible.output.contains("The client may ask for a fair hearing."))
    let json = try Self.explain(day, income: limit + 1, "--json").output
    #expect(json.contains("\"decision\":\"ineligible\"") && json.contains("\"code\":3011"))
  }

  @Test("explain says why nothing is decided, and what the command line lacks")
  func undecided() throws {
    let gap = try Self.explain("2010-06-15", income: 3_052)
    #expect(gap.output.contains("a declared gap; with --derived the derived table of 2010-04-01"))
    let derived = try Self.explain("2010-06-15", income: 3_052, "--derived")
    #expect(derived.output.hasPrefix("eligible\n"))
    #expect(derived.output.contains("income table  2010-04-01, derived: "))
    #expect(try Program.posctl.run(["policy", "explain", "--sex", "F"]).status == 2)
    #expect(try Self.explain("2010-06-31", income: 1).status == 2)
  }

  @Test("explain and periods answer files")
  func files() throws {
    let folder = try TemporaryFolder()
    let cases = """
      id,certification_date,resident,sex,age,at_risk,family_size,monthly_income,institution,\
      medi_cal,other_coverage,confidentiality,ssn_given
      a,2001-08-01,N,F,56,Y,3,2440,N,none,none,N,N
      b,soon,Y,F,56,Y,3,2440,N,none,none,N,N

      """
    try folder.write(Array(cases.utf8), to: "cases.csv")
    let decided = try Program.posctl.run(
      ["policy", "explain", "--cases", "\(folder.path)/cases.csv"])
    #expect(decided.status == 1)
    #expect(
      decided.output == """
        id,decision,reasons,policy_set,table
        a,ineligible,residence;income;age,2001-07-01,2001-07-01
        b,error,,,

        """)
    #expect(decided.errors.contains("cases.csv: line 3: certification_date: \"soon\""))

    let events = "id,events,question_date\nx,activate 2001-02-04,2002-02-03\n"
    try folder.write(Array(events.utf8), to: "events.csv")
    let answered = try Program.posctl.run(
      ["policy", "periods", "--events", "\(folder.path)/events.csv"])
    #expect(answered.output == "id,status,from,through\nx,eligible,2001-02-04,2002-02-03\n")
    #expect(answered.status == 0)
    let missing = try Program.posctl.run(["policy", "periods", "--events", "\(folder.path)/none"])
    #expect(missing.status == 2)
  }

  @Test("check takes what export writes, and refuses a mistake by file and line")
  func check() throws {
    let folder = try TemporaryFolder()
    let directory = "\(folder.path)/policy"
    #expect(try Program.posctl.run(["policy", "export", directory]).status == 0)
    #expect(try Program.posctl.run(["policy", "check", directory]).status == 0)
    let exported = try Self.explain("2026-04-01", income: 4_555, "--policy", directory)
    #expect(try exported.output == Self.explain("2026-04-01", income: 4_555).output)
    #expect(try Program.posctl.run(["policy", "export", directory]).status == 2)

    let key = Array("key,value\neffective_form,2015-11-01\n".utf8)
    try folder.write(key, to: "policy/policy-2015-11-01.csv")
    let checked = try Program.posctl.run(["policy", "check", directory])
    #expect(checked.status == 1 && checked.output.isEmpty)
    #expect(
      checked.errors.contains(
        "policy-2015-11-01.csv: line 2: key \"effective_form\" is unknown\n"))
    let refused = try Self.explain("2026-04-01", income: 1, "--policy", directory)
    #expect(refused.status == 2 && refused.output.isEmpty)
    #expect(try Program.posctl.run(["policy", "check", "\(folder.path)/none"]).status == 2)
  }
}
