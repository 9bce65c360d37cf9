import Support
import Testing
import TransactionEngine
import TransactionModel
import WireFormat

@Suite("What a pharmacy is told")
struct HiddenAnswerTests {
  /// Cards of which a pharmacy may not learn anything, and which differ in all else.
  static func hiddenCards(_ line: inout Line) throws -> [CardNumber] {
    try line.send(Scene.activate(Fixture.card(1), SampleForm.failsEverything))
    try line.send(Scene.activate(Fixture.card(2)), flags: .training)
    try line.send(
      Scene.activate(Fixture.cardOfSecondClinic(1), SampleForm.incomeTooHigh), from: .secondClinic)
    return [
      Fixture.card(0), Fixture.card(1), Fixture.card(2), Fixture.cardOfSecondClinic(0),
      Fixture.cardOfSecondClinic(1), Fixture.unshippedCard(0), Fixture.voidedCard(0),
      Fixture.unknownCard(0),
    ]
  }

  @Test(
    "every hidden number gets the same bytes, steps and wait",
    arguments: [2026_11_02, 2026_11_03, 2025_11_01, 2026_01_01])
  func sameBytes(day: UInt32) throws {
    var line = Line(try FixtureEngine())
    let cards = try Self.hiddenCards(&line)
    var replies: Set<[UInt8]> = []
    var steps: Set<EngineWork> = []
    var waits: Set<LogPosition> = []
    var step = line.step(Scene.inquire(cards[0]), from: .pharmacy)
    for card in cards {
      step.body = Scene.inquire(card, on: CalendarDate(trusted: day))
      let before = line.engine.engine.work
      let exchange = try line.send(step)
      replies.insert(exchange.bytes)
      waits.insert(exchange.waitPosition)
      steps.insert(line.engine.engine.work - before)
      #expect(exchange.position == .zero)
    }
    #expect(replies.count == 1)
    #expect(waits.count == 1)
    #expect(steps.count == 1)
  }

  /// Numbers of benefits cards of which a pharmacy may not learn anything.
  static func hiddenBenefitsCards(_ line: inout Line) throws -> [CardNumber] {
    let cards = ["90000001A16123", "90000002A16123", "90000003A16123", "90000004A16123"]
      .compactMap(CardNumber.init)
    let form = SampleForm.failsEverything
    for number in UInt64(10)..<14 {
      try line.send(
        Scene.activate(Fixture.card(number), form.with(.benefitsCard, cards[0].revealed)))
    }
    try line.send(
      Scene.activate(
        Fixture.card(14), SampleForm.eligible.with(.benefitsCard, cards[1].revealed)))
    try line.send(
      Scene.update(
        Fixture.card(14), expecting: 1, SampleForm.emptyUpdate.clearing(.benefitsCard)))
    try line.send(
      Scene.activate(Fixture.card(15), form.with(.benefitsCard, cards[2].revealed)),
      flags: .training)
    return cards
  }

  @Test(
    "every hidden benefits card gets the same bytes, steps and wait, the bytes of other cards",
    arguments: [2026_11_02, 2026_11_03, 2025_11_01])
  func sameBytesOfBenefitsCards(day: UInt32) throws {
    var line = Line(try FixtureEngine())
    let cards = try Self.hiddenBenefitsCards(&line)
    #expect(cards.count == 4)
    var replies: Set<[UInt8]> = []
    var steps: Set<EngineWork> = []
    var waits: Set<LogPosition> = []
    var step = line.step(Scene.inquire(cards[0]), from: .pharmacy)
    for card in cards {
      step.body = Scene.inquire(card, on: CalendarDate(trusted: day))
      let before = line.engine.engine.work
      let exchange = try line.send(step)
      replies.insert(exchange.bytes)
      waits.insert(exchange.waitPosition)
      steps.insert(line.engine.engine.work - before)
    }
    step.body = Scene.inquire(Fixture.unknownCard(0), on: CalendarDate(trusted: day))
    replies.insert(try line.send(step).bytes)
    #expect(replies.count == 1)
    #expect(waits.count == 1)
    #expect(steps.count == 1)
  }

  @Test("a verified hidden answer differs in position and confirmation alone")
  func verified() throws {
    var line = Line(try FixtureEngine())
    var replies: Set<[UInt8]> = []
    for card in try Self.hiddenCards(&line) {
      var step = line.step(Scene.inquire(card, .verify), from: .pharmacy)
      step.header.transactionTime = Fixture.start
      var exchange = try line.send(step)
      for field in [
        HeaderLayout.traceNumber, HeaderLayout.logPosition, OutcomeLayout.confirmation,
      ] {
        for offset in field.range { exchange.bytes[offset] = 0 }
      }
      replies.insert(exchange.bytes)
    }
    #expect(replies.count == 1)
  }

  @Test("of a client it may know it is told status, period and days, and no more")
  func statusOnly() throws {
    var line = Line(try FixtureEngine())
    try line.send(Scene.activate(Fixture.card(0), SampleForm.confidential))
    try line.send(Scene.activate(Fixture.card(1)))
    try line.send(Scene.deactivate(Fixture.card(1), .sterilized))
    try line.send(Scene.activate(Fixture.card(2)))
    try line.send(
      Scene.deactivate(
        Fixture.card(2), .mediCal, .pregnancy, from: CalendarDate(trusted: 2026_11_03)))
    try line.send(Scene.activate(Fixture.card(3)))
    try line.send(
      Scene.update(
        Fixture.card(3), expecting: 1, SampleForm.emptyUpdate.with(.monthlyIncome, 9_999)))
    let told: [Field] =
      HeaderLayout.fields + [
        OutcomeLayout.status, OutcomeLayout.periodFirst, OutcomeLayout.periodLast,
        OutcomeLayout.recertificationOpens, OutcomeLayout.daysLeft, OutcomeLayout.aidCode,
        OutcomeLayout.confirmation, OutcomeLayout.displayLine1, OutcomeLayout.displayLine2,
        InquiryReplyLayout.dateOfService,
      ]
    for number in UInt64(0)..<4 {
      for purpose in [InquiryPurpose.information, .verify] {
        let exchange = try line.send(
          Scene.inquire(Fixture.card(number), purpose), from: .pharmacy)
        for offset in exchange.bytes.indices where !told.contains(where: { $0.range ~= offset }) {
          #expect(exchange.bytes[offset] == 0, "card \(number), byte \(offset)")
        }
      }
    }
  }

  @Test("a clinic gets four codes where a pharmacy gets one")
  func fourCodes() throws {
    var line = Line(try FixtureEngine())
    let cards = [
      Fixture.unknownCard(0), Fixture.unshippedCard(0), Fixture.voidedCard(0), Fixture.card(0),
    ]
    let codes = try cards.map { try line.send(Scene.inquire($0)).code }
    #expect(Set(codes).count == 4)
    let hidden = try cards.map { try line.send(Scene.inquire($0), from: .pharmacy).code }
    #expect(Set(hidden) == [.noInformation])
  }
}

extension EngineWork {
  fileprivate static func - (later: EngineWork, earlier: EngineWork) -> EngineWork {
    EngineWork(
      recordLookUps: later.recordLookUps - earlier.recordLookUps,
      keyLookUps: later.keyLookUps - earlier.keyLookUps,
      stockLookUps: later.stockLookUps - earlier.stockLookUps,
      periodQuestions: later.periodQuestions - earlier.periodQuestions)
  }
}
