import TransactionModel
import WireFormat

extension TransactionCase {
  /// Every way in which an update ends.
  public static let updates = [
    TransactionCase("an update keeps what is absent, clears what is blank, and takes $0") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      let change = SampleForm.emptyUpdate.with(.monthlyIncome, 0).clearing(.firstName)
        .clearing(.liveBirths).with(.lastName, "Changed")
      scene.send(
        Scene.update(scene.card, expecting: 1, change), gives: .updated, .recordVersion(2),
        .status(.eligible), .period(Fixture.today, Fixture.periodEnd), .incomeLimit(4_554),
        .lastChangeSite(Fixture.clinic), .confirmation(.real), .failedCriteria([]), .notices([]))
      scene.send(
        Scene.inquire(scene.card), gives: .eligible, .text(.lastName, "Changed"),
        .text(.firstName, nil), .number(.liveBirths, nil), .number(.monthlyIncome, 0),
        .number(.familySize, 3), .number(.zipCode, 95_814_0001))
    },
    TransactionCase("a version conflict says who changed the record") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      let change = SampleForm.emptyUpdate.with(.familySize, 4)
      scene.send(
        Scene.update(scene.card, expecting: 1, change), from: .secondClinic, gives: .updated,
        .recordVersion(2), .lastChangeSite(Fixture.secondClinic))
      for version: UInt32 in [1, 3, .max] {
        scene.send(
          Scene.update(scene.card, expecting: version, change), gives: .versionConflict,
          .recordVersion(2), .lastChangeSite(Fixture.secondClinic), .confirmation(.real),
          .restsOnRecord(true), .incomeLimit(0))
      }
      scene.send(Scene.inquire(scene.card), gives: .eligible, .recordVersion(2))
    },
    TransactionCase("an update never moves the period, and says when it must end") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(
        Scene.update(
          scene.card, expecting: 1, SampleForm.emptyUpdate.with(.monthlyIncome, 4_555)),
        gives: .ineligibleIncome, .recordVersion(2), .failedCriteria(.income),
        .notices([.fairHearing, .deactivationDue]), .status(.eligible),
        .period(Fixture.today, Fixture.periodEnd))
      scene.send(
        Scene.inquire(scene.card), gives: .eligible, .number(.monthlyIncome, 4_555),
        .recordVersion(2))
    },
    TransactionCase("an update to a birth after the visit changes nothing") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(
        Scene.update(
          scene.card, expecting: 1, SampleForm.emptyUpdate.with(.birthDate, 2026_11_03)),
        gives: .birthDateAhead, .recordVersion(1))
      scene.send(
        Scene.inquire(scene.card), gives: .eligible, .recordVersion(1),
        .number(.birthDate, 1996_03_14))
    },
    TransactionCase("a client whose eligibility has ended may still be corrected") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(Scene.deactivate(scene.card), gives: .deactivated)
      scene.send(
        Scene.update(scene.card, expecting: 2, SampleForm.emptyUpdate.with(.familySize, 4)),
        gives: .updated, .recordVersion(3), .status(.notEligible), .notices([]))
      scene.send(
        Scene.update(scene.card, expecting: 3, SampleForm.emptyUpdate.with(.monthlyIncome, 9_999)),
        gives: .ineligibleIncome, .recordVersion(4), .status(.notEligible), .notices([]))
      scene.send(
        Scene.inquire(scene.card), gives: .notEligibleOnDate, .recordVersion(4),
        .number(.familySize, 4), .deactivationReason(2))
    },
    TransactionCase("an update without any field is a new determination") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(
        Scene.update(scene.card, expecting: 1, SampleForm.emptyUpdate), gives: .updated,
        .recordVersion(2), .incomeLimit(4_554))
    },
    TransactionCase("there is nothing to update where nothing was activated") { scene in
      let change = SampleForm.emptyUpdate.with(.familySize, 4)
      let cards: [(CardNumber, ResponseCode)] = [
        (scene.unknownCard, .cardUnknown), (scene.unshippedCard, .cardNotShipped),
        (scene.voidedCard, .cardVoided), (scene.card, .neverActivated),
        (scene.cardOfSecondClinic, .neverActivated),
      ]
      for (card, code) in cards {
        scene.send(
          Scene.update(card, expecting: 1, change), gives: code, .recordVersion(0),
          .lastChangeSite(Fixture.clinic), .restsOnRecord(true))
      }
      scene.send(
        Scene.activate(scene.card, SampleForm.incomeTooHigh), gives: .ineligibleIncome)
      scene.send(Scene.update(scene.card, expecting: 1, change), gives: .neverActivated)
    },
  ]

  /// Every way in which a deactivation ends.
  public static let deactivations = [
    TransactionCase("a deactivation takes away today and all that follows") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(
        Scene.deactivate(scene.card), gives: .deactivated, .status(.notEligible),
        .deactivationReason(2), .recordVersion(2), .confirmation(.real), .hasAidCode(false))
      scene.send(
        Scene.inquire(scene.card), gives: .notEligibleOnDate, .deactivationReason(2),
        .recordVersion(2))
      scene.send(
        Scene.deactivate(scene.card), gives: .alreadyDeactivated, .recordVersion(2),
        .deactivationReason(2))
      scene.send(Scene.inquire(scene.card), gives: .notEligibleOnDate, .recordVersion(2))
    },
    TransactionCase("a pregnancy ends eligibility from the day after the visit") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      for day: UInt32 in [2026_11_02, 2026_11_04] {
        scene.send(
          Scene.deactivate(scene.card, .mediCal, .pregnancy, from: CalendarDate(trusted: day)),
          gives: .effectiveDateNotAllowed, .recordVersion(1))
      }
      scene.send(
        Scene.deactivate(scene.card, .mediCal, .pregnancy, from: CalendarDate(trusted: 2026_11_03)),
        gives: .deactivated, .period(Fixture.today, Fixture.today), .deactivationReason(5),
        .status(.eligible), .daysLeft(1), .recordVersion(2))
      scene.send(Scene.inquire(scene.card), gives: .eligible, .daysLeft(1))
    },
    TransactionCase("a later end gives no day back, an earlier one takes more") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      let later = CalendarDate(trusted: 2026_12_24)
      scene.send(
        Scene.deactivate(scene.card, from: later), gives: .deactivated,
        .period(Fixture.today, CalendarDate(trusted: 2026_12_23)), .recordVersion(2))
      scene.send(
        Scene.deactivate(scene.card, .notResident, from: CalendarDate(trusted: 2027_01_01)),
        gives: .alreadyDeactivated, .recordVersion(2), .deactivationReason(2),
        .period(Fixture.today, CalendarDate(trusted: 2026_12_23)))
      scene.send(
        Scene.deactivate(scene.card, .notResident, from: CalendarDate(trusted: 2026_11_10)),
        gives: .deactivated, .recordVersion(3), .deactivationReason(1),
        .period(Fixture.today, CalendarDate(trusted: 2026_11_09)))
    },
    TransactionCase("a reason must be in force, and its date allowed") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(
        Scene.deactivate(scene.card, .sterilized, .pregnancy),
        gives: .deactivationReasonNotInForce, .recordVersion(1))
      scene.send(
        Scene.deactivate(scene.card, .sterilized, from: CalendarDate(trusted: 2027_02_01)),
        gives: .effectiveDateNotAllowed)
      scene.send(
        Scene.deactivate(scene.card, from: CalendarDate(trusted: 2026_11_01)),
        gives: .effectiveDateNotAllowed)
      scene.send(
        Scene.deactivate(scene.card, .sterilized, from: CalendarDate(trusted: 2027_01_31)),
        gives: .deactivated)
    },
    TransactionCase("there is nothing to end where nothing was activated") { scene in
      scene.send(Scene.deactivate(scene.unknownCard), gives: .cardUnknown)
      scene.send(Scene.deactivate(scene.unshippedCard), gives: .cardNotShipped)
      scene.send(Scene.deactivate(scene.voidedCard), gives: .cardVoided)
      scene.send(Scene.deactivate(scene.card), gives: .neverActivated, .recordVersion(0))
    },
  ]
}
