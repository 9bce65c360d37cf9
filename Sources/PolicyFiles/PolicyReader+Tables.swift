import EligibilityPolicy
import TransactionModel

extension PolicyReader {
  static let tableColumns = [
    "effective_from", "size", "monthly_max", "annual_max", "basis", "source", "note",
  ]
  static let incrementSize = "add"
  static let bases: [(name: String, value: IncomeTable.Basis)] = [
    ("published", .published), ("derived", .derived),
  ]
  /// What the note of a row begins with that does not add up, and was printed so.
  static let asPrinted = "as printed"
  /// Twelve months of twice a figure that was rounded to dollars.
  private static let roundingDollars = 24
  /// Small enough that the limit of the largest family fits 32 bits.
  private static let dollarsMax: UInt32 = 9_999_999

  /// A table of which not all rows have been read.
  private struct Draft {
    let effectiveFrom: CalendarDate
    let basis: IncomeTable.Basis
    let source: String
    let origin: Origin
    var rows: [IncomeTable.Row] = []
    var increment: IncomeTable.Row?
    /// How many rows were there, faulty ones too.
    var sizeCount = 0
    var isFaulty = false
    /// Whether rows of the file were left out because of their form.
    let mayLackRows: Bool
  }

  mutating func readTables(_ file: PolicyFile) {
    var draft: Draft?
    let beforeRows = mistakes.count
    let rows = rows(of: file, columns: Self.tableColumns)
    let mayLackRows = mistakes.count > beforeRows
    if mayLackRows { mayLackTables = true }
    for row in rows {
      let origin = Origin(file: file.name, line: row.line)
      let before = mistakes.count
      // A row without a day is taken to belong to the table that it stands in.
      let written = day(row["effective_from"], "effective_from", at: origin)
      guard let day = written ?? draft?.effectiveFrom else { continue }
      if draft?.effectiveFrom != day {
        if let draft { finish(draft, file) }
        draft = begin(day, row, after: draft?.effectiveFrom, mayLackRows, origin)
      }
      guard var open = draft else { continue }
      add(row, to: &open, origin)
      if mistakes.count > before { open.isFaulty = true }
      draft = open
    }
    if let draft { finish(draft, file) }
  }

  private mutating func begin(
    _ day: CalendarDate, _ row: CSVTable.Row, after previous: CalendarDate?, _ mayLackRows: Bool,
    _ origin: Origin
  ) -> Draft {
    if let previous, day < previous {
      report(origin, "row out of order: the table of \(day) stands behind that of \(previous)")
    }
    if !knownTables.insert(day).inserted {
      report(origin, "the table of \(day) has rows elsewhere already")
    }
    let basis = Self.bases.first { $0.name == row["basis"] }
    return Draft(
      effectiveFrom: day, basis: basis?.value ?? .published, source: row["source"],
      origin: origin, mayLackRows: mayLackRows)
  }

  private mutating func add(_ row: CSVTable.Row, to draft: inout Draft, _ origin: Origin) {
    if row["source"].isEmpty { report(origin, "source: where it was printed is wanted") }
    if row["source"] != draft.source {
      report(origin, "source differs from that of the table's first row")
    }
    if let basis = Self.bases.first(where: { $0.name == row["basis"] })?.value {
      if basis != draft.basis { report(origin, "basis differs from that of the table's first row") }
    } else {
      let names = Self.bases.map(\.name).joined(separator: " or ")
      report(origin, "basis: \"\(row["basis"])\" is not \(names)")
    }
    let dollars = 1...Self.dollarsMax
    let monthly = number(row["monthly_max"], "monthly_max", in: dollars, at: origin)
    let annual = number(row["annual_max"], "annual_max", in: dollars, at: origin)
    let figures: IncomeTable.Row? =
      if let monthly, let annual { .init(monthly, annual, note: row["note"]) } else { nil }
    if let figures { check(figures, draft.basis, origin) }
    guard row["size"] == Self.incrementSize else {
      addSize(row["size"], figures, to: &draft, origin)
      return
    }
    if draft.increment != nil { report(origin, "the increment stands twice") }
    draft.increment = figures ?? .init(1, 1)
  }

  private mutating func addSize(
    _ text: String, _ figures: IncomeTable.Row?, to draft: inout Draft, _ origin: Origin
  ) {
    guard let size = number(text, "size", in: 1...255, at: origin) else { return }
    if draft.increment != nil {
      report(origin, "row out of order: family size \(size) stands behind the increment")
    } else if size <= draft.sizeCount {
      report(origin, "row out of order: family size \(size) stands behind \(draft.sizeCount)")
    } else if !draft.mayLackRows {
      for missing in (draft.sizeCount + 1)..<size {
        report(origin, "the row for family size \(missing) is missing")
      }
    }
    draft.sizeCount = max(draft.sizeCount, size)
    guard let figures else { return }
    if let last = draft.rows.last, figures.monthly <= last.monthly || figures.annual <= last.annual
    {
      report(origin, "the limits are not above those of the smaller family")
    }
    draft.rows.append(figures)
  }

  private mutating func check(
    _ row: IncomeTable.Row, _ basis: IncomeTable.Basis, _ origin: Origin
  ) {
    switch basis {
    case .published:
      let difference = Int64(row.annual) - 12 * Int64(row.monthly)
      guard abs(difference) >= Self.roundingDollars, !row.note.hasPrefix(Self.asPrinted) else {
        return
      }
      report(
        origin,
        "annual_max \(row.annual) is not 12 times monthly_max, \(row.monthly * 12): where it "
          + "was printed so the note begins with \"\(Self.asPrinted)\"")
    case .derived:
      let derived = IncomeTable.monthly(ofAnnual: row.annual)
      guard row.monthly != derived else { return }
      report(origin, "monthly_max \(row.monthly) is not annual_max / 12 rounded up, \(derived)")
    }
  }

  private mutating func finish(_ draft: Draft, _ file: PolicyFile) {
    if draft.sizeCount == 0, !draft.mayLackRows {
      report(draft.origin, "the table of \(draft.effectiveFrom) has no row for family size 1")
    }
    if draft.increment == nil, !draft.mayLackRows {
      report(
        draft.origin,
        "the table of \(draft.effectiveFrom) has no increment: a row of size "
          + "\(Self.incrementSize) is missing")
    }
    guard !draft.isFaulty, !draft.rows.isEmpty, let increment = draft.increment else { return }
    let table = IncomeTable(
      from: draft.effectiveFrom, basis: draft.basis, source: draft.source, version: file.version,
      rows: draft.rows, increment: increment)
    tables.append((table, draft.origin))
  }

  /// Every table must have a place in the calendar.
  mutating func checkTables() {
    let named = Set(calendar.map(\.days.table))
    for (table, origin) in tables where !named.contains(table.effectiveFrom) {
      report(
        origin,
        "the table of \(table.effectiveFrom) has no row in \(Self.calendarName): say when it is "
          + "staged, effective, withdrawn or derived")
    }
  }
}
