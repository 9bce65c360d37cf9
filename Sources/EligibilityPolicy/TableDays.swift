public import TransactionModel

/// What holds of an income table on a stretch of days, both ends included.
///
/// A table may be published early, withdrawn and put back: then it has several stretches.
public struct TableDays: Hashable, Sendable, BitwiseCopyable {
  public enum State: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Published, and not to be used yet.
    case staged
    /// It decides.
    case effective
    /// Taken back by the program.
    case withdrawn
    /// A derived table that decides where it is asked for.
    case derived
    /// No published table decides, and that is known.
    case gap
  }

  /// None: from ever on.
  public let firstDay: CalendarDate
  /// None: for ever.
  public let lastDay: CalendarDate
  public let state: State
  /// The table by its day; none for a gap.
  public let table: CalendarDate

  public init(
    _ state: State, of table: CalendarDate = .none, from firstDay: CalendarDate,
    through lastDay: CalendarDate
  ) {
    precondition((state == .gap) == table.isNone, "a gap has no table, all else has one")
    self.firstDay = firstDay
    self.lastDay = lastDay
    self.state = state
    self.table = table
  }

  public func contains(_ day: CalendarDate) -> Bool {
    firstDay <= day && (lastDay.isNone || day <= lastDay)
  }

  /// Whether every day of it is a day of `other`.
  public func lies(within other: TableDays) -> Bool {
    other.firstDay <= firstDay
      && (other.lastDay.isNone || !lastDay.isNone && lastDay <= other.lastDay)
  }

  public func overlaps(_ other: TableDays) -> Bool {
    (other.lastDay.isNone || firstDay <= other.lastDay)
      && (lastDay.isNone || other.firstDay <= lastDay)
  }
}
