import EligibilityPolicy
import Testing
import TransactionModel

private let book = PolicyBook.compiledIn

/// A published table, typed in again from print: first and last day, rows, increment.
struct PrintedTable: Sendable, CustomTestStringConvertible {
  let firstDay: UInt32
  let lastDay: UInt32
  let rows: [UInt32]
  let increment: UInt32

  var testDescription: String { "the table of \(firstDay)" }

  static let all = [
    PrintedTable(
      firstDay: 2001_07_01, lastDay: 2002_06_30,
      rows: [1_431, 1_935, 2_439, 2_942, 3_445, 3_949, 4_452, 4_955, 5_459, 5_962],
      increment: 504),
    PrintedTable(
      firstDay: 2023_04_01, lastDay: 2024_03_31,
      rows: [2_430, 3_287, 4_143, 5_000, 5_857, 6_713, 7_570, 8_427], increment: 857),
    PrintedTable(
      firstDay: 2024_04_01, lastDay: 2025_03_31,
      rows: [2_510, 3_407, 4_303, 5_200, 6_097, 6_993, 7_890, 8_787], increment: 897),
    PrintedTable(
      firstDay: 2026_04_01, lastDay: 2027_03_31,
      rows: [2_660, 3_608, 4_554, 5_500, 6_448, 7_394, 8_340, 9_288], increment: 948),
  ]
}

private func failed(
  _ size: UInt8, _ income: UInt32, _ date: UInt32, by book: PolicyBook = book
) -> FailedCriteria {
  let facts = EligibilityFacts.eligible.with {
    $0.familySize = size
    $0.monthlyIncome = income
  }
  return book.determine(facts, on: day(date)).failedCriteria
}

@Suite("An income table")
struct IncomeTableTests {
  @Test(
    "lets in below and at the limit, not above, on its first and on its last day",
    arguments: PrintedTable.all, UInt8(1)...20)
  func limits(table: PrintedTable, size: UInt8) {
    let beyond = Int(size) - table.rows.count
    let limit =
      beyond <= 0
      ? table.rows[Int(size) - 1] : table.rows.last.map { $0 + UInt32(beyond) * table.increment }
    guard let limit else { return }
    for date in [table.firstDay, table.lastDay] {
      #expect(failed(size, 0, date) == [])
      #expect(failed(size, limit - 1, date) == [])
      #expect(failed(size, limit, date) == [])
      #expect(failed(size, limit + 1, date) == .income)
      #expect(failed(size, .max, date) == .income)
    }
  }

  @Test("has an annual column of twelve times the monthly one, but for what is misprinted")
  func annualColumn() throws {
    let table = try #require(book.table(on: day(2001_07_01)))
    let wrong = table.rows.filter { $0.annual != $0.monthly * 12 }
    #expect(
      wrong == [.init(5_459, 65_608, note: "as printed: 12 times the monthly figure is 65508")])
  }

  @Test("tells of a family how many persons have no row", arguments: UInt8(1)...20)
  func personsBeyond(size: UInt8) throws {
    let table = try #require(book.table(on: day(2026_04_01)))
    #expect(table.personsBeyondTable(inFamilyOf: size) == max(0, Int(size) - 8))
    #expect(table.rowIndex(forFamilyOf: size) == min(Int(size), 8) - 1)
  }

  @Test("holds for the largest family that a form can name")
  func largestFamily() {
    let limit = book.table(on: day(2026_04_01))?.monthlyLimit(forFamilyOf: 255)
    #expect(limit == UInt32(9_288 + 247 * 948))
  }
}

@Suite("A derived income table")
struct DerivedTableTests {
  private var asking: PolicyBook {
    var book = book
    book.usesDerivedTables = true
    return book
  }

  @Test(
    "decides in a gap where it is asked for, and nowhere else",
    arguments: [
      // Family size, 200 % of the base of the year, a twelfth rounded up.
      (2002_07_01, 1, 1_477), (2003_03_31, 2, 1_990), (2003_04_01, 1, 1_497),
      (2010_06_15, 3, 3_052), (2015_10_31, 3, 3_349), (2016_04_01, 7, 6_122),
      (2016_04_01, 8, 6_815), (2023_03_31, 8, 7_772), (2025_04_01, 1, 2_609),
      (2026_03_31, 4, 5_359),
      // Beyond the eight rows: 2 x (37,010 + 4 x 3,740) / 12 and 2 x (54,150 + 5,500) / 12.
      (2010_06_15, 12, 8_662), (2025_04_01, 9, 9_942),
    ] as [(UInt32, UInt8, UInt32)])
  func inGaps(date: UInt32, size: UInt8, limit: UInt32) {
    #expect(failed(size, limit, date, by: asking) == [])
    #expect(failed(size, limit + 1, date, by: asking) == .income)
    #expect(failed(size, 0, date) == .noIncomeTable)
    #expect(asking.table(on: day(date))?.basis == .derived)
  }

  @Test("leaves published tables alone", arguments: PrintedTable.all)
  func published(table: PrintedTable) {
    #expect(asking.table(on: day(table.firstDay)) == book.table(on: day(table.firstDay)))
    #expect(asking.table(on: day(table.lastDay)) == book.table(on: day(table.lastDay)))
  }

  @Test("is there for every day from the first policy set to the last published table")
  func everyDay() {
    var date = day(2001_07_01)
    while date <= day(2027_03_31) {
      #expect(asking.table(on: date) != nil, "\(date)")
      date = date.adding(days: 1)
    }
    for date in [2001_06_30, 2027_04_01] as [UInt32] {
      #expect(asking.table(on: day(date)) == nil)
    }
  }
}

@Suite("The calendar of tables")
struct TableCalendarTests {
  /// The table of 2024 as it may have gone: early, taken back for two weeks, in force again.
  private let book = PolicyBook(
    sets: PolicyBook.compiledIn.sets,
    tables: [table(2023_04_01, limit: 23), table(2024_04_01, limit: 24)],
    calendar: [
      TableDays(.effective, of: day(2023_04_01), from: day(2023_04_01), through: day(2024_03_31)),
      TableDays(.staged, of: day(2024_04_01), from: day(2024_02_20), through: day(2024_03_31)),
      TableDays(.effective, of: day(2024_04_01), from: day(2024_04_01), through: day(2024_04_09)),
      TableDays(.withdrawn, of: day(2024_04_01), from: day(2024_04_10), through: day(2024_04_23)),
      TableDays(.effective, of: day(2023_04_01), from: day(2024_04_10), through: day(2024_04_16)),
      TableDays(.gap, from: day(2024_04_17), through: day(2024_04_23)),
      TableDays(.effective, of: day(2024_04_01), from: day(2024_04_24), through: day(2025_03_31)),
    ],
    deactivationRules: [])

  private static func table(_ date: UInt32, limit: UInt32) -> IncomeTable {
    IncomeTable(
      from: day(date), source: "a test", version: 1, rows: [.init(limit, limit * 12)],
      increment: .init(1, 12))
  }

  @Test(
    "lets a table decide only while it is effective",
    arguments: [
      (2024_02_20, 23), (2024_03_31, 23), (2024_04_01, 24), (2024_04_09, 24), (2024_04_10, 23),
      (2024_04_16, 23), (2024_04_17, nil), (2024_04_23, nil), (2024_04_24, 24), (2025_03_31, 24),
      (2025_04_01, nil),
    ] as [(UInt32, UInt32?)])
  func states(date: UInt32, limit: UInt32?) {
    #expect(book.table(on: day(date))?.monthlyLimit(forFamilyOf: 1) == limit)
  }
}

@Suite("A certification")
struct CertificationDayTests {
  @Test(
    "is entered on its day, or later when it was made in a declared outage",
    arguments: [
      (2026_05_06, 2026_05_06, true), (2026_05_03, 2026_05_06, false),
      (2026_05_04, 2026_05_06, true), (2026_05_05, 2026_05_06, true),
      (2026_05_05, 2026_05_05, true), (2026_05_05, 2026_05_04, false),
      (2026_05_07, 2026_05_06, false),
    ] as [(UInt32, UInt32, Bool)])
  func allowed(certified: UInt32, visit: UInt32, isAllowed: Bool) {
    let outage = OutageWindow(from: day(2026_05_04), through: day(2026_05_05))
    let rules = PeriodRules.current
    #expect(
      rules.allowsCertification(of: day(certified), enteredOn: day(visit), outages: [outage])
        == isAllowed)
    #expect(
      rules.allowsCertification(of: day(certified), enteredOn: day(visit), outages: [])
        == (certified == visit))
  }
}
