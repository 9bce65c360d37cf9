import TransactionModel
import WireFormat

extension TransactionCase {
  /// Every way in which an activation ends.
  public static let activations = [
    TransactionCase("an eligible client's card is activated") { scene in
      scene.send(
        Scene.activate(scene.card), gives: .activated, .status(.eligible),
        .period(Fixture.today, Fixture.periodEnd), .recordVersion(1), .daysLeft(365),
        .recertificationOpens(Fixture.renewalOpens), .failedCriteria([]), .notices([]),
        .decidedBy(set: 2015_11_01, table: 2026_04_01), .incomeLimit(4_554), .hasAidCode(true),
        .confirmation(.real), .claims([0, 0, 0]), .deactivationReason(0), .spanish(false),
        .restsOnRecord(true), .isStoredReply(false))
      scene.send(Scene.inquire(scene.card), gives: .eligible, .recordVersion(1))
    },
    TransactionCase("the display is in Spanish when asked for") { scene in
      scene.send(
        Scene.activate(scene.card), flags: [.spanish, .keyed], gives: .activated, .spanish(true))
    },
    TransactionCase("an income at the limit is eligible, one dollar more is not") { scene in
      scene.send(Scene.activate(scene.card, SampleForm.incomeAtLimit), gives: .activated)
      scene.send(
        Scene.activate(scene.card(1), SampleForm.incomeTooHigh), gives: .ineligibleIncome,
        .status(.none), .period(.none, .none), .recordVersion(1), .failedCriteria(.income),
        .notices(.fairHearing), .incomeLimit(4_554), .hasAidCode(false), .confirmation(.real),
        .claims([0, 0, 0]), .restsOnRecord(true))
    },
    TransactionCase("no income is an income") { scene in
      scene.send(
        Scene.activate(scene.card, SampleForm.eligible.with(.monthlyIncome, 0)),
        gives: .activated)
    },
    TransactionCase("every criterion that failed is named, the first gives the code") { scene in
      scene.send(
        Scene.activate(scene.card, SampleForm.failsEverything), gives: .ineligibleResidence,
        .failedCriteria(
          [.residence, .income, .need, .institution, .mediCal, .otherCoverage]))
    },
    TransactionCase("an ineligible client may come back with a new form") { scene in
      scene.send(
        Scene.activate(scene.card, SampleForm.incomeTooHigh), gives: .ineligibleIncome,
        .recordVersion(1))
      scene.send(Scene.activate(scene.card), gives: .activated, .recordVersion(2))
    },
    TransactionCase("claimed months are decided each by itself") { scene in
      let eligible = RetroactiveClaim(
        flags: 0x03, mediCal: .none, otherCoverage: .none, familySize: 1, monthlyIncome: 2_660)
      var ineligible = eligible
      ineligible.monthlyIncome = 2_661
      scene.send(
        Scene.activate(scene.card, claims: [eligible, nil, ineligible]), gives: .activated,
        .claims([1, 0, 2]), .status(.eligible), .period(Fixture.today, Fixture.periodEnd))
      scene.send(
        Scene.inquire(scene.card, on: CalendarDate(trusted: 2026_10_31)),
        gives: .eligibleRetroactively, .status(.retroactive),
        .period(CalendarDate(trusted: 2026_10_01), CalendarDate(trusted: 2026_10_31)),
        .hasAidCode(true), .daysLeft(0))
      scene.send(
        Scene.inquire(scene.card, on: CalendarDate(trusted: 2026_09_30)),
        gives: .notEligibleOnDate)
      scene.send(
        Scene.inquire(scene.card, on: CalendarDate(trusted: 2026_11_01)),
        gives: .notEligibleOnDate)
    },
    TransactionCase("four bad cards get four codes") { scene in
      scene.send(Scene.activate(scene.unknownCard), gives: .cardUnknown, .recordVersion(0))
      scene.send(Scene.activate(scene.unshippedCard), gives: .cardNotShipped)
      scene.send(Scene.activate(scene.cardOfSecondClinic), gives: .cardOfOtherSite)
      scene.send(Scene.activate(scene.voidedCard), gives: .cardVoided)
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(
        Scene.activate(scene.card, SampleForm.otherEligible), gives: .cardOfOtherClient,
        .recordVersion(0), .status(.none), .period(.none, .none), .restsOnRecord(true))
      scene.send(Scene.inquire(scene.card), gives: .eligible, .recordVersion(1))
    },
    TransactionCase("the same client's active card is already active") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(
        Scene.activate(scene.card, SampleForm.eligibleWrittenOtherwise), gives: .alreadyActive,
        .status(.eligible), .period(Fixture.today, Fixture.periodEnd), .recordVersion(1))
    },
    TransactionCase("a deactivated client is recertified, not activated") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(Scene.deactivate(scene.card), gives: .deactivated)
      scene.send(
        Scene.activate(scene.card), gives: .recertifyInstead, .recordVersion(2),
        .status(.none), .period(.none, .none), .hasAidCode(false))
    },
    TransactionCase("only the day of the transaction certifies") { scene in
      for day: UInt32 in [2026_11_01, 2026_11_03, 2025_11_02] {
        scene.send(
          Scene.activate(scene.card, on: CalendarDate(trusted: day)),
          gives: .certificationDateNotAllowed, .recordVersion(0))
      }
    },
    TransactionCase("nobody is certified before birth") { scene in
      scene.send(
        Scene.activate(scene.card, SampleForm.eligible.with(.birthDate, 2026_11_03)),
        gives: .birthDateAhead)
      scene.send(
        Scene.activate(scene.card, SampleForm.eligible.with(.birthDate, 2026_11_02)),
        gives: .activated)
    },
  ]
}
