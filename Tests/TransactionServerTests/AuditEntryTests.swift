import AuditTrail
import Support
import TLS
import Testing
import TransactionModel
import WireFormat

@testable import TransactionServer

/// What nobody was answered by a look-up, and is entered all the same.
@Suite("What the server enters of a request")
struct AuditEntryTests {
  @Test("an echo is entered when it is refused")
  func refusedEcho() throws {
    let audit = ControlledAudit()
    let server = try TestServer(audit: audit)
    let client = try server.client()
    var wrong = client.echo()
    wrong[HeaderLayout.version.offset] = 9
    try client.send(wrong + client.echo())
    for _ in 0..<2 { #expect(ReplySummary(client.receive()) != nil) }
    let entries = audit.requests()
    #expect(entries.map(\.traceNumber.rawValue) == [1])
    #expect(entries.first?.code == .versionUnknown && entries.first?.marks == .notLookedUp)
  }

  @Test("a request under a certificate that has run out is entered")
  func expiredCertificate() throws {
    let audit = ControlledAudit()
    let late = CertificateFolder.valid.notAfterMilliseconds + 2_000
    let clock = try #require(
      DaemonClock(settingTo: Instant(milliseconds: late), environment: .test))
    let server = try TestServer(certificateClock: clock, audit: audit)
    let client = try server.client()
    try client.send(client.inquiry() + client.echo())
    for _ in 0..<2 { #expect(ReplySummary(client.receive())?.code == .certificateExpired) }
    let entries = audit.requests()
    #expect(entries.map(\.traceNumber.rawValue) == [1, 2])
    #expect(entries.allSatisfy { $0.code == .certificateExpired && $0.marks == .notLookedUp })
    #expect(entries.allSatisfy { $0.speaker == 1_001 })
  }

  @Test("what is told again, a wrong secret and a refusal of the rules are entered each time")
  func everyAnswer() throws {
    let terminals = try FixtureTerminals(of: FixtureInstallation())
    let steps = TransactionCase("every kind of answer") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.resend(step: 0, gives: .activated)
      scene.resend(step: 0, gives: .activated)
      scene.send(
        Scene.signOn(with: "wrong-secret"), from: .hastyOperator, gives: .operatorSecretWrong)
      scene.send(Scene.inquire(scene.card), from: .secondOperator, gives: .operatorNotSignedOn)
      scene.send(Scene.inquire(scene.unknownCard), gives: .cardUnknown)
    }.steps(number: 0)
    for step in steps {
      let reply = try terminals.answer(step.frame, from: step.identity, at: step.serverTime)
      let code = unsafe FrameView(whole: reply.span.bytes).responseCode
      #expect(code == step.code, "\(step.body.messageType)")
    }
    let entries = terminals.audit.requests()
    #expect(entries.map(\.code) == steps.map(\.code))
    #expect(entries.map(\.traceNumber) == steps.map(\.header.traceNumber))
    let isToldAgain = entries.map { $0.flags.contains(.storedReply) }
    #expect(isToldAgain == [false, true, true, false, false, false])
    // All three rest on the one change.
    #expect(Set(entries.prefix(3).map(\.position)).count == 1)
    #expect(entries.prefix(3).allSatisfy { $0.card == Fixture.card(0) && $0.position != .zero })
  }
}
