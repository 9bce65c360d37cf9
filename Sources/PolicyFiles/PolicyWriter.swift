public import EligibilityPolicy
import TransactionModel

extension PolicyBook {
  /// The book as the files that `init(files:)` reads.
  ///
  /// Each published table has a file of its own, so that its version changes only with it; the
  /// derived ones share one. Versions are those of the files, whatever the book says.
  public var files: [PolicyFile] {
    var files = sets.map {
      PolicyFile("\(PolicyReader.setPrefix)\($0.firstDay).csv", lines(of: $0))
    }
    for table in tables where table.basis == .published {
      files.append(
        PolicyFile("\(PolicyReader.tablesPrefix)\(table.effectiveFrom).csv", lines(of: [table])))
    }
    let derived = tables.filter { $0.basis == .derived }
    if !derived.isEmpty {
      files.append(PolicyFile("\(PolicyReader.tablesPrefix)derived.csv", lines(of: derived)))
    }
    files.append(PolicyFile(PolicyReader.calendarName, calendarLines))
    files.append(PolicyFile(PolicyReader.reasonsName, reasonLines))
    return files.sorted { $0.name < $1.name }
  }

  private func lines(of set: PolicySet) -> [[String]] {
    [["key", "value"]]
      + PolicyReader.SetKey.allCases.map { [$0.rawValue, value(of: $0, in: set)] }
  }

  private func value(of key: PolicyReader.SetKey, in set: PolicySet) -> String {
    switch key {
    case .effectiveFrom: "\(set.firstDay)"
    case .incomeCounted:
      PolicyReader.incomesCounted.first { $0.value == set.incomeCounted }?.name ?? ""
    case .ageMaxFemale: set.ageLimits.map { "\($0.female)" } ?? ""
    case .ageMaxMale: set.ageLimits.map { "\($0.male)" } ?? ""
    case .periodDays:
      switch set.periods.length {
      case .days(let count): "\(count)"
      case .calendarYear: PolicyReader.calendarYear
      }
    case .earlyRenewal:
      PolicyReader.earlyRenewals.first { $0.value == set.periods.earlyRenewal }?.name ?? ""
    case .renewalOpensMonths: "\(set.periods.renewalOpensMonths)"
    case .inquiryMonths: "\(set.periods.inquiryMonths)"
    case .retroactiveMonths: "\(set.periods.retroactiveMonths)"
    }
  }

  private func lines(of tables: [IncomeTable]) -> [[String]] {
    [PolicyReader.tableColumns]
      + tables.flatMap { table in
        let basis = PolicyReader.bases.first { $0.value == table.basis }?.name ?? ""
        let sizes = table.rows.indices.map { "\($0 + 1)" } + [PolicyReader.incrementSize]
        return zip(sizes, table.rows + [table.increment]).map { size, row in
          [
            "\(table.effectiveFrom)", size, "\(row.monthly)", "\(row.annual)", basis,
            table.source, row.note,
          ]
        }
      }
  }

  private var calendarLines: [[String]] {
    [PolicyReader.calendarColumns]
      + calendar.map { days in
        let state = PolicyReader.states.first { $0.value == days.state }?.name ?? ""
        return [days.firstDay.orEmpty, days.lastDay.orEmpty, state, days.table.orEmpty]
      }
  }

  private var reasonLines: [[String]] {
    [PolicyReader.reasonColumns]
      + deactivationRules.map { rule in
        [
          "\(rule.reason.rawValue)", "\(rule.subReason.rawValue)", "\(rule.firstDay)",
          rule.lastDay.orEmpty, "\(rule.effectiveDaysMin)", "\(rule.effectiveDaysMax)",
        ]
      }
  }
}

extension PolicyFile {
  fileprivate init(_ name: String, _ lines: [[String]]) {
    self.init(name: name, bytes: Array(lines.map(CSVDocument.line).joined().utf8))
  }
}

extension CalendarDate {
  fileprivate var orEmpty: String { isNone ? "" : description }
}
