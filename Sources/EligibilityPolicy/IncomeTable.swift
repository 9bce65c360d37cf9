public import TransactionModel

/// The highest incomes by family size, as the program printed them or as derived from the base.
///
/// Published rows are kept as printed, misprints included, and never computed: the published
/// tables follow no single rounding rule. What is compared is the monthly column. On which days a
/// table decides is not its own affair but that of `TableDays`.
public struct IncomeTable: Hashable, Sendable {
  /// Where the rows come from.
  public enum Basis: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case published
    /// 200 % of the federal guideline, a twelfth of it rounded up to whole dollars.
    case derived
  }

  /// The limits of one family size, in whole dollars.
  public struct Row: Hashable, Sendable {
    public let monthly: UInt32
    public let annual: UInt32
    /// What is odd about the row as printed; empty for nothing.
    public let note: String

    public init(_ monthly: UInt32, _ annual: UInt32, note: String = "") {
      self.monthly = monthly
      self.annual = annual
      self.note = note
    }
  }

  /// The day that it names itself by: that from which it is to be used.
  public let effectiveFrom: CalendarDate
  public let basis: Basis
  /// Where it was printed.
  public let source: String
  /// The first eight bytes of the SHA-256 of its file.
  public let version: UInt64
  /// The rows for families of one, two and so on; at least one row.
  public let rows: [Row]
  /// What each person beyond the last row adds.
  public let increment: Row

  public init(
    from effectiveFrom: CalendarDate, basis: Basis = .published, source: String, version: UInt64,
    rows: [Row], increment: Row
  ) {
    precondition(!rows.isEmpty, "an income table without rows")
    self.effectiveFrom = effectiveFrom
    self.basis = basis
    self.source = source
    self.version = version
    self.rows = rows
    self.increment = increment
  }

  /// The highest monthly income, itself allowed, for a family of one or more.
  ///
  /// Beyond the last row a published table adds its printed increment. A derived one takes 200 %
  /// of the base for that very family, so that roundings do not add up.
  public func monthlyLimit(forFamilyOf size: UInt8) -> UInt32 {
    let printed = rows[rowIndex(forFamilyOf: size)]
    let beyond = UInt32(personsBeyondTable(inFamilyOf: size))
    guard beyond > 0 else { return printed.monthly }
    return switch basis {
    case .published: printed.monthly + beyond * increment.monthly
    case .derived: Self.monthly(ofAnnual: printed.annual + beyond * increment.annual)
    }
  }

  /// The row that a family's limit is taken from: its own, or the last.
  public func rowIndex(forFamilyOf size: UInt8) -> Int {
    precondition(size >= 1, "a family of nobody")
    return min(Int(size), rows.count) - 1
  }

  /// How many persons of a family have no row.
  public func personsBeyondTable(inFamilyOf size: UInt8) -> Int {
    max(0, Int(size) - rows.count)
  }

  /// A twelfth, rounded up to whole dollars.
  public static func monthly(ofAnnual annual: UInt32) -> UInt32 { (annual + 11) / 12 }
}
