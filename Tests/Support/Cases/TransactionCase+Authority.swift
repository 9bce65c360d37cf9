import TransactionModel
import WireFormat

extension TransactionCase {
  /// Who may speak, and who may ask for what.
  public static let authorities = [
    TransactionCase("a terminal speaks for itself alone") { scene in
      scene.send(
        Scene.inquire(scene.card), from: .clinic.speaking(as: Speaker.newTerminal.identity),
        gives: .terminalNotOfCertificate, .field(HeaderLayout.terminal.number))
      scene.send(
        Scene.inquire(scene.card), from: .unknownTerminal, gives: .terminalUnknown,
        .field(HeaderLayout.terminal.number))
    },
    TransactionCase("a gateway speaks for its site's terminals alone") { scene in
      scene.send(
        Scene.activate(scene.card), from: .clinic.through(gatewayOf: Fixture.clinic),
        gives: .activated)
      for speaker in [Speaker.clinic, .unknownTerminal, .suspendedTerminal] {
        scene.send(
          .echo, from: speaker.through(gatewayOf: Fixture.secondClinic),
          gives: .terminalNotOfCertificate)
      }
      scene.send(
        .echo, from: .suspendedTerminal.through(gatewayOf: Fixture.clinic),
        gives: .terminalBlocked)
    },
    TransactionCase("a blocked terminal gets nothing, a new one all") { scene in
      scene.send(.echo, from: .suspendedTerminal, gives: .terminalBlocked)
      scene.send(Scene.activate(scene.card), from: .retiredTerminal, gives: .terminalBlocked)
      scene.send(Scene.activate(scene.card), from: .newTerminal, gives: .activated)
    },
    TransactionCase("frame and daemon are of one environment") { scene in
      scene.send(
        .echo, environment: .production, gives: .environmentMismatch,
        .field(HeaderLayout.environment.number))
    },
    TransactionCase("certificate and daemon are of one environment") { scene in
      let foreign = CertificateIdentity(
        environment: .production, subject: .terminal(Speaker.clinic.terminal))
      scene.send(.echo, from: .clinic.speaking(as: foreign), gives: .environmentMismatch)
    },
    TransactionCase("a site whose enrolment is over gets nothing") { scene in
      scene.send(.echo, from: .expiredClinic, gives: .siteNotActive)
      scene.send(Scene.inquire(scene.card), from: .expiredClinic, gives: .siteNotActive)
    },
    TransactionCase("an operator is one of the site's, and active") { scene in
      let speakers = [
        Speaker.retiredOperator, .suspendedOperator, .unknownOperator, .noOperator,
        .strangeOperator,
      ]
      for speaker in speakers {
        scene.send(.echo, from: speaker, gives: .approved)
        scene.send(
          Scene.inquire(scene.card), from: speaker, gives: .operatorUnknown,
          .field(HeaderLayout.operatorID.number))
        scene.send(Scene.signOn, from: speaker, gives: .operatorUnknown)
      }
    },
    TransactionCase("only clinics change records, and the help desk sees none") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      for speaker in [Speaker.pharmacy, .helpDesk, .office] {
        scene.send(
          Scene.activate(scene.card(1)), from: speaker, gives: .roleNotPermitted,
          .field(HeaderLayout.messageType.number))
        scene.send(
          Scene.update(scene.card, expecting: 1, SampleForm.emptyUpdate), from: speaker,
          gives: .roleNotPermitted)
        scene.send(Scene.deactivate(scene.card), from: speaker, gives: .roleNotPermitted)
        scene.send(Scene.signOn, from: speaker, gives: .approved)
        scene.send(.signOff, from: speaker, gives: .approved)
        scene.send(Scene.signOn, from: speaker, gives: .approved)
        scene.send(.echo, from: speaker, gives: .approved)
      }
      for purpose in InquiryPurpose.allCases {
        scene.send(
          Scene.inquire(scene.card, purpose), from: .helpDesk, gives: .roleNotPermitted)
      }
      scene.send(Scene.inquire(scene.card), gives: .eligible, .recordVersion(1))
    },
  ]

  /// Training runs every rule and changes nothing.
  public static let trainings = [
    TransactionCase("a training activation leaves the card as it was") { scene in
      scene.send(
        Scene.activate(scene.card), flags: .training, gives: .activated,
        .confirmation(.training), .status(.eligible), .restsOnRecord(true))
      scene.resend(step: 0, gives: .activated, .repeats(step: 0))
      scene.send(Scene.inquire(scene.card), gives: .neverActivated, .recordVersion(0))
      scene.send(
        Scene.activate(scene.card, SampleForm.incomeTooHigh), flags: .training,
        gives: .ineligibleIncome, .confirmation(.training))
      scene.send(Scene.inquire(scene.card), gives: .neverActivated, .recordVersion(0))
      scene.send(Scene.activate(scene.card), gives: .activated, .recordVersion(1))
    },
    TransactionCase("training changes leave a record as it was") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(
        Scene.update(scene.card, expecting: 1, SampleForm.emptyUpdate.with(.familySize, 9)),
        flags: .training, gives: .updated, .confirmation(.training))
      scene.send(
        Scene.deactivate(scene.card), flags: .training, gives: .deactivated,
        .confirmation(.training))
      scene.send(
        Scene.inquire(scene.card, .reaffirm), flags: .training, gives: .eligible,
        .confirmation(.training))
      scene.send(
        Scene.inquire(scene.card), gives: .eligible, .recordVersion(1), .number(.familySize, 3),
        .deactivationReason(0))
    },
    TransactionCase("training has no place in a batch") { scene in
      scene.send(
        Scene.activate(scene.card), flags: [.training, .batch], gives: .trainingInBatch,
        .field(HeaderLayout.flags.number))
      scene.send(
        Scene.inquire(scene.card, .verify), flags: [.training, .batch], gives: .trainingInBatch)
      scene.send(
        Scene.inquire(scene.card), flags: [.training, .batch], gives: .neverActivated)
      scene.resend(step: 0, gives: .activated, .confirmation(.real)) { $0.header.flags = .batch }
    },
  ]

  /// All cases.
  public static let all =
    activations + recertifications + outages + selfCertifications + duplicates + inquiries
    + updates + deactivations + sequences + clocks + authorities + trainings
    + reversals + signOns
}
