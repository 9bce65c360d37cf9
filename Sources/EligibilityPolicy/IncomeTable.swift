public import TransactionModel

/// The highest incomes by family size, as published for a stretch of days.
///
/// Rows are kept as printed, misprints included, and never computed: the published tables follow
/// no single rounding rule. What is compared is the monthly column.
public struct IncomeTable: Sendable {
  /// Where a table is in its life; only an effective one decides.
  public enum State: Sendable, BitwiseCopyable {
    /// Published, and not to be used yet.
    case staged
    case effective
    /// Taken back by the program.
    case withdrawn
  }

  /// The limits of one family size, in whole dollars.
  public struct Row: Hashable, Sendable, BitwiseCopyable {
    public let monthly: UInt32
    public let annual: UInt32

    public init(_ monthly: UInt32, _ annual: UInt32) {
      self.monthly = monthly
      self.annual = annual
    }
  }

  public let firstDay: CalendarDate
  /// The last day on which it decides: the eve of the next table, or a year after it began.
  public let lastDay: CalendarDate
  public let state: State
  /// The first eight bytes of the SHA-256 of its file.
  ///
  /// A compiled-in table has the digits of its first day instead, written in hexadecimal: four
  /// leading zero bytes, which a digest has by a chance of one in 2^32.
  public let version: UInt64
  /// The printed rows for families of one, two and so on; at least one row.
  public let rows: [Row]
  /// What each person beyond the last row adds, as printed.
  public let increment: Row

  public init(
    from firstDay: CalendarDate, through lastDay: CalendarDate, state: State = .effective,
    version: UInt64, rows: [Row], increment: Row
  ) {
    precondition(!rows.isEmpty, "an income table without rows")
    self.firstDay = firstDay
    self.lastDay = lastDay
    self.state = state
    self.version = version
    self.rows = rows
    self.increment = increment
  }

  public func decides(on day: CalendarDate) -> Bool {
    state == .effective && firstDay <= day && day <= lastDay
  }

  /// The highest monthly income, itself allowed, for a family of one or more.
  public func monthlyLimit(forFamilyOf size: UInt8) -> UInt32 {
    precondition(size >= 1, "a family of nobody")
    let printed = min(Int(size), rows.count)
    return rows[printed - 1].monthly + UInt32(Int(size) - printed) * increment.monthly
  }
}
