import ArgumentParser
import EligibilityPolicy
import Installation
import PolicyFiles
import TransactionModel

/// The command `posctl policy explain`.
struct PolicyExplain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Decide a client's eligibility on a day, and say why.",
    discussion: """
      Takes the facts as flags, or with --cases a file with one client in each row, and writes one \
      row for each.
      """)

  @OptionGroup var options: PolicyOptions

  @Flag(help: "Let derived income tables decide where no published one does.") var derived = false
  @Option(help: "A file of cases, as CSV; no other fact is then given.") var cases: String?
  @Option(help: "The day of the determination, such as 2026-04-01.")
  var certificationDate: CalendarDate?
  @Option(help: "How many persons the family has.") var familySize: UInt8?
  @Option(help: "The family's monthly income in whole dollars.") var monthlyIncome: UInt32?
  @Option(help: "The client's age on the day, in years; or the birth date.") var age: UInt32?
  @Option(help: "The client's birth date; or the age.") var birthDate: CalendarDate?
  @Option(help: "F or M.") var sex: Sex?
  @Flag(help: "A California address was declared.") var resident = false
  @Flag(help: "The provider found a need for family planning.") var atRisk = false
  @Flag(help: "An inmate of a prison, jail or juvenile hall.") var institution = false
  @Option(help: "\(MediCalStatus.names.map(\.name).joined(separator: ", ")).")
  var mediCal: MediCalStatus = .none
  @Option(help: "\(OtherCoverage.names.map(\.name).joined(separator: ", ")).")
  var otherCoverage: OtherCoverage = .none
  @Flag(help: "Confidentiality from spouse, partner or parent is wanted.")
  var confidentiality = false
  @Flag(help: "The answer as JSON on one line.") var json = false

  func validate() throws {
    if cases != nil {
      guard certificationDate == nil, familySize == nil, monthlyIncome == nil, age == nil,
        birthDate == nil, sex == nil, !json
      else { throw ValidationError("with --cases the facts stand in the file") }
      return
    }
    guard certificationDate != nil, let familySize, monthlyIncome != nil, sex != nil else {
      throw ValidationError(
        "--certification-date, --family-size, --monthly-income and --sex are wanted")
    }
    guard familySize >= 1 else { throw ValidationError("a family has one person at least") }
    guard (age == nil) != (birthDate == nil) else {
      throw ValidationError("one of --age and --birth-date is wanted")
    }
    if let age, age > 150 { throw ValidationError("--age is at most 150") }
  }

  func run() throws {
    var book = try options.book()
    book.usesDerivedTables = derived
    if let cases {
      let verdict = try QuestionFile.answer(cases) { bytes in
        try CaseFile.decide(bytes, name: cases, by: book)
      }
      throw ExitCode(verdict.rawValue)
    }
    guard let day = certificationDate, let facts = facts(on: day) else { return }
    let explanation = PolicyExplanation(facts, on: day, by: book)
    StandardStreams.write(json ? explanation.json.line : explanation.text)
  }

  private func facts(on day: CalendarDate) -> EligibilityFacts? {
    guard let familySize, let monthlyIncome, let sex,
      let birth = birthDate ?? age.map(day.birthDate)
    else { return nil }
    return EligibilityFacts(
      isResident: resident, isInNeed: atRisk, isInstitutionalised: institution,
      wantsConfidentiality: confidentiality, sex: sex, mediCal: mediCal,
      otherCoverage: otherCoverage, familySize: familySize, monthlyIncome: monthlyIncome,
      birthDate: birth)
  }
}
