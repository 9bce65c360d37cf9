public import TransactionModel

/// All policy sets, income tables and deactivation rules, each with the days on which it holds.
///
/// A value without state: whoever decides holds one book and may be handed another.
public struct PolicyBook: Hashable, Sendable {
  /// In order of their first days; at least one.
  public let sets: [PolicySet]
  /// In order of their days, of which no two share one.
  public let tables: [IncomeTable]
  /// On which days which table decides, in order of first days.
  public let calendar: [TableDays]
  public let deactivationRules: [DeactivationRule]
  /// Whether derived tables decide in the gaps between published ones.
  public var usesDerivedTables = false

  private let effective: [Stretch]
  private let derived: [Stretch]

  public init(
    sets: [PolicySet], tables: [IncomeTable], calendar: [TableDays],
    deactivationRules: [DeactivationRule]
  ) {
    precondition(!sets.isEmpty, "a policy book without a policy set")
    self.sets = sets
    self.tables = tables
    self.calendar = calendar
    self.deactivationRules = deactivationRules
    func stretches(_ state: TableDays.State) -> [Stretch] {
      calendar.filter { $0.state == state }.map { days in
        guard let index = tables.firstIndex(where: { $0.effectiveFrom == days.table }) else {
          preconditionFailure("the calendar names a table that is not there")
        }
        return Stretch(days: days, tableIndex: index)
      }
    }
    effective = stretches(.effective)
    derived = stretches(.derived)
  }

  /// Days on which one table decides.
  private struct Stretch: Hashable, Sendable, BitwiseCopyable {
    let days: TableDays
    let tableIndex: Int
  }

  /// The set in force on a day; `nil` before the first.
  public func set(on day: CalendarDate) -> PolicySet? {
    setIndex(on: day).map { sets[$0] }
  }

  /// The table that decides on a day; `nil` in a gap.
  public func table(on day: CalendarDate) -> IncomeTable? {
    tableIndex(on: day).map { tables[$0] }
  }

  private func tableIndex(on day: CalendarDate) -> Int? {
    if let index = Self.tableIndex(on: day, in: effective) { return index }
    return usesDerivedTables ? Self.tableIndex(on: day, in: derived) : nil
  }

  /// The latest stretch first: that is where nearly every day lies.
  private static func tableIndex(on day: CalendarDate, in stretches: [Stretch]) -> Int? {
    var index = stretches.count - 1
    while index >= 0, !stretches[index].days.contains(day) { index -= 1 }
    return index < 0 ? nil : stretches[index].tableIndex
  }

  /// How periods are reckoned on a day.
  ///
  /// Before the first set the first set's way holds, for periods older than any decision.
  public func periodRules(on day: CalendarDate) -> PeriodRules {
    sets[setIndex(on: day) ?? 0].periods
  }

  private func setIndex(on day: CalendarDate) -> Int? {
    var index = sets.count - 1
    while index >= 0, day < sets[index].firstDay { index -= 1 }
    return index < 0 ? nil : index
  }

  /// The rule of a deactivation reason; `nil` when it is not in force on the day of the visit.
  public func deactivationRule(
    _ reason: DeactivationReason, _ subReason: DeactivationSubReason, on day: CalendarDate
  ) -> DeactivationRule? {
    deactivationRules.first {
      $0.reason == reason && $0.subReason == subReason && $0.isInForce(on: day)
    }
  }

  /// Decides by the set and the table of a day: that of certification, or of a later visit.
  ///
  /// Where set or table is missing the answer says so only if nothing else fails.
  public func determine(_ facts: EligibilityFacts, on day: CalendarDate) -> Determination {
    let set = set(on: day)
    let table = tableIndex(on: day)
    let limit = table.map { tables[$0].monthlyLimit(forFamilyOf: facts.familySize) }
    var failed = set?.failedCriteria(facts, on: day, incomeLimit: limit) ?? []
    if failed.isEmpty, set == nil || table == nil { failed = .noIncomeTable }
    return Determination(
      failedCriteria: failed,
      policySet: set?.firstDay ?? .none,
      incomeTable: table.map { tables[$0].effectiveFrom } ?? .none,
      incomeLimit: limit ?? 0, policyVersion: set?.version ?? 0,
      tableVersion: table.map { tables[$0].version } ?? 0)
  }

  /// Decides one month before certification, by itself.
  ///
  /// Set and table are those of the certification, which is the day of the determination.
  /// `nil` when the claim is incomplete.
  public func determine(
    _ claim: RetroactiveClaim, of client: EligibilityFacts, certifiedOn day: CalendarDate
  ) -> Determination? {
    client.replaced(by: claim).map { determine($0, on: day) }
  }
}
