import SimulatedStorage
import Support
import Testing
import TransactionModel
import WireFormat

@testable import TransactionEngine

@Suite("Reversals")
struct ReversalTests {
  static let day: UInt64 = 24 * 3_600_000

  private func reverse(_ exchange: Line.Exchange) -> RequestBody {
    .reverse(
      traceNumber: exchange.step.header.traceNumber, type: exchange.step.body.messageType,
      reason: 1, time: exchange.step.header.transactionTime)
  }

  @Test("are done within the limit, and come too late a millisecond after it")
  func limit() throws {
    for (milliseconds, code): (UInt64, ResponseCode) in [
      (Self.day, .reversed), (Self.day + 1, .reversalTooLate),
    ] {
      var line = Line(try FixtureEngine())
      let original = try line.send(Scene.activate(Fixture.card(0)))
      line.advance(milliseconds: milliseconds)
      #expect(try line.send(reverse(original)).code == code)
      #expect(
        try line.engine.replayed().records == line.engine.records, "replay is the same")
    }
  }

  @Test("and what is told again name the card of their change, for whoever asks who looked at it")
  func cards() throws {
    var line = Line(try FixtureEngine())
    let card = Fixture.card(0)
    let original = try line.send(Scene.activate(card))
    #expect(try line.send(.last(traceNumber: 0)).card == card)
    let reversal = try line.send(reverse(original))
    #expect(reversal.code == .reversed && reversal.card == card)
    // The same frame once more, and the same reversal in a new one.
    #expect(try line.send(reversal.step).card == card)
    #expect(try line.send(reverse(original)).card == card)
    #expect(try line.send(.last(traceNumber: 0)).card == card)
    let trace = original.step.header.traceNumber.rawValue
    #expect(try line.send(.last(traceNumber: trace)).card == card)
    // Of what nobody ever sent there is none.
    #expect(try line.send(.last(traceNumber: 900)).card.isBlank)
    var unknown = original
    unknown.step.header.traceNumber = SystemTraceAuditNumber(rawValue: 901)
    #expect(try line.send(reverse(unknown)).card.isBlank)
  }

  @Test(
    "and what is told again name the card, and not the other number that was asked for",
    arguments: [InquiryPurpose.verify, .reaffirm])
  func otherNumber(purpose: InquiryPurpose) throws {
    var line = Line(try FixtureEngine())
    let card = Fixture.card(0)
    let benefits = try #require(CardNumber("90000001A16123"))
    try line.send(
      Scene.activate(card, SampleForm.eligible.with(.benefitsCard, benefits.revealed)))
    let inquiry = try line.send(Scene.inquire(benefits, purpose))
    #expect(inquiry.code == .eligible && inquiry.card == card)
    #expect(try line.send(inquiry.step).card == card)
    #expect(try line.send(.last(traceNumber: 0)).card == card)
    let trace = inquiry.step.header.traceNumber.rawValue
    #expect(try line.send(.last(traceNumber: trace)).card == card)
    // Of a number that leads nowhere there is nothing to name but itself.
    let unknown = try line.send(Scene.inquire(Fixture.unknownCard(0), .verify))
    #expect(unknown.card.isBlank)
    #expect(try line.send(unknown.step).card == Fixture.unknownCard(0))
  }

  @Test("of a change that gave way to newer ones come too late, not elsewhere")
  func countLimit() throws {
    var settings = EngineSettings(environment: Fixture.environment)
    settings.reversibleChangeCountMax = 3
    var line = Line(try FixtureEngine(settings))
    let changes = try (UInt64(0)..<4).map { try line.send(Scene.activate(Fixture.card($0))) }
    var after = line
    after.engine = try line.engine.replayed()
    for line in [line, after] {
      var line = line
      #expect(try line.send(reverse(changes[0])).code == .reversalTooLate)
      for change in changes[1...].reversed() {
        #expect(try line.send(reverse(change)).code == .reversed)
      }
    }
  }

  @Test("of a forgotten change come too late")
  func forgotten() throws {
    var line = Line(try FixtureEngine())
    let original = try line.send(Scene.activate(Fixture.card(0)))
    line.advance(milliseconds: 1)
    for _ in 0..<256 { try line.send(Scene.inquire(Fixture.card(9), .verify)) }
    #expect(try line.send(reverse(original)).code == .reversalTooLate)
    #expect(try line.send(Scene.inquire(Fixture.card(0))).code == .eligible)
  }

  @Test("wait for their own record, and leave a record that says what was undone")
  func record() throws {
    var line = Line(try FixtureEngine())
    let original = try line.send(Scene.activate(Fixture.card(0)))
    let reversal = try line.send(reverse(original))
    #expect(reversal.waitPosition == reversal.position)
    let staged = try #require(line.engine.records.last)
    let record = try #require(TransactionRecord(body: staged.body))
    #expect(record.card == Fixture.card(0) && record.code == .reversed)
    #expect(record.original?.traceNumber == original.step.header.traceNumber)
    #expect(record.original?.effect == .undone)
    #expect(record.image?.version == 2 && record.image?.hasBeenActivated == false)
  }

  @Test("after a restart know what they knew before", arguments: [UInt64(1), 2, 3])
  func restart(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var traffic = SeededTraffic(seed: seed, try FixtureEngine())
    try traffic.play(600)
    let replayed = try traffic.line.engine.replayed()
    var line = traffic.line
    let changes = traffic.exchanges.filter { $0.step.body.messageType.isReversible }
    var codes: Set<ResponseCode> = []
    for _ in 0..<200 {
      guard let change = changes.randomElement(using: &random) else { continue }
      let flags: FrameFlags = change.step.header.flags.intersection(.training)
      let step = line.step(reverse(change), flags: flags)
      var other = line
      other.engine = replayed
      let reply = try line.send(step)
      codes.insert(reply.code)
      #expect(try other.send(step).bytes == reply.bytes, "seed \(seed)")
    }
    #expect(codes.count >= 4, "seed \(seed): \(codes)")
    #expect(line.engine.records == replayed.records, "seed \(seed)")
  }

  @Test("never leave a record other than it was", arguments: [UInt64(4), 5, 6, 7])
  func restores(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var line = Line(try FixtureEngine())
    let card = Fixture.card(0)
    for number in 0..<200 {
      line.advance(milliseconds: UInt64.random(in: 0...60_000, using: &random))
      let before = try line.send(Scene.inquire(card))
      let version = before.outcome?.recordVersion ?? 0
      let change: RequestBody =
        switch Int.random(in: 0..<4, using: &random) {
        case 0: Scene.activate(card)
        case 1: Scene.deactivate(card)
        case 2:
          Scene.update(
            card, expecting: version,
            SampleForm.emptyUpdate.with(
              .monthlyIncome, .random(in: 0...6_000, using: &random)))
        default: Scene.activate(card, SampleForm.incomeTooHigh)
        }
      let exchange = try line.send(change)
      guard random.oneIn(2) else { continue }
      let reversal = try line.send(reverse(exchange))
      let after = try line.send(Scene.inquire(card))
      guard reversal.code == .reversed else {
        #expect(
          (exchange.outcome?.recordVersion ?? version) == version, "seed \(seed), change \(number)")
        continue
      }
      #expect(after.outcome?.recordVersion == version + 2, "seed \(seed), change \(number)")
      // All but what tells the one from the other in time.
      func told(_ exchange: Line.Exchange) -> [UInt8] {
        var bytes = exchange.bytes
        for field in [
          HeaderLayout.traceNumber, HeaderLayout.transactionTime, HeaderLayout.logPosition,
          OutcomeLayout.recordVersion, InquiryReplyLayout.lastChange,
        ] {
          for offset in field.range { bytes[offset] = 0 }
        }
        return bytes
      }
      #expect(told(after) == told(before), "seed \(seed), change \(number)")
    }
  }
}
