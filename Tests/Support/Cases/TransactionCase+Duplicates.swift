import TransactionModel
import WireFormat

extension TransactionCase {
  /// Second numbers of one client, and the number of a benefits card.
  public static let duplicates = [
    TransactionCase("a second number of a client is noticed by name and birth date") { scene in
      let form = SampleForm.stranger(scene.number).without(.socialSecurityNumber)
      scene.send(
        Scene.activate(scene.card, form), gives: .activated, .notices([]), .candidate(nil))
      scene.send(
        Scene.activate(scene.card(1), form.with(.firstName, "ma-ria")), flags: .training,
        gives: .activated, .notices([]), .candidate(nil))
      scene.send(
        Scene.activate(scene.card(1), form.with(.firstName, "ma-ria")), gives: .activated,
        .notices(.possibleDuplicateClient), .candidate(scene.card))
      scene.resend(step: 2, gives: .activated, .repeats(step: 2))
      // The card that was changed last is named.
      scene.send(
        Scene.activate(scene.cardOfSecondClinic, form), from: .secondClinic, gives: .activated,
        .candidate(scene.card(1)))
      scene.send(
        Scene.activate(scene.card(2), form.with(.birthDate, 1990_06_16)), gives: .activated,
        .notices([]), .candidate(nil))
    },
    TransactionCase("... by the social security number first, by the mother's first name last") {
      scene in
      let form = SampleForm.stranger(scene.number).with(.mothersFirstName, "Rosa \(scene.number)")
      scene.send(Scene.activate(scene.card, form), gives: .activated, .candidate(nil))
      let renamed = form.with(.lastName, "Married \(scene.number)")
      scene.send(
        Scene.activate(scene.card(1), renamed.without(.socialSecurityNumber)), gives: .activated,
        .notices(.possibleDuplicateClient), .candidate(scene.card))
      scene.send(
        Scene.activate(scene.card(2), renamed.with(.birthDate, 1990_06_16)), gives: .activated,
        .notices(.possibleDuplicateClient), .candidate(scene.card))
      scene.send(
        Scene.activate(scene.card(3), renamed), gives: .activated, .candidate(scene.card(2)))
      scene.send(
        Scene.activate(scene.card(4), renamed.without(.socialSecurityNumber)), gives: .activated,
        .candidate(scene.card(3)))
    },
    TransactionCase("a number that was never activated, or whose client changed, is none") {
      scene in
      let form = SampleForm.stranger(scene.number).without(.socialSecurityNumber)
      scene.send(
        Scene.activate(scene.card, form.with(.monthlyIncome, 9_999)), gives: .ineligibleIncome,
        .candidate(nil))
      scene.send(
        Scene.activate(scene.card(1), form), gives: .activated, .notices([]), .candidate(nil))
      scene.send(
        Scene.update(
          scene.card(1), expecting: 1,
          SampleForm.emptyUpdate.with(.lastName, "Renamed \(scene.number)")), gives: .updated)
      scene.send(
        Scene.activate(scene.card(2), form), gives: .activated, .notices([]), .candidate(nil))
      scene.send(
        Scene.activate(scene.card(3), form.with(.lastName, "re named\(scene.number)")),
        gives: .activated, .candidate(scene.card(1)))
      // A client who turns out ineligible is told that, and of no number.
      scene.send(
        Scene.activate(scene.card(4), form.with(.monthlyIncome, 9_999)),
        gives: .ineligibleIncome, .candidate(nil), .notices(.fairHearing))
    },
    TransactionCase("a benefits card leads to its holder's record in an inquiry") { scene in
      let benefits = scene.benefitsCard
      let form = SampleForm.stranger(scene.number).with(.benefitsCard, benefits.revealed)
      scene.send(
        Scene.inquire(benefits), gives: .cardUnknown, .recordVersion(0), .restsOnRecord(false))
      scene.send(Scene.activate(scene.card, form), gives: .activated)
      for speaker in [Speaker.clinic, .secondClinic, .office] {
        scene.send(
          Scene.inquire(benefits), from: speaker, gives: .eligible, .status(.eligible),
          .period(Fixture.today, Fixture.periodEnd), .recordVersion(1), .alias(scene.card),
          .showsDemographics(true), .plastic(.good), .restsOnRecord(true))
      }
      scene.send(
        Scene.inquire(benefits), from: .pharmacy, gives: .eligible, .alias(nil),
        .showsDemographics(false), .recordVersion(0))
      scene.send(Scene.inquire(scene.card), gives: .eligible, .alias(nil))
      scene.send(
        Scene.inquire(benefits, .reaffirm), gives: .eligible, .recordVersion(2),
        .confirmation(.real))
      scene.send(Scene.inquire(scene.card), gives: .eligible, .recordVersion(2))
    },
    TransactionCase("a benefits card stands in the way of every change") { scene in
      let benefits = scene.benefitsCard
      let form = SampleForm.stranger(scene.number).with(.benefitsCard, benefits.revealed)
      scene.send(Scene.activate(scene.card, form), gives: .activated)
      scene.send(Scene.activate(benefits, form), gives: .cardUnknown)
      scene.send(Scene.recertify(benefits, form), gives: .cardUnknown)
      scene.send(
        Scene.update(benefits, expecting: 1, SampleForm.emptyUpdate), gives: .cardUnknown)
      scene.send(Scene.deactivate(benefits), gives: .cardUnknown)
    },
    TransactionCase("a benefits card that was taken off the form leads nowhere") { scene in
      let benefits = scene.benefitsCard
      let form = SampleForm.stranger(scene.number).with(.benefitsCard, benefits.revealed)
      scene.send(
        Scene.activate(scene.card, form.with(.monthlyIncome, 9_999)), gives: .ineligibleIncome)
      scene.send(
        Scene.inquire(benefits), gives: .neverActivated, .recordVersion(1), .alias(scene.card))
      scene.send(Scene.inquire(benefits), from: .pharmacy, gives: .noInformation)
      scene.send(Scene.activate(scene.card(1), form), gives: .activated)
      scene.send(Scene.inquire(benefits), gives: .eligible, .alias(scene.card(1)))
      scene.send(
        Scene.update(
          scene.card(1), expecting: 1, SampleForm.emptyUpdate.clearing(.benefitsCard)),
        gives: .updated)
      scene.send(Scene.inquire(benefits), gives: .neverActivated, .alias(scene.card))
    },
  ]
}

extension Scene {
  /// The number of a benefits card that is this case's own.
  var benefitsCard: CardNumber {
    let digits = String(number + 90_000_000)
    guard let card = CardNumber("\(digits)A16123") else {
      preconditionFailure("a case with too large a number")
    }
    return card
  }
}
