import TransactionModel
import WireFormat

extension TransactionCase {
  /// Every way in which a recertification ends.
  public static let recertifications = [
    TransactionCase("a deactivated client is recertified on the same number, by any clinic") {
      scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(Scene.deactivate(scene.card), gives: .deactivated)
      scene.send(
        Scene.recertify(scene.card), from: .secondClinic, gives: .recertified,
        .status(.eligible), .period(Fixture.today, Fixture.periodEnd), .recordVersion(3),
        .daysLeft(365), .recertificationOpens(Fixture.renewalOpens), .notices([]),
        .failedCriteria([]), .decidedBy(set: 2015_11_01, table: 2026_04_01), .incomeLimit(4_554),
        .hasAidCode(true), .confirmation(.real), .deactivationReason(0), .candidate(nil),
        .restsOnRecord(true))
      scene.send(
        Scene.inquire(scene.card), gives: .eligible, .recordVersion(3),
        .period(Fixture.today, Fixture.periodEnd))
    },
    TransactionCase("a period that runs is not renewed before its time") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(
        Scene.recertify(scene.card), gives: .recertificationTooEarly, .status(.eligible),
        .period(Fixture.today, Fixture.periodEnd), .recertificationOpens(Fixture.renewalOpens),
        .recordVersion(1), .failedCriteria([]), .incomeLimit(0), .decidedBy(set: 0, table: 0))
      // Too early is said before the form is looked into.
      scene.send(
        Scene.recertify(scene.card, SampleForm.failsEverything), gives: .recertificationTooEarly)
      scene.send(Scene.inquire(scene.card), gives: .eligible, .recordVersion(1))
    },
    TransactionCase("a period that was ended early may be renewed at once, behind its end") {
      scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(
        Scene.deactivate(scene.card, .mediCal, .pregnancy, from: CalendarDate(trusted: 2026_11_03)),
        gives: .deactivated)
      scene.send(
        Scene.recertify(scene.card), gives: .recertified, .status(.eligible),
        .period(Fixture.today, Fixture.today), .notices(.renewalWaiting), .daysLeft(1),
        .recordVersion(3))
      scene.send(
        Scene.recertify(scene.card), gives: .recertificationTooEarly, .notices(.renewalWaiting),
        .recertificationOpens(CalendarDate(trusted: 2027_09_03)), .recordVersion(3))
      scene.send(
        Scene.deactivate(scene.card, from: CalendarDate(trusted: 2026_11_03)),
        gives: .deactivated, .recordVersion(4))
      scene.send(
        Scene.inquire(scene.card), gives: .eligible, .notices([]), .daysLeft(1))
    },
    TransactionCase("the new form takes the place of the old one as a whole") { scene in
      scene.send(
        Scene.activate(scene.card, SampleForm.eligible.with(.middleName, "May")),
        gives: .activated)
      scene.send(Scene.deactivate(scene.card), gives: .deactivated)
      scene.send(
        Scene.recertify(scene.card, SampleForm.eligible.with(.familySize, 5)), gives: .recertified)
      scene.send(
        Scene.inquire(scene.card), gives: .eligible, .text(.middleName, nil),
        .number(.familySize, 5))
    },
    TransactionCase("a client who no longer qualifies is told so, and the new form is kept") {
      scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(Scene.deactivate(scene.card), gives: .deactivated)
      scene.send(
        Scene.recertify(scene.card, SampleForm.incomeTooHigh), gives: .ineligibleIncome,
        .failedCriteria(.income), .notices(.fairHearing), .status(.notEligible),
        .recordVersion(3), .incomeLimit(4_554), .hasAidCode(false))
      scene.send(
        Scene.inquire(scene.card), gives: .notEligibleOnDate, .number(.monthlyIncome, 4_555),
        .recordVersion(3))
      scene.send(Scene.recertify(scene.card), gives: .recertified, .recordVersion(4))
    },
    TransactionCase("an ineligible renewal leaves the running period, which is to be ended") {
      scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      let tomorrow = CalendarDate(trusted: 2026_11_03)
      scene.send(
        Scene.deactivate(scene.card, .mediCal, .pregnancy, from: tomorrow), gives: .deactivated)
      scene.send(
        Scene.recertify(scene.card, SampleForm.failsEverything), gives: .ineligibleResidence,
        .notices([.fairHearing, .deactivationDue]), .status(.eligible),
        .period(Fixture.today, Fixture.today), .recordVersion(3))
    },
    TransactionCase("only a new client can claim months before certification") { scene in
      let claim = RetroactiveClaim(
        flags: 0x03, mediCal: .none, otherCoverage: .none, familySize: 1, monthlyIncome: 0)
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(Scene.deactivate(scene.card), gives: .deactivated)
      scene.send(
        Scene.recertify(scene.card, claims: [claim, nil, claim]), gives: .recertified,
        .claims([2, 0, 2]))
      scene.send(
        Scene.inquire(scene.card, on: CalendarDate(trusted: 2026_10_15)),
        gives: .notEligibleOnDate)
    },
    TransactionCase("there is nothing to recertify where nothing was activated") { scene in
      scene.send(Scene.recertify(scene.unknownCard), gives: .cardUnknown, .recordVersion(0))
      scene.send(Scene.recertify(scene.unshippedCard), gives: .cardNotShipped)
      scene.send(Scene.recertify(scene.voidedCard), gives: .cardVoided)
      scene.send(Scene.recertify(scene.card), gives: .neverActivated)
      scene.send(
        Scene.activate(scene.card, SampleForm.incomeTooHigh), gives: .ineligibleIncome)
      scene.send(
        Scene.recertify(scene.card), gives: .neverActivated, .status(.none), .claims([0, 0, 0]))
    },
    TransactionCase("a number is recertified for its client alone, on the day, after birth") {
      scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(Scene.deactivate(scene.card), gives: .deactivated)
      scene.send(
        Scene.recertify(scene.card, SampleForm.otherEligible), gives: .cardOfOtherClient,
        .recordVersion(0), .status(.none), .period(.none, .none))
      for day: UInt32 in [2026_11_01, 2026_11_03] {
        scene.send(
          Scene.recertify(scene.card, on: CalendarDate(trusted: day)),
          gives: .certificationDateNotAllowed)
      }
      scene.send(
        Scene.recertify(scene.card, SampleForm.eligible.with(.birthDate, 2026_11_03)),
        gives: .birthDateAhead)
      scene.send(
        Scene.recertify(scene.card, SampleForm.eligibleWrittenOtherwise), gives: .recertified)
    },
    TransactionCase("a recertification is stored, and training changes nothing") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(Scene.deactivate(scene.card), gives: .deactivated)
      scene.send(
        Scene.recertify(scene.card), flags: .training, gives: .recertified,
        .confirmation(.training), .status(.eligible))
      scene.send(Scene.recertify(scene.card), gives: .recertified, .recordVersion(3))
      scene.resend(step: 2, gives: .recertified, .repeats(step: 2))
      scene.resend(step: 3, gives: .recertified, .repeats(step: 3))
      for speaker in [Speaker.pharmacy, .office, .helpDesk] {
        scene.send(Scene.recertify(scene.card), from: speaker, gives: .roleNotPermitted)
      }
    },
  ]

  /// Certifications that were made on paper.
  public static let outages = [
    TransactionCase("a day of a declared outage may be certified later") { scene in
      let day = Fixture.outage.firstDay
      let last = Fixture.outage.lastDay
      for forbidden in [day.adding(days: -1), last.adding(days: 1), Fixture.overdueOutage.lastDay] {
        scene.send(
          Scene.activate(scene.card, on: forbidden), gives: .certificationDateNotAllowed)
      }
      scene.send(
        Scene.activate(scene.card, on: day), gives: .activated, .status(.eligible),
        .period(day, CalendarDate(trusted: 2027_10_19)), .daysLeft(352))
      scene.send(
        Scene.inquire(scene.card, on: day), gives: .eligible)
      scene.send(
        Scene.inquire(scene.card, on: day.adding(days: -1)), gives: .notEligibleOnDate)
      scene.send(Scene.activate(scene.card(1), on: last), gives: .activated)
    },
    TransactionCase("a recertification may be of an outage too, never before the old period") {
      scene in
      scene.send(Scene.activate(scene.card, on: Fixture.outage.firstDay), gives: .activated)
      scene.send(
        Scene.deactivate(scene.card, from: Fixture.outage.lastDay), gives: .deactivated)
      scene.send(
        Scene.recertify(scene.card, on: Fixture.outage.lastDay), gives: .recertified,
        .period(Fixture.outage.lastDay, CalendarDate(trusted: 2027_10_21)))
      scene.send(
        Scene.recertify(scene.card, on: Fixture.outage.firstDay), gives: .recertificationTooEarly)
    },
    TransactionCase("a paper certification never falls into a claimed month") { scene in
      let claim = RetroactiveClaim(
        flags: 0x03, mediCal: .none, otherCoverage: .none, familySize: 1, monthlyIncome: 0)
      scene.send(
        Scene.activate(scene.card, claims: [claim, nil, nil]), gives: .activated,
        .claims([1, 0, 0]))
      scene.send(Scene.deactivate(scene.card), gives: .deactivated)
      scene.send(
        Scene.recertify(scene.card, on: Fixture.outage.firstDay), gives: .recertificationTooEarly,
        .recertificationOpens(Fixture.today))
      scene.send(Scene.recertify(scene.card), gives: .recertified)
    },
  ]

  /// Nobody certifies himself or herself.
  public static let selfCertifications = [
    TransactionCase("an operator is certified by a colleague alone") { scene in
      let form = SampleForm.clinicOperator
      scene.send(
        Scene.activate(scene.card, form), gives: .selfCertification, .recordVersion(0),
        .status(.none), .period(.none, .none), .failedCriteria([]), .confirmation(.real))
      scene.send(Scene.activate(scene.card, form), flags: .training, gives: .selfCertification)
      scene.send(
        Scene.activate(scene.cardOfSecondClinic, form), from: .secondClinic, gives: .activated)
      scene.send(
        Scene.deactivate(scene.cardOfSecondClinic), from: .secondClinic, gives: .deactivated)
      scene.send(
        Scene.recertify(scene.cardOfSecondClinic, form), gives: .selfCertification,
        .recordVersion(0), .status(.none))
      // Which number it is makes no difference.
      scene.send(Scene.activate(scene.card(1)), gives: .activated)
      scene.send(Scene.activate(scene.card(1), form), gives: .selfCertification)
    },
    TransactionCase("an operator's own record is updated by a colleague alone") { scene in
      let form = SampleForm.clinicOperator
      let card = scene.cardOfSecondClinic
      scene.send(Scene.activate(card, form), from: .secondClinic, gives: .activated)
      scene.send(
        Scene.update(card, expecting: 1, SampleForm.emptyUpdate.with(.familySize, 9)),
        gives: .selfCertification, .recordVersion(0), .status(.none))
      scene.send(
        Scene.update(card, expecting: 1, SampleForm.emptyUpdate.with(.lastName, "Other")),
        gives: .selfCertification)
      scene.send(
        Scene.update(card, expecting: 1, SampleForm.emptyUpdate.with(.familySize, 9)),
        from: .secondClinic, gives: .updated, .recordVersion(2))
      // Nor may anybody else's record become the operator's.
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(
        Scene.update(
          scene.card, expecting: 1,
          SampleForm.emptyUpdate.with(.lastName, "Own").with(.firstName, "Self")
            .with(.birthDate, 1985_07_09)),
        gives: .selfCertification)
      scene.send(Scene.inquire(scene.card), gives: .eligible, .recordVersion(1))
    },
    TransactionCase("an operator's own record is affirmed and reversed by a colleague alone") {
      scene in
      let card = scene.cardOfSecondClinic
      scene.send(
        Scene.activate(card, SampleForm.clinicOperator), from: .secondClinic, gives: .activated)
      scene.send(
        Scene.inquire(card, .reaffirm), gives: .selfCertification, .confirmation(.real),
        .plastic(.unknown), .status(.none), .recordVersion(0))
      scene.send(Scene.deactivate(card), gives: .deactivated, .recordVersion(2))
      scene.reverse(step: 2, gives: .selfCertification, .originalCode(.deactivated))
      scene.send(Scene.inquire(card), gives: .notEligibleOnDate, .recordVersion(2))
    },
    TransactionCase("accents and capitals make nobody somebody else") { scene in
      let form = SampleForm.eligible.with(.lastName, "Núñez").with(.firstName, "José")
      scene.send(Scene.activate(scene.card, form), gives: .activated)
      for (lastName, firstName) in [("NÚÑEZ", "JOSÉ"), ("nunez", "Jose")] {
        scene.send(
          Scene.activate(
            scene.card, form.with(.lastName, lastName).with(.firstName, firstName)),
          gives: .alreadyActive)
      }
      scene.send(
        Scene.activate(scene.card, form.with(.lastName, "Nuñes")), gives: .cardOfOtherClient)
    },
    TransactionCase("another birth date, or another name, is somebody else") { scene in
      scene.send(
        Scene.activate(scene.card, SampleForm.clinicOperator.with(.birthDate, 1985_07_10)),
        gives: .activated)
      scene.send(
        Scene.activate(scene.card(1), SampleForm.clinicOperator.with(.firstName, "Selfie")),
        gives: .activated)
    },
  ]
}
