import SimulatedStorage
import Support
import TransactionModel
import WireFormat

/// A day's traffic of a few terminals on a few cards, by a seed: valid requests of every kind,
/// repeats, and trace numbers used again.
struct SeededTraffic {
  var line: Line
  private(set) var exchanges: [Line.Exchange] = []
  private var random: SeededGenerator
  private let cardCount: UInt64

  init(seed: UInt64, cardCount: UInt64 = 12, _ engine: FixtureEngine) {
    random = SeededGenerator(seed: seed)
    line = Line(engine)
    self.cardCount = cardCount
  }

  mutating func play(_ count: Int) throws {
    for _ in 0..<count {
      line.advance(milliseconds: UInt64.random(in: 0...1_000, using: &random))
      if random.oneIn(800) {
        line.advance(milliseconds: 36 * 3_600_000)
      }
      if let earlier = exchanges.randomElement(using: &random), random.oneIn(8) {
        var step = earlier.step
        step.header.flags.insert(.repeat)
        if random.oneIn(4) { step.body = body() }
        try line.send(step)
      } else {
        var flags: FrameFlags = random.oneIn(3) ? .keyed : []
        if random.oneIn(10) { flags.insert(.training) }
        if random.oneIn(5) { flags.insert(.spanish) }
        let body = body()
        if !mayCarry(flags, body) { flags = [] }
        exchanges.append(try line.send(body, from: speaker(), flags: flags))
      }
    }
  }

  private func mayCarry(_ flags: FrameFlags, _ body: RequestBody) -> Bool {
    MessageLayout.request(body.messageType).flags.isSuperset(of: flags)
  }

  private mutating func speaker() -> Speaker {
    let speakers = [
      Speaker.clinic, .clinic, .newTerminal, .secondClinic, .pharmacy, .office, .helpDesk,
      .retiredOperator,
    ]
    return speakers.randomElement(using: &random) ?? .clinic
  }

  private mutating func card() -> CardNumber {
    let number = UInt64.random(in: 0..<cardCount, using: &random)
    return switch Int.random(in: 0..<12, using: &random) {
    case 0: Fixture.unknownCard(number)
    case 1: Fixture.unshippedCard(number)
    case 2: Fixture.cardOfSecondClinic(number)
    default: Fixture.card(number)
    }
  }

  private mutating func form() -> ClientForm {
    let forms = [
      SampleForm.eligible, SampleForm.eligible, SampleForm.otherEligible, SampleForm.confidential,
      SampleForm.incomeTooHigh, SampleForm.failsEverything,
    ]
    return forms.randomElement(using: &random) ?? SampleForm.eligible
  }

  /// A reversal of an earlier change, or of one that was never sent.
  private mutating func reversal() -> RequestBody {
    let types: [MessageType] = [.activate, .update, .deactivate, .recertify]
    let original = exchanges.suffix(6).randomElement(using: &random)?.step
    guard let original, types.contains(original.body.messageType), !random.oneIn(6) else {
      let type = types.randomElement(using: &random) ?? .activate
      return .reverse(
        traceNumber: SystemTraceAuditNumber(rawValue: .random(in: 5_000...6_000, using: &random)),
        type: type, reason: 2, time: line.time)
    }
    return .reverse(
      traceNumber: original.header.traceNumber, type: original.body.messageType, reason: 1,
      time: original.header.transactionTime)
  }

  private mutating func body() -> RequestBody {
    let day = PacificTime.date(at: line.time)
    let card = card()
    switch Int.random(in: 0..<15, using: &random) {
    case 0..<3: return Scene.activate(card, form(), on: day)
    case 3: return Scene.recertify(card, form(), on: day)
    case 4:
      let days = Int32.random(in: 0...9, using: &random)
      return Scene.deactivate(card, from: day.adding(days: days))
    case 5, 6:
      let change = SampleForm.emptyUpdate.with(
        .monthlyIncome, UInt32.random(in: 0...6_000, using: &random))
      return Scene.update(card, expecting: .random(in: 1...4, using: &random), change)
    case 7: return Scene.inquire(card, on: day, .verify)
    case 8: return Scene.inquire(card, on: day, .reaffirm)
    case 9: return Scene.signOn
    case 10: return random.oneIn(8) ? .signOff : Scene.signOn
    case 11: return .last(traceNumber: .random(in: 0...400, using: &random))
    case 12, 13: return reversal()
    default: return Scene.inquire(card, on: day)
    }
  }
}
