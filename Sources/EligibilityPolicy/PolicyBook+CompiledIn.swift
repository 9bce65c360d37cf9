import TransactionModel

extension PolicyBook {
  /// The program's rules as compiled in: what decides unless files replace it.
  ///
  /// Versions are those of the files that it is written to.
  public static let compiledIn = PolicyBook(
    sets: [
      PolicySet(
        from: date(2001_07_01), version: 0x3154_E685_59BF_1966,
        incomeCounted: .gross,
        ageLimits: PolicySet.AgeLimits(female: 55, male: 60),
        periods: PeriodRules(retroactiveMonths: 0)),
      PolicySet(
        from: date(2015_11_01), version: 0xEE9F_B055_8957_52F7,
        incomeCounted: .taxableHousehold,
        ageLimits: nil,
        periods: PeriodRules(retroactiveMonths: 3)),
    ],
    tables: (publishedTables + derivedTables).sorted { $0.effectiveFrom < $1.effectiveFrom },
    calendar: (publishedDays + derivedDays).sorted {
      // A gap before the derived table that begins with it.
      ($0.firstDay, $1.state.rawValue) < ($1.firstDay, $0.state.rawValue)
    },
    deactivationRules: deactivationRules)

  static func date(_ yyyymmdd: UInt32) -> CalendarDate {
    guard let date = CalendarDate(yyyymmdd: yyyymmdd) else {
      preconditionFailure("\(yyyymmdd) is no date")
    }
    return date
  }
}

// MARK: Which published table decides when

extension PolicyBook {
  /// A table holds to the eve of the next one, at most to the end of its year of use.
  ///
  /// The table of 2024 was published early and withdrawn for two weeks; the days are not public,
  /// so it is not shown as staged or withdrawn on any.
  private static let publishedDays = [
    TableDays(.gap, from: .none, through: date(2001_06_30)),
    effective(2001_07_01, through: 2002_06_30),
    TableDays(.gap, from: date(2002_07_01), through: date(2023_03_31)),
    effective(2023_04_01, through: 2024_03_31),
    effective(2024_04_01, through: 2025_03_31),
    TableDays(.gap, from: date(2025_04_01), through: date(2026_03_31)),
    effective(2026_04_01, through: 2027_03_31),
  ]

  private static func effective(_ table: UInt32, through lastDay: UInt32) -> TableDays {
    TableDays(.effective, of: date(table), from: date(table), through: date(lastDay))
  }
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
