import Support
import Testing
import TransactionModel
import WireFormat

@testable import TransactionEngine

/// Where no sign-on is asked for (SPECIFICATION.md, 10.3).
@Suite("What needs no sign-on")
struct VouchingTests {
  static let viaGateway = Speaker.clinic.through(gatewayOf: Fixture.clinic)

  /// A line to an engine on which nobody is signed on.
  private func makeLine(vouching: Bool = true) throws -> Line {
    let line = try SessionTests.line(signingOn: [])
    let site = Site(
      id: Fixture.clinic, role: .enrollingClinic, state: .active, vouchesForOperators: vouching,
      firstDay: CalendarDate(trusted: 2020_01_01), lastDay: .none,
      name: InlineArray(repeating: 0x20))
    #expect(line.engine.engine.register(.site(site), by: Fixture.author, at: line.time) != nil)
    return line
  }

  private func lastMarks(_ line: Line) throws -> TransactionMarks {
    try #require(line.engine.records.last.flatMap { TransactionRecord(body: $0.body) }).marks
  }

  @Test("what comes by the gateway's certificate where the register says that it vouches")
  func gateway() throws {
    var line = try makeLine()
    #expect(
      try line.send(Scene.activate(Fixture.card(0)), from: Self.viaGateway).code == .activated)
    #expect(try lastMarks(line) == .vouchedFor)
    #expect(try line.send(Scene.inquire(Fixture.card(0)), from: Self.viaGateway).code == .eligible)
    let verified = try line.send(Scene.inquire(Fixture.card(0), .verify), from: Self.viaGateway)
    #expect(verified.code == .eligible)
    #expect(try lastMarks(line) == .vouchedFor)
    try line.send(.signOff, from: Self.viaGateway)
    #expect(try lastMarks(line) == .vouchedFor)
  }

  @Test("a terminal's own certificate wants one there all the same")
  func ownCertificate() throws {
    var line = try makeLine()
    #expect(try line.send(Scene.inquire(Fixture.card(0))).code == .operatorNotSignedOn)
    #expect(try line.send(Scene.signOn).code == .approved)
    #expect(try line.send(Scene.activate(Fixture.card(0))).code == .activated)
    #expect(try lastMarks(line) == [])
  }

  @Test("a gateway whose site does not vouch wants one like its terminals")
  func notVouching() throws {
    var line = try makeLine(vouching: false)
    let inquiry = Scene.inquire(Fixture.card(0))
    #expect(try line.send(inquiry, from: Self.viaGateway).code == .operatorNotSignedOn)
    #expect(
      try line.send(Scene.signOn(with: .none), from: Self.viaGateway).code == .operatorSecretWrong)
    #expect(try line.send(Scene.signOn, from: Self.viaGateway).code == .approved)
    #expect(try line.send(inquiry, from: Self.viaGateway).code == .neverActivated)
    #expect(try line.send(inquiry).code == .neverActivated, "a session is the terminal's")
  }

  @Test("a gateway vouches only for operators of its site who may work")
  func strangers() throws {
    var line = try makeLine()
    for speaker in [
      Speaker.retiredOperator, .suspendedOperator, .unknownOperator, .noOperator, .strangeOperator,
    ] {
      let inquiry = try line.send(
        Scene.inquire(Fixture.card(0)), from: speaker.through(gatewayOf: Fixture.clinic))
      #expect(inquiry.code == .operatorUnknown)
    }
  }

  @Test("a sign-on without a secret opens nothing, and forgives no wrong one")
  func signOn() throws {
    var line = try makeLine()
    for _ in 0..<4 { try line.send(OperatorSecretTests.wrong) }
    for _ in 0..<2 {
      let signOn = try line.send(Scene.signOn(with: .none), from: Self.viaGateway)
      #expect(signOn.code == .approved)
      #expect(try lastMarks(line) == .vouchedFor)
    }
    #expect(try line.send(Scene.inquire(Fixture.card(0))).code == .operatorNotSignedOn)
    line.engine = try line.engine.replayed()
    #expect(try line.send(Scene.inquire(Fixture.card(0))).code == .operatorNotSignedOn)
    // A secret that is sent is checked there too, and a new one is not taken without the old.
    let wrong = Scene.signOn(with: .none, replacingBy: Fixture.secret("chosen by me"))
    #expect(try line.send(wrong, from: Self.viaGateway).code == .operatorSecretWrong)
    #expect(try line.send(Scene.signOn, from: Self.viaGateway).code == .operatorLocked)
    let inquiry = try line.send(Scene.inquire(Fixture.card(0)), from: Self.viaGateway)
    #expect(inquiry.code == .neverActivated, "the lock bars sign-ons only")
  }

  @Test("a change that was stored and forwarded, by an operator who may work, and is marked so")
  func storedAndForward() throws {
    var line = try SessionTests.line(signingOn: [])
    let flags: FrameFlags = .storedAndForward
    #expect(try line.send(Scene.activate(Fixture.card(0)), flags: flags).code == .activated)
    #expect(try lastMarks(line) == .storedAndForwarded)
    // It is for changes of a record: nothing can be learned by it.
    #expect(
      try line.send(Scene.inquire(Fixture.card(0), .verify), flags: flags).code
        == .operatorNotSignedOn)
    #expect(
      try line.send(Scene.activate(Fixture.card(1)), from: .retiredOperator, flags: flags).code
        == .operatorUnknown)
    // An inquiry that changes nothing has no reason to be stored.
    #expect(
      try line.send(Scene.inquire(Fixture.card(0)), flags: flags).code == .operatorNotSignedOn)
    #expect(try line.send(Scene.activate(Fixture.card(1))).code == .operatorNotSignedOn)
  }

  @Test("no stored-and-forward change is taken of an operator who is locked")
  func storedAndLocked() throws {
    var line = try SessionTests.line(signingOn: [])
    for _ in 0..<5 { try line.send(Scene.signOn(with: "not the secret")) }
    let change = Scene.activate(Fixture.card(0))
    #expect(try line.send(change, flags: .storedAndForward).code == .operatorLocked)
  }

  @Test("a stored-and-forward change renews no session, also in replay")
  func renewsNothing() throws {
    var line = try SessionTests.line()
    line.advance(milliseconds: SessionTests.idle)
    try line.send(Scene.activate(Fixture.card(0)), flags: .storedAndForward)
    line.advance(milliseconds: 1)
    #expect(try line.send(Scene.inquire(Fixture.card(0))).code == .operatorNotSignedOn)
    line.advance(milliseconds: 3_600_000 - SessionTests.idle)
    line.engine = try line.engine.replayed(at: line.time)
    #expect(try line.send(Scene.inquire(Fixture.card(0))).code == .operatorNotSignedOn)
  }

  @Test("one with both says both")
  func both() throws {
    var line = try makeLine()
    try line.send(
      Scene.activate(Fixture.card(0)), from: Self.viaGateway, flags: .storedAndForward)
    #expect(try lastMarks(line) == [.vouchedFor, .storedAndForwarded])
  }
}
