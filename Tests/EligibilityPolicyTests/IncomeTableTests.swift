import EligibilityPolicy
import Testing
import TransactionModel

private let book = PolicyBook.compiledIn

/// Families of 1 to 20 by the table of 2026: eight rows as printed, then 948 for each person.
private let limits2026: [UInt32] = [
  2_660, 3_608, 4_554, 5_500, 6_448, 7_394, 8_340, 9_288, 10_236, 11_184,
  12_132, 13_080, 14_028, 14_976, 15_924, 16_872, 17_820, 18_768, 19_716, 20_664,
]

private func failed(_ size: UInt8, _ income: UInt32, _ date: UInt32) -> FailedCriteria {
  let facts = EligibilityFacts.eligible.with {
    $0.familySize = size
    $0.monthlyIncome = income
  }
  return book.determine(facts, on: day(date)).failedCriteria
}

@Suite("An income table")
struct IncomeTableTests {
  @Test("of 2026 lets in below and at the limit, not above", arguments: UInt8(1)...20)
  func limits(size: UInt8) {
    let limit = limits2026[Int(size) - 1]
    #expect(failed(size, 0, 2026_04_01) == [])
    #expect(failed(size, limit - 1, 2026_04_01) == [])
    #expect(failed(size, limit, 2026_04_01) == [])
    #expect(failed(size, limit + 1, 2026_04_01) == .income)
    #expect(failed(size, .max, 2026_04_01) == .income)
  }

  @Test(
    "decides every printed row at its limit and above",
    arguments: [
      (2001_07_01, [1_431, 1_935, 2_439, 2_942, 3_445, 3_949, 4_452, 4_955, 5_459, 5_962, 6_466]),
      (2023_04_01, [2_430, 3_287, 4_143, 5_000, 5_857, 6_713, 7_570, 8_427, 9_284]),
      (2024_04_01, [2_510, 3_407, 4_303, 5_200, 6_097, 6_993, 7_890, 8_787, 9_684]),
    ] as [(UInt32, [UInt32])])
  func printedRows(date: UInt32, limits: [UInt32]) {
    for (index, limit) in limits.enumerated() {
      #expect(failed(UInt8(index + 1), limit, date) == [])
      #expect(failed(UInt8(index + 1), limit + 1, date) == .income)
    }
  }

  @Test("has an annual column of twelve times the monthly one, but for what is misprinted")
  func annualColumn() {
    let table = book.table(on: day(2001_07_01))
    let wrong = table?.rows.indices.filter { index in
      table.map { $0.rows[index].annual != $0.rows[index].monthly * 12 } == true
    }
    #expect(wrong == [8])
    #expect(table?.rows[8].annual == 65_608)
  }

  @Test("holds for the largest family that a form can name")
  func largestFamily() {
    let limit = book.table(on: day(2026_04_01))?.monthlyLimit(forFamilyOf: 255)
    #expect(limit == UInt32(9_288 + 247 * 948))
  }

  @Test("decides only while it is effective")
  func states() {
    let states: [IncomeTable.State] = [.staged, .effective, .withdrawn]
    let decides = states.map { state in
      IncomeTable(
        from: day(2024_04_01), through: day(2025_03_31), state: state, version: 1,
        rows: [.init(1, 12)], increment: .init(1, 12)
      ).decides(on: day(2024_04_01))
    }
    #expect(decides == [false, true, false])
  }
}
