// The files of a policy directory (Protocol/POLICY_FILES.md). All are CSV by RFC 4180 in UTF-8 with
// a first line that names the columns, at most 256 KiB each.
//
// policy-*.csv    one policy set each: key,value
// income-*.csv    income tables, one or more each:
//                 effective_from,size,monthly_max,annual_max,basis,source,note
// calendar.csv    which table decides when: first_day,last_day,state,table
// reasons.csv     reasons for deactivation:
//                 reason,sub_reason,first_day,last_day,effective_days_min,effective_days_max
//
// Validity, over all files at once:
//  1. Nothing else ends with .csv; each of the four kinds is there, the last two just once.
//  2. Every column and key is there, and no other; every row has as many fields as the first line.
//  3. Days are written 2026-04-01 and exist; numbers are decimal digits.
//  4. No two policy sets begin on one day.
//  5. A table's rows stand together, for families of 1, 2 and so on, then `add`; all of one basis
//     and source; limits grow with the family; no two tables begin on one day.
//  6. A published row's annual figure is less than 24 dollars from 12 times its monthly one (twice
//     a figure rounded to dollars), unless its note begins with "as printed"; a derived row's
//     monthly figure is a twelfth of its annual one, rounded up.
//  7. The calendar's rows stand in order of their first days. Its effective and gap rows follow
//     each other without a day between or in common, from a gap without a first day on.
//  8. An effective row names a published table and begins no earlier than that; a derived row a
//     derived one, and lies within one gap. No table has two rows on one day. Every table is named.
//  9. A reason and sub-reason is one that posd knows, and has one row on any day.

public import EligibilityPolicy
import TransactionModel

extension PolicyBook {
  /// Makes a book from all files of a policy directory, or says all that is wrong in them.
  public init(files: [PolicyFile]) throws(PolicyFilesError) {
    var reader = PolicyReader()
    reader.read(files)
    guard reader.mistakes.isEmpty else { throw .mistakes(reader.mistakesInOrder) }
    self.init(
      sets: reader.sets.map(\.set).sorted { $0.firstDay < $1.firstDay },
      tables: reader.tables.map(\.table).sorted { $0.effectiveFrom < $1.effectiveFrom },
      calendar: reader.calendar.map(\.days), deactivationRules: reader.rules.map(\.rule))
  }

  /// Reads a policy directory.
  public init(directory path: String) throws(PolicyFilesError) {
    try self.init(files: PolicyFile.all(in: path))
  }
}

/// Where something was read.
struct Origin: Hashable {
  let file: String
  let line: Int
}

/// Reads policy files one by one and gathers what they say, and what is wrong in them.
struct PolicyReader {
  private(set) var mistakes: [PolicyMistake] = []
  var sets: [(set: PolicySet, origin: Origin)] = []
  var tables: [(table: IncomeTable, origin: Origin)] = []
  /// The days of all tables that were begun, faulty ones too.
  var knownTables: Set<CalendarDate> = []
  /// Whether rows of tables were left out because of their form, perhaps whole tables.
  var mayLackTables = false
  var calendar: [(days: TableDays, origin: Origin)] = []
  var rules: [(rule: DeactivationRule, origin: Origin)] = []

  static let calendarName = "calendar.csv"
  static let reasonsName = "reasons.csv"
  static let setPrefix = "policy-"
  static let tablesPrefix = "income-"

  mutating func read(_ files: [PolicyFile]) {
    for file in files {
      if file.bytes.count > PolicyFile.byteCountMax {
        report(file.name, "longer than \(PolicyFile.byteCountMax) bytes")
      } else if file.name.hasPrefix(Self.setPrefix) {
        readSet(file)
      } else if file.name.hasPrefix(Self.tablesPrefix) {
        readTables(file)
      } else if file.name == Self.calendarName {
        readCalendar(file)
      } else if file.name == Self.reasonsName {
        readReasons(file)
      } else {
        report(file.name, "not the name of a policy file")
      }
    }
    for (name, isThere) in [
      ("\(Self.setPrefix)*.csv", files.contains { $0.name.hasPrefix(Self.setPrefix) }),
      ("\(Self.tablesPrefix)*.csv", files.contains { $0.name.hasPrefix(Self.tablesPrefix) }),
      (Self.calendarName, files.contains { $0.name == Self.calendarName }),
      (Self.reasonsName, files.contains { $0.name == Self.reasonsName }),
    ] where !isThere {
      report(name, "no such file")
    }
    checkSets()
    // A calendar with a row that could not be read would seem to have gaps.
    if !mistakes.contains(where: { $0.file == Self.calendarName }) {
      checkTables()
      checkCalendar()
    }
    checkReasons()
  }

  /// All mistakes by file and line.
  var mistakesInOrder: [PolicyMistake] {
    mistakes.enumerated().sorted {
      ($0.element.file, $0.element.line, $0.offset) < ($1.element.file, $1.element.line, $1.offset)
    }.map(\.element)
  }

  mutating func report(_ file: String, line: Int = 0, _ reason: String) {
    mistakes.append(PolicyMistake(file, line: line, reason))
  }

  mutating func report(_ origin: Origin, _ reason: String) {
    report(origin.file, line: origin.line, reason)
  }

  /// The rows of a file that have the right form; the others are reported.
  mutating func rows(of file: PolicyFile, columns: [String]) -> [CSVTable.Row] {
    let table: CSVTable
    do throws(CSVHeaderFault) {
      table = try CSVTable(file.bytes, columns: columns)
    } catch {
      for reason in error.reasons { report(file.name, line: 1, reason) }
      return []
    }
    var rows: [CSVTable.Row] = []
    for entry in table.entries {
      switch entry {
      case .row(let row): rows.append(row)
      case .fault(let line, let reason, _): report(file.name, line: line, reason)
      }
    }
    if table.entries.isEmpty { report(file.name, "no row below its first line") }
    return rows
  }

  /// The day in a field; `nil`, and reported, when it is none.
  mutating func day(_ text: String, _ name: String, at origin: Origin) -> CalendarDate? {
    if let day = CalendarDate(iso: text) { return day }
    report(origin, "\(name): \"\(text)\" is no day such as 2026-04-01")
    return nil
  }

  /// The day in a field that may be empty, for none.
  mutating func dayOrNone(_ text: String, _ name: String, at origin: Origin) -> CalendarDate? {
    text.isEmpty ? CalendarDate.none : day(text, name, at: origin)
  }

  /// The number in a field; `nil`, and reported, when it is none or outside the range.
  mutating func number<Number: FixedWidthInteger>(
    _ text: String, _ name: String, in range: ClosedRange<Number>, at origin: Origin
  ) -> Number? {
    let isNegative = Number.isSigned && text.hasPrefix("-")
    let magnitude = Number(digits: isNegative ? text.dropFirst() : text[...])
    if let magnitude, range.contains(isNegative ? 0 - magnitude : magnitude) {
      return isNegative ? 0 - magnitude : magnitude
    }
    report(
      origin,
      "\(name): \"\(text)\" is no number from \(range.lowerBound) to \(range.upperBound)")
    return nil
  }
}
