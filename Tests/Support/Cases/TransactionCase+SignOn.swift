import TransactionModel
import WireFormat

extension TransactionCase {
  /// Who is signed on, and who need not be.
  public static let signOns = [
    TransactionCase("an operator who signed off must sign on again") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(.signOff, gives: .approved)
      for body in [Scene.inquire(scene.card), RequestBody.last(traceNumber: 0)] {
        scene.send(
          body, gives: .operatorNotSignedOn, .field(HeaderLayout.operatorID.number))
      }
      // Who asks again what was answered before is told again.
      scene.resend(step: 0, gives: .activated, .repeats(step: 0))
      scene.send(
        Scene.signOn(with: "wrong-secret"), gives: .operatorSecretWrong,
        .field(SignOnRequestLayout.operatorSecret.number))
      scene.send(Scene.inquire(scene.card), gives: .operatorNotSignedOn)
      scene.send(Scene.signOn, gives: .approved)
      scene.send(Scene.inquire(scene.card), gives: .eligible)
    },
    TransactionCase("a wrong secret leaves the session as it was") { scene in
      scene.send(Scene.signOn(with: "wrong-secret"), gives: .operatorSecretWrong)
      scene.send(Scene.inquire(scene.card), gives: .neverActivated)
      scene.send(Scene.signOn, gives: .approved)
    },
    TransactionCase("a secret can be replaced, by another") { scene in
      let new = Fixture.secret("chosen by me")
      scene.send(
        Scene.signOn(with: Fixture.secret, replacingBy: Fixture.secret),
        from: .secondOperator, gives: .newSecretNeeded,
        .field(SignOnRequestLayout.newSecret.number))
      scene.send(Scene.inquire(scene.card), from: .secondOperator, gives: .operatorNotSignedOn)
      scene.send(
        Scene.signOn(with: Fixture.secret, replacingBy: new), from: .secondOperator,
        gives: .approved)
      scene.send(Scene.inquire(scene.card), from: .secondOperator, gives: .neverActivated)
      scene.send(Scene.signOn, from: .secondOperator, gives: .operatorSecretWrong)
      scene.send(
        Scene.signOn(with: new, replacingBy: Fixture.secret), from: .secondOperator,
        gives: .approved)
      scene.send(.signOff, from: .secondOperator, gives: .approved)
    },
    TransactionCase("five wrong secrets lock an operator") { scene in
      for _ in 0..<5 {
        scene.send(
          Scene.signOn(with: "wrong-secret"), from: .hastyOperator, gives: .operatorSecretWrong)
      }
      scene.send(Scene.signOn, from: .hastyOperator, gives: .operatorLocked)
      scene.send(Scene.inquire(scene.card), from: .hastyOperator, gives: .operatorNotSignedOn)
    },
    TransactionCase("a gateway that vouches brings operators who did not sign on") { scene in
      let viaGateway = Speaker.vouchingClinic.through(gatewayOf: Fixture.vouchingClinic)
      scene.send(Scene.inquire(scene.card), from: viaGateway, gives: .neverActivated)
      scene.send(Scene.signOn(with: Secret.none), from: viaGateway, gives: .approved)
      scene.send(
        Scene.inquire(scene.card), from: .vouchingClinic, gives: .operatorNotSignedOn)
      scene.send(
        Scene.inquire(scene.card), from: .clinic.through(gatewayOf: Fixture.vouchingClinic),
        gives: .terminalNotOfCertificate)
    },
    TransactionCase("a change that was stored and forwarded needs no sign-on") { scene in
      scene.send(
        Scene.activate(scene.card), from: .secondOperator, gives: .operatorNotSignedOn)
      scene.send(
        Scene.activate(scene.card), from: .secondOperator, flags: .storedAndForward,
        gives: .activated)
      scene.send(
        Scene.inquire(scene.card), from: .secondOperator, flags: .storedAndForward,
        gives: .operatorNotSignedOn)
      scene.send(
        Scene.activate(scene.card(1)), from: .retiredOperator, flags: .storedAndForward,
        gives: .operatorUnknown)
    },
  ]
}
