import TransactionModel
import WireFormat

extension TransactionCase {
  /// What hangs on the day: each is played from 2023 on, with the clock set for every request.
  public static let dates = [
    daylightSavingNights, tableBegins, familySizes, lastDays, lapse, claimedMonths, monthsBack,
    history,
  ]

  private static func day(_ yyyymmdd: UInt32) -> CalendarDate { CalendarDate(trusted: yyyymmdd) }

  private static func noon(_ yyyymmdd: UInt32) -> Instant {
    Fixture.instant(yyyymmdd, hour: 20)
  }

  private static let daylightSavingNights = TransactionCase(
    "a day begins and ends at midnight in California, also where the clock is changed"
  ) { scene in
    let nights: [(Instant, UInt32, ResponseCode, UInt32)] = [
      (Fixture.onTheWall(2026_03_07, 23, 50, daylight: false), 2026_03_07, .noIncomeTable, 0),
      (Fixture.onTheWall(2026_03_08, 0, 0, daylight: false), 2026_03_08, .noIncomeTable, 0),
      (Fixture.onTheWall(2026_03_08, 3, 0, daylight: true), 2026_03_08, .noIncomeTable, 0),
      (Fixture.onTheWall(2026_03_08, 23, 50, daylight: true), 2026_03_08, .noIncomeTable, 0),
      (Fixture.onTheWall(2026_03_09, 0, 0, daylight: true), 2026_03_09, .noIncomeTable, 0),
      (Fixture.onTheWall(2026_10_31, 23, 50, daylight: true), 2026_10_31, .activated, 2027_10_30),
      (Fixture.onTheWall(2026_11_01, 0, 0, daylight: true), 2026_11_01, .activated, 2027_10_31),
      (Fixture.onTheWall(2026_11_01, 1, 30, daylight: false), 2026_11_01, .activated, 2027_10_31),
      (Fixture.onTheWall(2026_11_01, 23, 50, daylight: false), 2026_11_01, .activated, 2027_10_31),
      (Fixture.onTheWall(2026_11_02, 0, 0, daylight: false), 2026_11_02, .activated, 2027_11_01),
    ]
    for (index, (time, date, code, lastDay)) in nights.enumerated() {
      let (card, today) = (scene.card(UInt64(index)), day(date))
      for days: Int32 in [-1, 1] {
        scene.send(
          Scene.activate(card, on: today.adding(days: days)), at: time,
          gives: .certificationDateNotAllowed)
      }
      scene.send(
        Scene.activate(card, on: today), at: time, gives: code,
        .period(lastDay == 0 ? .none : today, day(lastDay)), .daysLeft(lastDay == 0 ? 0 : 365))
      scene.send(
        Scene.inquire(card, on: today.adding(days: 1)), at: time, gives: .dateOfServiceAhead)
    }
  }

  private static let tableBegins = TransactionCase(
    "the table of 2026 decides from the first of April on, and none before"
  ) { scene in
    let eve = Fixture.onTheWall(2026_03_31, 23, 50, daylight: true)
    let first = Fixture.onTheWall(2026_04_01, 0, 0, daylight: true)
    scene.send(
      Scene.activate(scene.card, on: day(2026_03_31)), at: eve, gives: .noIncomeTable,
      .decidedBy(set: 2015_11_01, table: 0), .incomeLimit(0), .notices([]))
    for (card, income, code): (UInt64, UInt32, ResponseCode) in [
      (0, 4_554, .activated), (1, 4_555, .ineligibleIncome),
    ] {
      scene.send(
        Scene.activate(
          scene.card(card), SampleForm.eligible.with(.monthlyIncome, income), on: day(2026_04_01)),
        at: first, gives: code, .decidedBy(set: 2015_11_01, table: 2026_04_01),
        .incomeLimit(4_554))
    }
  }

  private static let familySizes = TransactionCase(
    "every size of family has its limit, in every year of which a table was published"
  ) { scene in
    let years: [(UInt32, Instant, [UInt32], UInt32)] = [
      (
        2024_03_31, noon(2024_03_31), [2_430, 3_287, 4_143, 5_000, 5_857, 6_713, 7_570, 8_427],
        857
      ),
      (
        2024_04_01, noon(2024_04_01), [2_510, 3_407, 4_303, 5_200, 6_097, 6_993, 7_890, 8_787],
        897
      ),
      (
        2026_04_01, noon(2026_04_01), [2_660, 3_608, 4_554, 5_500, 6_448, 7_394, 8_340, 9_288],
        948
      ),
    ]
    for (year, (date, time, limits, increment)) in years.enumerated() {
      for size in UInt32(1)...20 {
        let limit = size <= 8 ? limits[Int(size) - 1] : limits[7] + (size - 8) * increment
        let card = Fixture.card(UInt64(50_000 + year * 100) + UInt64(size))
        let form = SampleForm.eligible.with(.familySize, size)
        scene.send(
          Scene.activate(card, form.with(.monthlyIncome, limit + 1), on: day(date)), at: time,
          gives: .ineligibleIncome, .failedCriteria(.income), .incomeLimit(limit))
        scene.send(
          Scene.activate(card, form.with(.monthlyIncome, limit), on: day(date)), at: time,
          gives: .activated, .incomeLimit(limit))
      }
    }
  }

  private static let lastDays = TransactionCase(
    "the last day is in, the next is out, an early renewal loses and doubles none"
  ) { scene in
    scene.send(
      Scene.activate(scene.card, on: day(2026_04_01)), at: noon(2026_04_01), gives: .activated,
      .period(day(2026_04_01), day(2027_03_31)), .recertificationOpens(day(2027_02_01)))
    scene.send(
      Scene.activate(scene.card(1), on: day(2026_04_01)), at: noon(2026_04_01), gives: .activated)
    scene.send(
      Scene.recertify(scene.card, on: day(2027_01_31)),
      at: Fixture.onTheWall(2027_01_31, 23, 50, daylight: false), gives: .recertificationTooEarly,
      .recertificationOpens(day(2027_02_01)))
    scene.send(
      Scene.recertify(scene.card, on: day(2027_02_01)),
      at: Fixture.onTheWall(2027_02_01, 0, 0, daylight: false), gives: .recertified,
      .period(day(2026_04_01), day(2027_03_31)), .notices(.renewalWaiting), .daysLeft(59))
    let lastNight = Fixture.onTheWall(2027_03_31, 23, 50, daylight: true)
    for card in [scene.card, scene.card(1)] {
      scene.send(
        Scene.inquire(card, on: day(2027_03_31)), at: lastNight, gives: .eligible, .daysLeft(1))
    }
    let morning = Fixture.onTheWall(2027_04_01, 0, 0, daylight: true)
    scene.send(
      Scene.inquire(scene.card(1), on: day(2027_04_01)), at: morning, gives: .notEligibleOnDate,
      .period(day(2026_04_01), day(2027_03_31)))
    // 365 days, of which one is February 29.
    scene.send(
      Scene.inquire(scene.card, on: day(2027_04_01)), at: morning, gives: .eligible,
      .period(day(2027_04_01), day(2028_03_30)), .daysLeft(365), .notices([]))
    scene.send(
      Scene.inquire(scene.card, on: day(2028_02_29)), at: noon(2028_02_29), gives: .eligible,
      .daysLeft(31), .recertificationOpens(day(2028_02_01)))
    scene.send(
      Scene.inquire(scene.card, on: day(2028_03_30)),
      at: Fixture.onTheWall(2028_03_30, 23, 50, daylight: true), gives: .eligible, .daysLeft(1))
    scene.send(
      Scene.inquire(scene.card, on: day(2028_03_31)),
      at: Fixture.onTheWall(2028_03_31, 0, 0, daylight: true), gives: .notEligibleOnDate)
  }

  private static let lapse = TransactionCase(
    "after a lapse the new period begins with the certification, and the gap stays"
  ) { scene in
    scene.send(
      Scene.activate(scene.card, on: day(2023_04_03)), at: noon(2023_04_03), gives: .activated,
      .period(day(2023_04_03), day(2024_04_01)))
    scene.send(
      Scene.activate(scene.card, on: day(2024_05_10)), at: noon(2024_05_10),
      gives: .recertifyInstead)
    scene.send(
      Scene.recertify(scene.card, on: day(2024_05_10)), at: noon(2024_05_10),
      from: .secondClinic, gives: .recertified, .period(day(2024_05_10), day(2025_05_09)),
      .recordVersion(2), .notices([]))
    let answers: [(UInt32, ResponseCode)] = [
      (2023_05_10, .eligible), (2024_04_01, .eligible), (2024_04_02, .notEligibleOnDate),
      (2024_05_09, .notEligibleOnDate), (2024_05_10, .eligible),
      (2023_05_09, .dateOfServiceTooOld),
    ]
    for (date, code) in answers {
      scene.send(Scene.inquire(scene.card, on: day(date)), at: noon(2024_05_10), gives: code)
    }
    // A year later there is no table, and nobody is told no.
    scene.send(
      Scene.recertify(scene.card, on: day(2025_05_12)), at: noon(2025_05_12),
      gives: .noIncomeTable, .failedCriteria(.noIncomeTable), .status(.notEligible), .notices([]))
  }

  private static let claimedMonths = TransactionCase(
    "claimed months are whole months, one of them with 29 days, apart from the period"
  ) { scene in
    let claim = RetroactiveClaim(
      flags: 0x03, mediCal: .none, otherCoverage: .none, familySize: 1, monthlyIncome: 2_430)
    var overLimit = claim
    overLimit.monthlyIncome = 2_431
    scene.send(
      Scene.activate(scene.card, on: day(2024_03_05), claims: [claim, overLimit, claim]),
      at: noon(2024_03_05), gives: .activated, .claims([1, 2, 1]),
      .period(day(2024_03_05), day(2025_03_04)))
    let answers: [(UInt32, ResponseCode)] = [
      (2024_03_05, .eligible), (2024_03_04, .notEligibleOnDate), (2024_03_01, .notEligibleOnDate),
      (2024_02_29, .eligibleRetroactively), (2024_02_01, .eligibleRetroactively),
      (2024_01_31, .notEligibleOnDate), (2024_01_01, .notEligibleOnDate),
      (2023_12_31, .eligibleRetroactively), (2023_12_01, .eligibleRetroactively),
      (2023_11_30, .notEligibleOnDate),
    ]
    for (date, code) in answers {
      scene.send(Scene.inquire(scene.card, on: day(date)), at: noon(2024_03_05), gives: code)
    }
  }

  private static let monthsBack = TransactionCase(
    "one may ask for twelve months back, from February 29 for the 28th"
  ) { scene in
    scene.send(
      Scene.activate(scene.card, on: day(2023_04_03)), at: noon(2023_04_03), gives: .activated)
    let questions: [(UInt32, UInt32, ResponseCode)] = [
      (2024_02_29, 2023_02_28, .notEligibleOnDate), (2024_02_29, 2023_02_27, .dateOfServiceTooOld),
      (2024_04_03, 2023_04_03, .eligible), (2024_04_03, 2023_04_02, .dateOfServiceTooOld),
      (2025_02_28, 2024_02_29, .eligible), (2025_02_28, 2024_02_28, .eligible),
      (2025_02_28, 2024_02_27, .dateOfServiceTooOld),
    ]
    for (today, date, code) in questions {
      scene.send(Scene.inquire(scene.card, on: day(date)), at: noon(today), gives: code)
    }
  }

  private static let history = TransactionCase(
    "a ninth period displaces one that ended over twelve months ago, and none that did not"
  ) { scene in
    for month: UInt32 in 1...8 {
      let (begin, end) = (2024_00_10 + month * 100, 2024_00_15 + month * 100)
      let body =
        month == 1
        ? Scene.activate(scene.card, on: day(begin)) : Scene.recertify(scene.card, on: day(begin))
      scene.send(body, at: noon(begin), gives: month == 1 ? .activated : .recertified)
      scene.send(Scene.deactivate(scene.card, from: day(end)), at: noon(end), gives: .deactivated)
      scene.send(
        Scene.deactivate(scene.card, from: day(end)), at: noon(end), gives: .alreadyDeactivated,
        .recordVersion(month * 2))
    }
    for date: UInt32 in [2024_09_10, 2025_01_14] {
      scene.send(
        Scene.recertify(scene.card, on: day(date)), at: noon(date),
        gives: .recertificationTooEarly, .status(.notEligible), .recordVersion(16))
    }
    scene.send(
      Scene.inquire(scene.card, on: day(2024_01_14)), at: noon(2025_01_14), gives: .eligible)
    scene.send(
      Scene.recertify(scene.card, on: day(2025_01_15)), at: noon(2025_01_15), gives: .recertified,
      .period(day(2025_01_15), day(2026_01_14)))
    for month: UInt32 in 2...8 {
      scene.send(
        Scene.inquire(scene.card, on: day(2024_00_14 + month * 100)), at: noon(2025_01_15),
        gives: .eligible, .deactivationReason(2))
      scene.send(
        Scene.inquire(scene.card, on: day(2024_00_15 + month * 100)), at: noon(2025_01_15),
        gives: .notEligibleOnDate)
    }
  }
}
