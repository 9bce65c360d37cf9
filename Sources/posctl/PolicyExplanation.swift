import EligibilityPolicy
import Installation
import PolicyFiles
import TransactionModel

/// Why a client is eligible on a day or not, in words and as JSON.
struct PolicyExplanation {
  private let facts: EligibilityFacts
  private let day: CalendarDate
  private let book: PolicyBook
  private let determination: Determination
  private let table: IncomeTable?

  init(_ facts: EligibilityFacts, on day: CalendarDate, by book: PolicyBook) {
    self.facts = facts
    self.day = day
    self.book = book
    determination = book.determine(facts, on: day)
    table = book.table(on: day)
  }

  /// Several lines, the decision first.
  var text: String {
    var lines = [determination.decisionName.replacing("_", with: " ")]
    lines += failures.map { "  \($0.name): \($0.words)" }
    if determination.decisionName == "ineligible" {
      lines.append("  The client may ask for a fair hearing.")
    }
    lines.append("day           \(day)")
    lines.append("policy set    \(setWords)")
    lines.append("income table  \(tableWords)")
    if table != nil { lines.append("income limit  \(rowWords)") }
    return lines.joined(separator: "\n") + "\n"
  }

  var json: JSONValue {
    var members: [String: JSONValue] = [
      "certification_date": .string("\(day)"),
      "decision": .string(determination.decisionName),
      "failed": .array(
        failures.map { .object(["criterion": .string($0.name), "words": .string($0.words)]) }),
      "policy_set": .null,
      "income_table": .null,
    ]
    if let code = determination.failedCriteria.firstCode {
      members["code"] = .integer(UInt64(code.rawValue))
    }
    if !determination.policySet.isNone {
      members["policy_set"] = .object([
        "effective_from": .string("\(determination.policySet)"),
        "version": .string(determination.policyVersion.versionText),
      ])
    }
    if let table { members["income_table"] = json(of: table) }
    return .object(members)
  }

  private func json(of table: IncomeTable) -> JSONValue {
    let index = table.rowIndex(forFamilyOf: facts.familySize)
    let row = table.rows[index]
    return .object([
      "effective_from": .string("\(table.effectiveFrom)"),
      "version": .string(table.version.versionText),
      "basis": .string("\(table.basis)"),
      "source": .string(table.source),
      "row": .object([
        "family_size": .integer(UInt64(index + 1)),
        "monthly_max": .integer(UInt64(row.monthly)),
        "annual_max": .integer(UInt64(row.annual)),
        "note": .string(row.note),
      ]),
      "persons_beyond_table": .integer(
        UInt64(table.personsBeyondTable(inFamilyOf: facts.familySize))),
      "monthly_increment": .integer(UInt64(table.increment.monthly)),
      "monthly_limit": .integer(UInt64(determination.incomeLimit)),
      "family_size": .integer(UInt64(facts.familySize)),
    ])
  }

  // MARK: Words

  /// Every criterion that failed, in order of precedence.
  private var failures: [(name: String, words: String)] {
    let failed = determination.failedCriteria
    if failed == .noIncomeTable { return [("no income table", absenceWords)] }
    return FailedCriteria.names.filter { failed.contains($0.value) }.map {
      ($0.name, words(for: $0.value))
    }
  }

  private func words(for criterion: FailedCriteria) -> String {
    switch criterion {
    case .residence: return "no California address was declared"
    case .income:
      let kind = book.set(on: day)?.incomeCounted == .gross ? "gross" : "taxable household income"
      return
        "\(facts.monthlyIncome) a month (\(kind)) is above \(determination.incomeLimit), the limit for "
        + "a family of \(facts.familySize) in the table of \(determination.incomeTable)"
    case .need: return "the provider found no need for family planning"
    case .age:
      let limits = book.set(on: day)?.ageLimits
      let limit = facts.sex == .female ? limits?.female : limits?.male
      return "\(facts.age(on: day)) years are above \(limit ?? 0), the highest age of the policy "
        + "set of \(determination.policySet) for this sex"
    case .institution: return "held in a prison, jail or juvenile hall"
    case .mediCal:
      let status = MediCalStatus.names.first { $0.value == facts.mediCal }?.name ?? ""
      return "Medi-Cal (\(status)) pays for family planning, and confidentiality is not asked for"
    default:
      let status = OtherCoverage.names.first { $0.value == facts.otherCoverage }?.name ?? ""
      return "other coverage (\(status)) pays for family planning, and confidentiality is not "
        + "asked for"
    }
  }

  /// Why nothing decides on the day.
  private var absenceWords: String {
    guard !determination.policySet.isNone else { return "no policy set is in force on \(day)" }
    let rows = book.calendar.filter { $0.contains(day) }
    var reasons = ["no income table decides on \(day)"]
    for days in rows {
      switch days.state {
      case .gap: reasons.append("a declared gap")
      case .staged, .withdrawn: reasons.append("the table of \(days.table) is \(days.state)")
      case .derived where !book.usesDerivedTables:
        reasons.append("with --derived the derived table of \(days.table) would")
      case .derived, .effective: break
      }
    }
    return reasons.joined(separator: "; ")
  }

  private var setWords: String {
    determination.policySet.isNone
      ? "none"
      : "\(determination.policySet), version \(determination.policyVersion.versionText)"
  }

  private var tableWords: String {
    guard let table else { return "none" }
    return "\(table.effectiveFrom), \(table.basis): \(table.source), version "
      + table.version.versionText
  }

  /// The limit, and the row that it was taken from.
  private var rowWords: String {
    guard let table else { return "" }
    let limit = "\(determination.incomeLimit) a month for a family of \(facts.familySize)"
    let index = table.rowIndex(forFamilyOf: facts.familySize)
    let row = table.rows[index]
    let beyond = table.personsBeyondTable(inFamilyOf: facts.familySize)
    guard beyond > 0 else {
      return row.note.isEmpty ? limit : "\(limit) (annual figure \(row.annual) \(row.note))"
    }
    switch table.basis {
    case .published:
      return "\(limit): row \(index + 1), \(row.monthly), and beyond the table by the printed "
        + "increment, \(beyond) x \(table.increment.monthly)"
    case .derived:
      return "\(limit): a twelfth, rounded up, of row \(index + 1), \(row.annual) a year, and "
        + "beyond the table \(beyond) x \(table.increment.annual)"
    }
  }
}
