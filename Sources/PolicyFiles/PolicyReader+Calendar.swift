import EligibilityPolicy
import TransactionModel

extension PolicyReader {
  static let calendarColumns = ["first_day", "last_day", "state", "table"]
  static let states: [(name: String, value: TableDays.State)] = [
    ("staged", .staged), ("effective", .effective), ("withdrawn", .withdrawn),
    ("derived", .derived), ("gap", .gap),
  ]

  mutating func readCalendar(_ file: PolicyFile) {
    for row in rows(of: file, columns: Self.calendarColumns) {
      let origin = Origin(file: file.name, line: row.line)
      let firstDay = dayOrNone(row["first_day"], "first_day", at: origin)
      let lastDay = dayOrNone(row["last_day"], "last_day", at: origin)
      let table = dayOrNone(row["table"], "table", at: origin)
      guard let state = Self.states.first(where: { $0.name == row["state"] })?.value else {
        let names = Self.states.map(\.name).joined(separator: ", ")
        report(origin, "state: \"\(row["state"])\" is none of \(names)")
        continue
      }
      guard let firstDay, let lastDay, let table else { continue }
      guard (state == .gap) == table.isNone else {
        report(
          origin, state == .gap ? "a gap names no table" : "table: the day of a table is wanted")
        continue
      }
      if firstDay.isNone, state != .gap { report(origin, "first_day: only a gap may have none") }
      if lastDay.isNone, state == .effective || state == .derived {
        report(origin, "last_day: a table that decides must have one")
      }
      if !lastDay.isNone, lastDay < firstDay {
        report(origin, "last_day \(lastDay) lies before first_day \(firstDay)")
      }
      calendar.append(
        (TableDays(state, of: table, from: firstDay, through: lastDay), origin))
    }
  }

  /// Holds the rows against each other and against the tables.
  mutating func checkCalendar() {
    for index in calendar.indices.dropFirst()
    where calendar[index].days.firstDay < calendar[index - 1].days.firstDay {
      report(
        calendar[index].origin,
        "row out of order: \(calendar[index].days.firstDay) stands behind "
          + "\(calendar[index - 1].days.firstDay)")
    }
    checkTiles()
    for (days, origin) in calendar where days.state != .gap { checkTable(of: days, origin) }
    for index in calendar.indices where calendar[index].days.state != .gap {
      let (days, origin) = calendar[index]
      for (other, otherOrigin) in calendar[..<index]
      where Self.exclude(days, other) && days.overlaps(other) {
        report(
          origin, "overlap: line \(otherOrigin.line) has days of it as \(other.state) already")
      }
    }
  }

  /// Whether two rows may share no day: rows of one table, and derived ones.
  private static func exclude(_ days: TableDays, _ other: TableDays) -> Bool {
    days.table == other.table || days.state == .derived && other.state == .derived
  }

  /// Effective rows and gaps must follow each other day by day.
  private mutating func checkTiles() {
    let tiles = calendar.filter { $0.days.state == .effective || $0.days.state == .gap }
      .sorted { ($0.days.firstDay, $0.origin.line) < ($1.days.firstDay, $1.origin.line) }
    if let first = tiles.first, !first.days.firstDay.isNone {
      report(
        first.origin,
        "undeclared gap: no row has the days before \(first.days.firstDay); the calendar begins "
          + "with a gap that has no first_day")
    }
    for (before, tile) in zip(tiles, tiles.dropFirst()) {
      guard !before.days.lastDay.isNone, tile.days.firstDay > before.days.lastDay else {
        report(tile.origin, "overlap: line \(before.origin.line) has days of it already")
        continue
      }
      let wanted = before.days.lastDay.adding(days: 1)
      guard tile.days.firstDay != wanted else { continue }
      report(
        tile.origin,
        "undeclared gap: no row has the days from \(wanted) to "
          + "\(tile.days.firstDay.adding(days: -1)); where no table decides a gap is declared")
    }
  }

  /// Whether a row names a table that is there, and one that it may name.
  private mutating func checkTable(of days: TableDays, _ origin: Origin) {
    guard knownTables.contains(days.table) else {
      if !mayLackTables { report(origin, "table: there is no table of \(days.table)") }
      return
    }
    // A table with a mistake of its own has been reported.
    guard let table = tables.first(where: { $0.table.effectiveFrom == days.table })?.table else {
      return
    }
    let isDerived = days.state == .derived
    if isDerived || days.state == .effective, isDerived != (table.basis == .derived) {
      report(origin, "the table of \(days.table) is \(table.basis), and cannot be \(days.state)")
    }
    if isDerived || days.state == .effective, days.firstDay < table.effectiveFrom {
      report(origin, "first_day \(days.firstDay) lies before the table's own day")
    }
    if isDerived,
      !calendar.contains(where: { $0.days.state == .gap && days.lies(within: $0.days) })
    {
      report(origin, "a derived table must lie within one gap")
    }
  }
}
