import TransactionModel

extension PolicyBook {
  /// The program's rules as compiled in: what decides unless files replace it.
  public static let compiledIn = PolicyBook(
    sets: [
      PolicySet(
        from: date(2001_07_01), version: 0x2001_0701,
        ageLimits: PolicySet.AgeLimits(female: 55, male: 60),
        periods: PeriodRules(retroactiveMonths: 0)),
      PolicySet(
        from: date(2015_11_01), version: 0x2015_1101,
        ageLimits: nil,
        periods: PeriodRules(retroactiveMonths: 3)),
    ],
    tables: [table2001, table2023, table2024, table2026],
    deactivationRules: deactivationRules)

  private static func date(_ yyyymmdd: UInt32) -> CalendarDate {
    guard let date = CalendarDate(yyyymmdd: yyyymmdd) else {
      preconditionFailure("\(yyyymmdd) is no date")
    }
    return date
  }
}

// MARK: Income tables, as published: monthly, annual
//
// Gaps without a table: before 2001-07-01, 2002-07-01 to 2023-03-31, 2025-04-01 to 2026-03-31.

extension PolicyBook {
  /// Row 9 is misprinted: twelve times its monthly figure is 65,508.
  private static let table2001 = IncomeTable(
    from: date(2001_07_01), through: date(2002_06_30), version: 0x2001_0701,
    rows: [
      .init(1_431, 17_172), .init(1_935, 23_220), .init(2_439, 29_268), .init(2_942, 35_304),
      .init(3_445, 41_340), .init(3_949, 47_388), .init(4_452, 53_424), .init(4_955, 59_460),
      .init(5_459, 65_608), .init(5_962, 71_544),
    ],
    increment: .init(504, 6_048))

  private static let table2023 = IncomeTable(
    from: date(2023_04_01), through: date(2024_03_31), version: 0x2023_0401,
    rows: [
      .init(2_430, 29_160), .init(3_287, 39_440), .init(4_143, 49_720), .init(5_000, 60_000),
      .init(5_857, 70_280), .init(6_713, 80_560), .init(7_570, 90_840), .init(8_427, 101_120),
    ],
    increment: .init(857, 10_280))

  private static let table2024 = IncomeTable(
    from: date(2024_04_01), through: date(2025_03_31), version: 0x2024_0401,
    rows: [
      .init(2_510, 30_120), .init(3_407, 40_880), .init(4_303, 51_640), .init(5_200, 62_400),
      .init(6_097, 73_160), .init(6_993, 83_920), .init(7_890, 94_680), .init(8_787, 105_440),
    ],
    increment: .init(897, 10_760))

  private static let table2026 = IncomeTable(
    from: date(2026_04_01), through: date(2027_03_31), version: 0x2026_0401,
    rows: [
      .init(2_660, 31_920), .init(3_608, 43_280), .init(4_554, 54_640), .init(5_500, 66_000),
      .init(6_448, 77_360), .init(7_394, 88_720), .init(8_340, 100_080), .init(9_288, 111_440),
    ],
    increment: .init(948, 11_360))
}

// MARK: Deactivation reasons

extension PolicyBook {
  /// The codes of the program manual.
  ///
  /// The first five are taken to be as old as the program. The sixth has its present meaning since
  /// 2025; what it meant before is not public, so it is not in force before.
  private static let deactivationRules = [
    DeactivationRule(.notResident, from: programBegan, effectiveDays: withinThePeriod),
    DeactivationRule(.incomeOverLimit, from: programBegan, effectiveDays: withinThePeriod),
    // After the postoperative period of at most 90 days, or when the clinician finds no risk.
    DeactivationRule(.sterilized, from: programBegan, effectiveDays: 0...90),
    DeactivationRule(.otherCoverage, from: programBegan, effectiveDays: withinThePeriod),
    DeactivationRule(.mediCal, from: programBegan, effectiveDays: withinThePeriod),
    // The day after the visit.
    DeactivationRule(.mediCal, .pregnancy, from: programBegan, effectiveDays: 1...1),
    DeactivationRule(.numberDeactivated, from: date(2025_01_01), effectiveDays: withinThePeriod),
  ]

  private static let programBegan = date(1997_01_01)

  /// The manual sets no bound: what bounds it is the period that is ended.
  private static let withinThePeriod: ClosedRange<Int32> = -365...365
}
