import TransactionModel

// Income tables as published: monthly, annual. The program's dates: July 1 in 2001, April 1 later.
// A version is that of the file which `posctl policy export` writes.

extension PolicyBook {
  static let publishedTables = [table2001, table2023, table2024, table2026]

  /// Row 9 is misprinted: twelve times its monthly figure is 65,508.
  private static let table2001 = IncomeTable(
    from: date(2001_07_01), source: "provider guidelines of 2001",
    version: 0x57AD_9007_38FE_EC98,
    rows: [
      .init(1_431, 17_172), .init(1_935, 23_220), .init(2_439, 29_268), .init(2_942, 35_304),
      .init(3_445, 41_340), .init(3_949, 47_388), .init(4_452, 53_424), .init(4_955, 59_460),
      .init(5_459, 65_608, note: "as printed: 12 times the monthly figure is 65508"),
      .init(5_962, 71_544),
    ],
    increment: .init(504, 6_048))

  private static let table2023 = IncomeTable(
    from: date(2023_04_01), source: "program web page of 2023",
    version: 0x5568_BC40_C4A5_A945,
    rows: [
      .init(2_430, 29_160), .init(3_287, 39_440), .init(4_143, 49_720), .init(5_000, 60_000),
      .init(5_857, 70_280), .init(6_713, 80_560), .init(7_570, 90_840), .init(8_427, 101_120),
    ],
    increment: .init(857, 10_280))

  private static let table2024 = IncomeTable(
    from: date(2024_04_01), source: "program web page of 2024",
    version: 0x3F2D_2522_0D29_62B9,
    rows: [
      .init(2_510, 30_120), .init(3_407, 40_880), .init(4_303, 51_640), .init(5_200, 62_400),
      .init(6_097, 73_160), .init(6_993, 83_920), .init(7_890, 94_680), .init(8_787, 105_440),
    ],
    increment: .init(897, 10_760))

  private static let table2026 = IncomeTable(
    from: date(2026_04_01),
    source: "provider manual, client eligibility, page 11, April 2026",
    version: 0x3FF7_2CF7_B283_79EA,
    rows: [
      .init(2_660, 31_920), .init(3_608, 43_280), .init(4_554, 54_640), .init(5_500, 66_000),
      .init(6_448, 77_360), .init(7_394, 88_720), .init(8_340, 100_080), .init(9_288, 111_440),
    ],
    increment: .init(948, 11_360))
}
