import Support
import Testing
import TransactionModel
import WireFormat

@testable import TransactionEngine

/// Whether an operator may work at a terminal (SPECIFICATION.md, 10.3).
@Suite("Operators' sessions")
struct SessionTests {
  static let idle: UInt64 = 20 * 60_000

  /// A line to an engine on which sessions end as they do by default.
  static func line(signingOn speakers: [Speaker] = [.clinic]) throws -> Line {
    Line(
      try FixtureEngine(
        EngineSettings(environment: Fixture.environment), signingOn: speakers))
  }

  static let bodies: [RequestBody] = [
    Scene.inquire(Fixture.card(0)), Scene.inquire(Fixture.card(0), .verify),
    Scene.inquire(Fixture.card(0), .reaffirm), Scene.activate(Fixture.card(0)),
    Scene.update(Fixture.card(0), expecting: 1, SampleForm.emptyUpdate),
    Scene.deactivate(Fixture.card(0)), .last(traceNumber: 0),
    .recertify(
      Certification(
        card: Fixture.card(0), certificationDate: Fixture.today, client: SampleForm.eligible)),
    .reverse(
      traceNumber: SystemTraceAuditNumber(rawValue: 9), type: .activate, reason: 1,
      time: Fixture.start),
  ]

  @Test("every request wants one but echo, sign-on and sign-off", arguments: bodies.indices)
  func wanted(index: Int) throws {
    var line = try Self.line(signingOn: [])
    let refused = try line.send(Self.bodies[index])
    #expect(refused.code == .operatorNotSignedOn)
    #expect(refused.reply.refusedField == HeaderLayout.operatorID.number)
    #expect(try line.send(.echo).code == .approved)
    #expect(try line.send(.signOff).code == .approved)
    #expect(try line.send(Scene.signOn).code == .approved)
    #expect(try line.send(Self.bodies[index]).code != .operatorNotSignedOn)
  }

  @Test("the last millisecond is in, the next is out", arguments: bodies.indices)
  func edge(index: Int) throws {
    for (milliseconds, isIn) in [(Self.idle, true), (Self.idle + 1, false)] {
      var line = try Self.line()
      line.advance(milliseconds: milliseconds)
      let code = try line.send(Self.bodies[index]).code
      #expect((code != .operatorNotSignedOn) == isIn, "\(code) after \(milliseconds) ms")
    }
  }

  @Test("each transaction of the operator at the terminal renews the time, and nothing else does")
  func renewal() throws {
    var line = try Self.line(signingOn: [.clinic, .secondOperator, .newTerminal])
    for body in Self.bodies {
      line.advance(milliseconds: Self.idle)
      #expect(try line.send(body).code != .operatorNotSignedOn)
      try line.send(.echo, from: .secondOperator)
    }
    for speaker in [Speaker.secondOperator, .newTerminal] {
      #expect(
        try line.send(Scene.inquire(Fixture.card(0)), from: speaker).code == .operatorNotSignedOn)
    }
  }

  @Test("several operators work at one terminal, and one goes without the others")
  func several() throws {
    var line = try Self.line(signingOn: [.clinic, .secondOperator])
    let inquiry = Scene.inquire(Fixture.card(0))
    #expect(try line.send(inquiry, from: .secondOperator).code == .neverActivated)
    try line.send(.signOff)
    #expect(try line.send(inquiry).code == .operatorNotSignedOn)
    #expect(try line.send(inquiry, from: .secondOperator).code == .neverActivated)
    #expect(try line.send(inquiry, from: .newTerminal).code == .operatorNotSignedOn)
  }

  @Test("one operator too many at a terminal takes the place of the one who came first")
  func tooMany() throws {
    var line = try Self.line(signingOn: [])
    let count = UInt64(SessionTable.operatorsPerTerminalMax)
    let speakers = (0...count).map { Speaker(terminal: 1001, operatorID: 10_000 + $0) }
    for speaker in speakers {
      let entries: [RegisterChange] = [
        .operator(Operator(id: speaker.operatorID, site: Fixture.clinic, state: .active)),
        .operatorSecret(Fixture.secret(of: speaker.operatorID)),
      ]
      for entry in entries {
        #expect(line.engine.engine.register(entry, by: Fixture.author, at: line.time) != nil)
      }
      #expect(try line.send(Scene.signOn, from: speaker).code == .approved)
      // Who is busy is not who came last: replay knows nothing of inquiries.
      try line.send(Scene.inquire(Fixture.card(0)), from: speakers[0])
    }
    for engine in [line.engine, try line.engine.replayed()] {
      line.engine = engine
      for (index, speaker) in speakers.enumerated() {
        let code = try line.send(Scene.inquire(Fixture.card(0)), from: speaker).code
        #expect((code == .operatorNotSignedOn) == (index == 0), "operator \(index)")
      }
    }
  }

  @Test("a restart takes them up for twenty minutes more, but none that is twelve hours old")
  func restart() throws {
    let limit: UInt64 = 3_600_000
    for (silence, isRevived) in [(0, true), (limit, true), (limit + 1, false)] {
      var line = try Self.line()
      line.advance(milliseconds: silence)
      line.engine = try line.engine.replayed(at: line.time)
      line.advance(milliseconds: Self.idle)
      let code = try line.send(Scene.inquire(Fixture.card(0))).code
      #expect((code == .neverActivated) == isRevived, "after \(silence) ms")
      line.advance(milliseconds: Self.idle + 1)
      #expect(try line.send(Scene.inquire(Fixture.card(0))).code == .operatorNotSignedOn)
    }
  }

  @Test("a restart counts from what was journalled, and takes up nobody who signed off")
  func journalled() throws {
    var line = try Self.line(signingOn: [.clinic, .newTerminal])
    line.advance(milliseconds: Self.idle)
    try line.send(Scene.activate(Fixture.card(0)))
    try line.send(.signOff, from: .newTerminal)
    // Twelve hours after the change, more after the sign-on.
    line.advance(milliseconds: 3_600_000)
    line.engine = try line.engine.replayed(at: line.time)
    #expect(try line.send(Scene.inquire(Fixture.card(0))).code == .eligible)
    #expect(
      try line.send(Scene.inquire(Fixture.card(0)), from: .newTerminal).code
        == .operatorNotSignedOn)
  }

  @Test("whoever is suspended, or whose terminal is blocked, has none when it is over")
  func suspended() throws {
    let person = Speaker.clinic.operatorID
    let terminal = Speaker.clinic.terminal
    let changes: [(RegisterState) -> RegisterChange] = [
      { .operator(Operator(id: person, site: Fixture.clinic, state: $0)) },
      { .terminal(Terminal(id: terminal, site: Fixture.clinic, state: $0)) },
    ]
    for change in changes {
      var line = try Self.line()
      for state in [RegisterState.suspended, .active] {
        #expect(
          line.engine.engine.register(change(state), by: Fixture.author, at: line.time) != nil)
      }
      #expect(try line.send(Scene.inquire(Fixture.card(0))).code == .operatorNotSignedOn)
      line.engine = try line.engine.replayed()
      #expect(try line.send(Scene.inquire(Fixture.card(0))).code == .operatorNotSignedOn)
    }
  }

  @Test("what follows a sign-on waits until that is on record")
  func waits() throws {
    var line = try Self.line(signingOn: [])
    let signOn = try line.send(Scene.signOn)
    let inquiry = try line.send(Scene.inquire(Fixture.unknownCard(0)))
    #expect(inquiry.waitPosition == signOn.position)
    #expect(inquiry.position == .zero)
  }

  @Test("what changes nothing goes on while the log takes no sign-on")
  func logFull() throws {
    var line = try Self.line(signingOn: [.clinic])
    let inquiry = Scene.inquire(Fixture.card(0))
    func send(_ body: RequestBody, _ available: Bool) throws -> ResponseCode {
      try line.send(line.step(body), changesAvailable: available).code
    }
    #expect(try send(Scene.activate(Fixture.card(0)), false) == .changesUnavailable)
    for _ in 0..<3 {
      line.advance(milliseconds: 10 * Self.idle)
      #expect(try send(inquiry, false) == .neverActivated)
    }
    line.advance(milliseconds: Self.idle + 1)
    #expect(try send(Scene.activate(Fixture.card(0)), false) == .operatorNotSignedOn)
    // No try is looked at that could not be recorded, so none counts.
    for _ in 0..<9 {
      #expect(try send(Scene.signOn(with: "wrong-secret"), false) == .changesUnavailable)
    }
    #expect(try send(Scene.signOn, false) == .changesUnavailable)
    #expect(try send(inquiry, true) == .operatorNotSignedOn)
    #expect(try send(Scene.signOn, true) == .approved)
  }

  @Test("a session that had ended does not come back when the log is full")
  func logFullLater() throws {
    var line = try Self.line()
    line.advance(milliseconds: Self.idle + 1)
    let step = line.step(Scene.inquire(Fixture.card(0)))
    #expect(try line.send(step, changesAvailable: false).code == .operatorNotSignedOn)
  }
}
