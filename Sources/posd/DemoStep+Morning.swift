import Installation
import TerminalClient
import TransactionModel
import WireFormat

extension DemoStep {
  private static let firstCard = card(0)
  private static let secondCard = card(1)
  private static let thirdCard = card(2)
  private static let today = CalendarDate(trusted: 2026_04_15)

  /// The clinic's morning, in order.
  static var morning: [DemoStep] {
    signOn + enrolment + repeats + training + ending + afterwards
  }

  private static var signOn: [DemoStep] {
    [
      DemoStep(
        "clinic signs on", "The clinic's operator signs on", .clinic,
        signOn(clinicOperator), [verdict(.approved)]),
      DemoStep(
        "pharmacy signs on", "A pharmacy's operator signs on", .pharmacy,
        signOn(Roster.Test.pharmacyOperator), [verdict(.approved)]),
    ]
  }

  private static var enrolment: [DemoStep] {
    [
      DemoStep(
        "activation", "A blank card is activated", .clinic, activate(firstCard, DemoClients.maria),
        [
          code(.activated), period(2026_04_15, 2027_04_14),
          outcome("365 days left") { $0.daysLeft == 365 },
          outcome("with a confirmation number") { $0.confirmation?.kind == .real },
        ]),
      DemoStep(
        "inquiry", "The clinic inquires, and sees the client's data", .clinic,
        inquire(firstCard),
        [
          code(.eligible),
          client("with the client's name") { $0?.text(.lastName) == "DELGADO" },
        ]),
      DemoStep(
        "pharmacy inquiry", "A pharmacy inquires, and sees no client's data", .pharmacy,
        inquire(firstCard),
        [code(.eligible), client("without the client's data") { $0 == nil }]),
      DemoStep(
        "pharmacy inquiry about a blank card", "A pharmacy learns nothing of a blank card",
        .pharmacy, inquire(thirdCard), [code(.noInformation)]),
      DemoStep(
        "ineligible", "An ineligible client is told why, in Spanish", .clinic,
        activate(secondCard, DemoClients.lucia, spanish: true),
        [
          code(.ineligibleIncome),
          outcome("all criteria that failed") { $0.failedCriteria == [.income, .otherCoverage] },
          outcome("with the fair hearing notice") { $0.notices.contains(.fairHearing) },
        ]),
    ]
  }

  private static var repeats: [DemoStep] {
    [
      DemoStep(
        "update", "The client has moved", .clinic,
        .send(options()) { recordVersion in
          .update(
            card: firstCard, expectedVersion: recordVersion(firstCard), client: DemoClients.moved)
        },
        [code(.updated), period(2026_04_15, 2027_04_14)]),
      DemoStep(
        "conflict", "Somebody else updates what is no longer so", .clinic,
        .send(options()) { _ in
          .update(card: firstCard, expectedVersion: 1, client: DemoClients.moved)
        },
        [code(.versionConflict)]),
      DemoStep(
        "repeat", "The terminal repeats the activation, and gets the same answer", .clinic,
        .repeatStep(named: "activation")),
    ]
  }

  private static var training: [DemoStep] {
    [
      DemoStep(
        "training", "A new clerk practises", .clinic,
        activate(thirdCard, DemoClients.maria, flags: .training),
        [
          code(.activated),
          outcome("with a confirmation number for training") { $0.confirmation?.kind == .training },
        ]),
      DemoStep(
        "inquiry after training", "Practice has left no record", .clinic, inquire(thirdCard),
        [code(.neverActivated)]),
    ]
  }

  private static var ending: [DemoStep] {
    [
      DemoStep(
        "deactivation", "The client has other coverage from tomorrow", .clinic,
        .send(options()) { _ in
          .deactivate(
            card: firstCard, reason: .otherCoverage, subReason: .none,
            effectiveDate: today.adding(days: 1))
        },
        [code(.deactivated), period(2026_04_15, 2026_04_15)]),
      DemoStep(
        "kill", "The daemon is killed with SIGKILL, and started again", .clinic, .killAndRestart),
    ]
  }

  private static var afterwards: [DemoStep] {
    [
      DemoStep(
        "inquiry after restart", "The operator is signed on still, and the record is all there",
        .clinic,
        inquire(firstCard),
        [
          code(.eligible), period(2026_04_15, 2026_04_15),
          client("with the new address") { $0?.number(.zipCode) == DemoClients.newZipCode },
        ]),
      DemoStep(
        "inquiry after restart about the second card", "The ineligible client is still so",
        .clinic, inquire(secondCard), [verdict(.declined)]),
      DemoStep(
        "repeat after restart", "A repeat still gets the first answer", .clinic,
        .repeatStep(named: "deactivation")),
    ]
  }

  private static let clinicOperator = Roster.Test.clinicOperators[0]

  private static func signOn(_ person: OperatorID) -> Action {
    guard let secret = Secret(InitialSecrets.example(person)) else {
      preconditionFailure("a secret of our own making")
    }
    return send(
      .signOn(
        secret: secret, newSecret: .none, softwareVersion: "posd demo",
        highestVersion: HeaderLayout.protocolVersion))
  }

  private static func card(_ index: UInt64) -> CardNumber {
    CardScheme.healthAccessNumber(serial: Roster.Test.firstCardSerial + index)
  }

  private static func options(flags: FrameFlags = []) -> RequestOptions {
    var options = RequestOptions()
    options.flags = flags
    return options
  }

  private static func send(_ body: RequestBody) -> Action { .send(options()) { _ in body } }

  private static func inquire(_ card: CardNumber) -> Action {
    send(.inquiry(card: card, dateOfService: today, purpose: .information))
  }

  private static func activate(
    _ card: CardNumber, _ client: ClientForm, flags: FrameFlags = [], spanish: Bool = false
  ) -> Action {
    let flags = spanish ? flags.union(.spanish) : flags
    return .send(options(flags: flags)) { _ in
      .activate(Certification(card: card, certificationDate: today, client: client))
    }
  }
}
