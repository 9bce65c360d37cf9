import TransactionModel

// Derived tables: for the gaps between the published ones, used only where they are asked for.
//
// The base is the federal poverty guideline of the year for the 48 contiguous states, by the year,
// for families of one to eight and for each further person, as the Department of Health and Human
// Services printed it; in 2016 the last two rows do not follow the increment. A table begins on
// April 1 of its year, as the published ones of later years do, and the first on the day after the
// published one of 2001 ends. None is derived for the days before the first policy set: nothing
// could be decided by it.

extension PolicyBook {
  static let derivedTables = guidelines.map { year, annual, increment in
    IncomeTable(
      from: date(year == 2002 ? 2002_07_01 : year * 10_000 + 04_01), basis: .derived,
      source: "200 % of the federal poverty guideline of \(year)",
      version: 0x2658_3924_55A8_55F4,
      rows: annual.map(derivedRow), increment: derivedRow(increment))
  }

  /// Each to the eve of the next, or a year less a day.
  static let derivedDays = derivedTables.map { table in
    let year = table.effectiveFrom.year
    return TableDays(
      .derived, of: table.effectiveFrom, from: table.effectiveFrom,
      through: date((year + 1) * 10_000 + 03_31))
  }

  private static func derivedRow(_ guideline: UInt32) -> IncomeTable.Row {
    .init(IncomeTable.monthly(ofAnnual: guideline * 2), guideline * 2)
  }

  private static let guidelines: [(year: UInt32, annual: [UInt32], increment: UInt32)] = [
    (2002, [8_860, 11_940, 15_020, 18_100, 21_180, 24_260, 27_340, 30_420], 3_080),
    (2003, [8_980, 12_120, 15_260, 18_400, 21_540, 24_680, 27_820, 30_960], 3_140),
    (2004, [9_310, 12_490, 15_670, 18_850, 22_030, 25_210, 28_390, 31_570], 3_180),
    (2005, [9_570, 12_830, 16_090, 19_350, 22_610, 25_870, 29_130, 32_390], 3_260),
    (2006, [9_800, 13_200, 16_600, 20_000, 23_400, 26_800, 30_200, 33_600], 3_400),
    (2007, [10_210, 13_690, 17_170, 20_650, 24_130, 27_610, 31_090, 34_570], 3_480),
    (2008, [10_400, 14_000, 17_600, 21_200, 24_800, 28_400, 32_000, 35_600], 3_600),
    (2009, [10_830, 14_570, 18_310, 22_050, 25_790, 29_530, 33_270, 37_010], 3_740),
    (2010, [10_830, 14_570, 18_310, 22_050, 25_790, 29_530, 33_270, 37_010], 3_740),
    (2011, [10_890, 14_710, 18_530, 22_350, 26_170, 29_990, 33_810, 37_630], 3_820),
    (2012, [11_170, 15_130, 19_090, 23_050, 27_010, 30_970, 34_930, 38_890], 3_960),
    (2013, [11_490, 15_510, 19_530, 23_550, 27_570, 31_590, 35_610, 39_630], 4_020),
    (2014, [11_670, 15_730, 19_790, 23_850, 27_910, 31_970, 36_030, 40_090], 4_060),
    (2015, [11_770, 15_930, 20_090, 24_250, 28_410, 32_570, 36_730, 40_890], 4_160),
    (2016, [11_880, 16_020, 20_160, 24_300, 28_440, 32_580, 36_730, 40_890], 4_160),
    (2017, [12_060, 16_240, 20_420, 24_600, 28_780, 32_960, 37_140, 41_320], 4_180),
    (2018, [12_140, 16_460, 20_780, 25_100, 29_420, 33_740, 38_060, 42_380], 4_320),
    (2019, [12_490, 16_910, 21_330, 25_750, 30_170, 34_590, 39_010, 43_430], 4_420),
    (2020, [12_760, 17_240, 21_720, 26_200, 30_680, 35_160, 39_640, 44_120], 4_480),
    (2021, [12_880, 17_420, 21_960, 26_500, 31_040, 35_580, 40_120, 44_660], 4_540),
    (2022, [13_590, 18_310, 23_030, 27_750, 32_470, 37_190, 41_910, 46_630], 4_720),
    (2025, [15_650, 21_150, 26_650, 32_150, 37_650, 43_150, 48_650, 54_150], 5_500),
  ]
}
