public import TransactionModel
public import WireFormat

extension TransactionCase {
  /// Every way in which an inquiry ends.
  public static let inquiries = [
    TransactionCase("the clinic sees the client, never the social security number") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(
        Scene.inquire(scene.card), gives: .eligible, .status(.eligible),
        .period(Fixture.today, Fixture.periodEnd), .daysLeft(365), .recordVersion(1),
        .recertificationOpens(Fixture.renewalOpens), .hasAidCode(true), .confirmation(nil),
        .decidedBy(set: 2015_11_01, table: 2026_04_01), .restsOnRecord(true),
        .showsDemographics(true), .text(.lastName, "Sample"), .number(.familySize, 3),
        .number(.socialSecurityNumber, nil), .number(.zipCode, 95_814_0001))
    },
    TransactionCase("the second clinic and the office see the client too") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      for speaker in [Speaker.secondClinic, .office] {
        scene.send(
          Scene.inquire(scene.card), from: speaker, gives: .eligible, .showsDemographics(true),
          .number(.socialSecurityNumber, nil), .number(.zipCode, 95_814_0001))
      }
    },
    TransactionCase("a confidential client cannot be contacted by another site") { scene in
      scene.send(Scene.activate(scene.card, SampleForm.confidential), gives: .activated)
      scene.send(
        Scene.inquire(scene.card), gives: .eligible, .number(.zipCode, 95_814_0001),
        .number(.contactMethod, 1))
      scene.send(
        Scene.inquire(scene.card), from: .secondClinic, gives: .eligible, .number(.zipCode, nil),
        .number(.contactMethod, nil), .text(.firstName, "Ana"))
    },
    TransactionCase("no re-affirmation and no update moves a confidential client's contact data") {
      scene in
      scene.send(Scene.activate(scene.card, SampleForm.confidential), gives: .activated)
      scene.send(
        Scene.inquire(scene.card, .reaffirm), from: .secondClinic, gives: .eligible)
      scene.send(
        Scene.update(scene.card, expecting: 2, SampleForm.emptyUpdate.with(.familySize, 4)),
        from: .secondClinic, gives: .updated)
      scene.send(
        Scene.inquire(scene.card), from: .secondClinic, gives: .eligible, .number(.zipCode, nil),
        .number(.contactMethod, nil))
      scene.send(Scene.inquire(scene.card), gives: .eligible, .number(.zipCode, 95_814_0001))
      scene.send(
        Scene.update(scene.card, expecting: 3, SampleForm.emptyUpdate.with(.contactMethod, 2)),
        from: .secondClinic, gives: .updated)
      scene.send(
        Scene.inquire(scene.card), from: .secondClinic, gives: .eligible,
        .number(.zipCode, 95_814_0001), .number(.contactMethod, 2))
    },
    TransactionCase("the pharmacy learns the status and nothing else") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(
        Scene.inquire(scene.card), from: .pharmacy, gives: .eligible, .status(.eligible),
        .period(Fixture.today, Fixture.periodEnd), .daysLeft(365), .hasAidCode(true),
        .showsDemographics(false), .recordVersion(0), .decidedBy(set: 0, table: 0),
        .deactivationReason(0), .restsOnRecord(true))
    },
    TransactionCase("the pharmacy is not told why eligibility ended") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(
        Scene.deactivate(scene.card, .mediCal, .pregnancy, from: CalendarDate(trusted: 2026_11_03)),
        gives: .deactivated)
      scene.send(
        Scene.inquire(scene.card), from: .pharmacy, gives: .eligible, .deactivationReason(0))
      scene.send(Scene.inquire(scene.card), gives: .eligible, .deactivationReason(5))
    },
    TransactionCase("the clinic is told what is wrong with a card") { scene in
      scene.send(
        Scene.inquire(scene.unknownCard), gives: .cardUnknown, .restsOnRecord(false),
        .recordVersion(0), .showsDemographics(false))
      scene.send(Scene.inquire(scene.unshippedCard), gives: .cardNotShipped)
      scene.send(Scene.inquire(scene.voidedCard), gives: .cardVoided)
      scene.send(
        Scene.inquire(scene.card), gives: .neverActivated, .status(.neverActivated),
        .restsOnRecord(false))
      scene.send(
        Scene.inquire(scene.cardOfSecondClinic), gives: .neverActivated, .recordVersion(0))
    },
    TransactionCase("the pharmacy gets one code for all that it may not know") { scene in
      scene.send(
        Scene.activate(scene.card, SampleForm.incomeTooHigh), gives: .ineligibleIncome)
      let cards = [
        scene.unknownCard, scene.unshippedCard, scene.voidedCard, scene.card,
        scene.cardOfSecondClinic, scene.card(1),
      ]
      for card in cards {
        scene.send(
          Scene.inquire(card), from: .pharmacy, gives: .noInformation, .status(.none),
          .restsOnRecord(false), .recordVersion(0), .showsDemographics(false))
      }
    },
    TransactionCase("a date that cannot be asked for tells nothing of the record") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      for speaker in [Speaker.clinic, .pharmacy] {
        scene.send(
          Scene.inquire(scene.card, on: CalendarDate(trusted: 2026_11_03)), from: speaker,
          gives: .dateOfServiceAhead, .recordVersion(0), .restsOnRecord(false),
          .showsDemographics(false), .decidedBy(set: 0, table: 0))
        scene.send(
          Scene.inquire(scene.card, on: CalendarDate(trusted: 2025_11_01)), from: speaker,
          gives: .dateOfServiceTooOld, .recordVersion(0), .restsOnRecord(false),
          .showsDemographics(false))
        scene.send(
          Scene.inquire(scene.card, on: CalendarDate(trusted: 2025_11_02)), from: speaker,
          gives: .notEligibleOnDate, .status(.notEligible))
      }
    },
    TransactionCase("a verified inquiry has a confirmation and no demographics") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      for speaker in [Speaker.clinic, .pharmacy, .office] {
        scene.send(
          Scene.inquire(scene.card, .verify), from: speaker, gives: .eligible,
          .confirmation(.real), .showsDemographics(false), .restsOnRecord(true))
      }
      scene.send(Scene.inquire(scene.card), gives: .eligible, .recordVersion(1))
    },
    TransactionCase("what is hidden stays hidden when it is verified") { scene in
      scene.send(
        Scene.inquire(scene.card, .verify), from: .pharmacy, gives: .noInformation,
        .confirmation(.real), .recordVersion(0), .status(.none))
    },
    TransactionCase("a re-affirmation changes the record") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(
        Scene.inquire(scene.card, .reaffirm), gives: .eligible, .recordVersion(2),
        .confirmation(.real), .showsDemographics(false))
      scene.send(
        Scene.inquire(scene.card, .reaffirm), from: .pharmacy, gives: .roleNotPermitted)
      scene.send(Scene.inquire(scene.card), gives: .eligible, .recordVersion(2))
    },
    TransactionCase("nothing is re-affirmed of a client who is not eligible") { scene in
      scene.send(
        Scene.inquire(scene.card, .reaffirm), gives: .neverActivated, .recordVersion(0))
      scene.send(Scene.activate(scene.card), gives: .activated, .recordVersion(1))
    },
  ]
}

extension Scene {
  /// An inquiry about today.
  public static func inquire(_ card: CardNumber, _ purpose: InquiryPurpose) -> RequestBody {
    inquire(card, on: Fixture.today, purpose)
  }
}
