import Support
import Testing
import TransactionEngine
import TransactionModel
import WireFormat

@Suite("What an answer waits for")
struct WaitPositionTests {
  @Test("a change waits for its own record, a declined one and a training one too")
  func changes() throws {
    var line = Line(try FixtureEngine())
    let card = Fixture.card(0)
    let bodies: [(RequestBody, FrameFlags)] = [
      (Scene.activate(card), .training), (Scene.activate(card), []), (Scene.activate(card), []),
      (Scene.activate(Fixture.unknownCard(0)), []),
      (Scene.update(card, expecting: 9, SampleForm.emptyUpdate), []),
      (Scene.update(card, expecting: 1, SampleForm.emptyUpdate), []),
      (Scene.inquire(card, .verify), []), (Scene.inquire(card, .reaffirm), []),
      (Scene.inquire(Fixture.unknownCard(0), .verify), []),
      (Scene.deactivate(card), []), (Scene.deactivate(card), []), (Scene.signOn, []),
      (.signOff, []),
    ]
    var expected = line.engine.openingEnd
    for (body, flags) in bodies {
      let exchange = try line.send(
        body, flags: body.messageType == .signOn || body.messageType == .signOff ? [] : flags)
      expected = expected.next
      #expect(exchange.position == expected)
      #expect(exchange.waitPosition == expected)
    }
    #expect(line.engine.records.count == Int(expected.rawValue))
  }

  @Test("an inquiry waits for the record's last change, staged in the same batch or not")
  func inquiry() throws {
    var line = Line(try FixtureEngine())
    let change = try line.send(Scene.activate(Fixture.card(0)))
    try line.send(Scene.activate(Fixture.card(1)))
    for speaker in [Speaker.clinic, .pharmacy, .secondClinic, .office] {
      let inquiry = try line.send(Scene.inquire(Fixture.card(0)), from: speaker)
      #expect(inquiry.position == change.position)
      #expect(inquiry.waitPosition == change.position)
    }
    let end = try line.send(Scene.deactivate(Fixture.card(0)))
    let inquiry = try line.send(Scene.inquire(Fixture.card(0)))
    #expect(inquiry.waitPosition == end.position)
    #expect(inquiry.position == end.position)
  }

  @Test("a repeat waits for the original's record, and so does its refusal")
  func repeats() throws {
    var line = Line(try FixtureEngine())
    let change = try line.send(Scene.activate(Fixture.card(0)))
    try line.send(Scene.activate(Fixture.card(1)))
    #expect(try line.send(change.step).waitPosition == change.position)
    var other = change.step
    other.body = Scene.deactivate(Fixture.card(0))
    let refused = try line.send(other)
    #expect(refused.waitPosition == change.position)
    #expect(refused.position == .zero, "a refusal carries no position")
  }

  @Test("what rests on no record waits for the register and the operator's sign-on alone")
  func nothing() throws {
    var line = Line(try FixtureEngine())
    let registerEnd = LogPosition(rawValue: UInt64(Fixture.register.count))
    try line.send(Scene.activate(Fixture.card(0), SampleForm.incomeTooHigh))
    let exchanges = [
      try line.send(.echo),
      try line.send(Scene.inquire(Fixture.card(0)), from: .pharmacy),
      try line.send(Scene.inquire(Fixture.unknownCard(0)), from: .pharmacy),
      try line.send(Scene.inquire(Fixture.unknownCard(0))),
      try line.send(Scene.inquire(Fixture.card(0), on: CalendarDate(trusted: 2026_11_03))),
      try line.send(.echo, from: .suspendedTerminal),
      try line.send(Scene.signOn, from: .retiredOperator),
    ]
    for exchange in exchanges {
      #expect(exchange.position == .zero)
      #expect(exchange.waitPosition >= registerEnd)
      #expect(exchange.waitPosition <= line.engine.openingEnd)
    }
  }

  @Test("a change of the register that could still vanish is told to nobody")
  func register() throws {
    var line = Line(try FixtureEngine())
    try line.send(Scene.activate(Fixture.card(0)))
    let range = CardRange(
      firstSerial: 5_000_000_000_001, lastSerial: 5_000_000_000_009, site: Fixture.clinic,
      isVoided: false)
    let position = line.engine.engine.register(
      .cardRange(range), by: Fixture.author, at: Fixture.start)
    let card = CardScheme.healthAccessNumber(serial: range.firstSerial)
    let inquiry = try line.send(Scene.inquire(card))
    #expect(inquiry.code == .neverActivated)
    #expect(inquiry.waitPosition == position)
  }

  @Test("security events are those where somebody tried what is not theirs")
  func securityEvents() throws {
    var line = Line(try FixtureEngine())
    try line.send(Scene.activate(Fixture.card(0)))
    var reused = try line.send(Scene.activate(Fixture.card(1))).step
    reused.body = Scene.activate(Fixture.card(2))
    let theirs = [
      try line.send(reused),
      try line.send(.echo, from: .clinic.speaking(as: Speaker.pharmacy.identity)),
      try line.send(.echo, from: .clinic.through(gatewayOf: Fixture.pharmacy)),
      try line.send(.echo, from: .suspendedTerminal),
      try line.send(Scene.activate(Fixture.card(0), SampleForm.otherEligible)),
    ]
    for exchange in theirs { #expect(exchange.isSecurityEvent, "\(exchange.code)") }
    let harmless = [
      try line.send(.echo), try line.send(Scene.activate(Fixture.card(0))),
      try line.send(Scene.inquire(Fixture.unknownCard(0))),
      try line.send(Scene.inquire(Fixture.unknownCard(0)), from: .pharmacy),
    ]
    for exchange in harmless { #expect(!exchange.isSecurityEvent, "\(exchange.code)") }
  }

  @Test("server time does not go back in the log")
  func time() throws {
    var line = Line(try FixtureEngine())
    try line.send(Scene.activate(Fixture.card(0)))
    line.time = Instant(milliseconds: Fixture.start.milliseconds - 60_000)
    try line.send(Scene.activate(Fixture.card(1)))
    let times = line.engine.records.map(\.serverTime)
    #expect(times.last == Fixture.start)
    #expect(times == times.sorted())
  }
}
