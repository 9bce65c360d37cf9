import Administration
import AuditTrail
import Installation
import Support
import Testing
import TransactionEngine
import TransactionModel
import WireFormat

@Suite("Looking transactions up")
struct FindTests {
  private static let cards = (UInt64(0)..<3).map(Fixture.card)

  /// An office whose log holds what clerks did.
  private struct Scenery {
    let office: Office
    private var trace: UInt32 = 0

    init(settings: EngineSettings = Fixture.settings) throws {
      office = try Office(settings: settings)
    }

    /// Sends a request; the archive then has it.
    @discardableResult
    mutating func send(
      _ body: RequestBody, from speaker: Speaker = .clinic, flags: FrameFlags = []
    ) throws -> (header: RequestHeader, confirmation: ConfirmationNumber?) {
      trace += 1
      let header = RequestHeader(
        environment: Fixture.environment, flags: flags,
        traceNumber: SystemTraceAuditNumber(rawValue: trace),
        software: SoftwareID(rawValue: 1), terminal: speaker.terminal,
        transactionTime: Instant(milliseconds: Fixture.start.milliseconds + UInt64(trace)),
        operatorID: speaker.operatorID)
      let step = TransactionStep(
        header: header, body: body, identity: speaker.identity, serverTime: Fixture.start)
      let bytes = try office.fixture.decide(
        step.frame, from: step.identity, at: Fixture.start
      ).bytes
      let reply = try Reply(FrameView(whole: unsafe bytes.span.bytes))
      office.archive.fill(office.fixture.records, perPart: 40)
      return (header, reply.message.outcome?.confirmation)
    }

    mutating func reverse(_ header: RequestHeader) throws -> ConfirmationNumber? {
      try send(
        .reverse(
          traceNumber: header.traceNumber, type: .activate, reason: 1, time: header.transactionTime)
      ).confirmation
    }

    func entries(
      _ arguments: [String: JSONValue], user: UInt32 = Office.helpDeskUser
    ) throws -> (entries: [[String: JSONValue]], next: UInt64?, before: JSONValue?) {
      let answer = try office.ask("find", arguments, user: user)
      guard case .object(let members)? = answer.result,
        case .array(let entries)? = members["entries"]
      else { throw Failure.refused(answer.code ?? "") }
      var next: UInt64?
      if case .integer(let part)? = members["next"] { next = part }
      return (
        entries.compactMap { if case .object(let members) = $0 { members } else { nil } }, next,
        members["before"]
      )
    }

    func entry(
      _ number: ConfirmationNumber?, user: UInt32 = Office.helpDeskUser
    ) throws -> [String: JSONValue] {
      let text = number?.description ?? ""
      return try entries(["confirmation": .string(text)], user: user).entries.first ?? [:]
    }
  }

  private enum Failure: Error {
    case refused(String)
  }

  @Test("is entered under every card of which it showed a transaction")
  func enteredCards() throws {
    var scenery = try Scenery()
    let first = try scenery.send(Scene.activate(Self.cards[0]))
    try scenery.send(Scene.activate(Self.cards[1]))
    try scenery.send(Scene.inquire(Self.cards[0], .verify))
    _ = try scenery.reverse(first.header)
    _ = scenery.office.events.take()
    func entered(_ arguments: [String: JSONValue]) throws -> [AuditCommand] {
      _ = try scenery.entries(arguments)
      return try #require(scenery.office.events.take().first).auditEntries
    }
    let confirmation = try #require(first.confirmation)
    let one = try entered(["confirmation": .string(confirmation.description)])
    #expect(one.map(\.card) == [Self.cards[0]])
    #expect(one.map(\.subject) == [.confirmation] && one[0].id == confirmation.permuted)
    let terminal = JSONValue.integer(Speaker.clinic.terminal.rawValue)
    let many = try entered(["terminal": terminal])
    #expect(Set(many.map(\.card)) == Set(Self.cards.prefix(2)) && many.count == 2)
    #expect(many.allSatisfy { $0.subject == .terminal && $0.id == 1_001 && $0.outcome == .done })
    // What has no answer shows nobody.
    let none = try entered(["terminal": terminal, "since": "2100-01-01T00:00:00Z"])
    #expect(none.map(\.card) == [.blank])
    let card = try entered(["card": .string(Self.cards[1].revealed)])
    #expect(card.map(\.card) == [Self.cards[1]] && card[0].subject == .card)
  }

  @Test("a confirmation number, real or for training, finds its transaction")
  func confirmation() throws {
    var scenery = try Scenery()
    let training = try scenery.send(Scene.activate(Self.cards[1]), flags: .training)
    let real = try scenery.send(Scene.activate(Self.cards[0]), flags: .keyed)
    let declined = try scenery.send(Scene.activate(Fixture.unknownCard(0)))
    let rows = [
      (real, "ACTIVATED", false), (training, "ACTIVATED", true), (declined, "CARD_UNKNOWN", false),
    ]
    for (sent, mnemonic, isTraining) in rows {
      let found = try scenery.entry(sent.confirmation)
      #expect(found["confirmation"] == sent.confirmation.map { .string($0.description) })
      #expect(found["mnemonic"] == .string(mnemonic), "\(found)")
      #expect(found["training"] == (isTraining ? .bool(true) : nil))
      #expect(found["stan"] == .integer(UInt64(sent.header.traceNumber.rawValue)))
      #expect(found["site"] == .integer(Fixture.clinic.rawValue))
      #expect(found["reversed"] == .bool(false))
    }
    #expect(try scenery.entry(real.confirmation)["policy_version"] != nil)
    #expect(try scenery.entry(real.confirmation)["keyed"] == .bool(true))
  }

  @Test("a number that was never given finds nothing, whatever stands at its position")
  func neverGiven() throws {
    var scenery = try Scenery()
    let real = try scenery.send(Scene.activate(Self.cards[0]))
    let number = try #require(real.confirmation)
    var numbers = [
      // The same position under the other kind, and one that no log has reached.
      ConfirmationNumber(kind: .training, permuted: number.permuted),
      ConfirmationNumber(kind: .real, permuted: number.permuted ^ 1),
    ]
    // Records that are no transactions: the register, and a sign-on, which is told no number.
    var key = try ConfirmationNumbers()
    for position in UInt64(1)...UInt64(scenery.office.fixture.openingCount) {
      numbers.append(key.number(of: position))
    }
    for number in numbers {
      let answer = try scenery.office.ask("find", ["confirmation": .string(number.description)])
      #expect(answer.code == "refused", "\(number)")
    }
    // The record is there, and not durable: nobody was told of it.
    let records = scenery.office.fixture.records
    let before = LogPosition(rawValue: UInt64(records.count - 1))
    scenery.office.archive.fill(records, perPart: 40, durable: before)
    let answer = try scenery.office.ask("find", ["confirmation": .string(number.description)])
    #expect(answer.code == "refused")
  }

  @Test("the help desk sees no card that it did not bring, the office sees the transaction")
  func masked() throws {
    var scenery = try Scenery()
    let card = Self.cards[0]
    let sent = try scenery.send(Scene.activate(card))
    let masked = JSONValue.string(card.description)
    let office = Office.officeUser
    #expect(try scenery.entry(sent.confirmation)["card"] == masked)
    #expect(try scenery.entry(sent.confirmation, user: office)["card"] == .string(card.revealed))
    let terminal: [String: JSONValue] = ["terminal": .integer(1_001)]
    let atTerminal = try scenery.entries(terminal).entries
    #expect(atTerminal.first?["card"] == masked)
    #expect(
      try scenery.entries(terminal, user: office).entries.first?["card"] == .string(card.revealed))
    let asked = try scenery.entries(["card": .string(card.revealed)]).entries
    #expect(asked.count == 1 && asked.first?["card"] == .string(card.revealed))
    let ofOffice = Set(["software", "protocol_version", "failed_criteria", "record_version"])
    #expect(ofOffice.isDisjoint(with: try scenery.entry(sent.confirmation).keys))
    #expect(ofOffice.isSubset(of: try scenery.entry(sent.confirmation, user: office).keys))
    for user in [office, Office.helpDeskUser] {
      let line = JSONValue.object([
        "command": "find", "terminal": .integer(1_001),
      ]).line
      let text = scenery.office.administrator.answer(line, from: user)
      for secret in ["Rivera", "RIVERA", "1998", "birth", "income\"", "name\""] {
        #expect(!text.contains(secret), "\(user) sees \(secret)")
      }
    }
  }

  @Test("the help desk is told that a client is ineligible, and not why")
  func criterionMasked() throws {
    var scenery = try Scenery()
    var form = SampleForm.eligible
    form.set(.monthlyIncome, to: 99_999)
    let sent = try scenery.send(Scene.activate(Self.cards[0], form))
    let told = try scenery.entry(sent.confirmation)
    #expect(told["mnemonic"] == "INELIGIBLE" && told["code"] == nil)
    let whole = try scenery.entry(sent.confirmation, user: Office.officeUser)
    #expect(whole["mnemonic"] == "INELIGIBLE_INCOME")
  }

  @Test("a reversal and what it reverses lead to each other", arguments: [256, 1])
  func reversal(storedAnswerCountMax: Int) throws {
    var settings = Fixture.settings
    settings.storedAnswerCountMax = storedAnswerCountMax + 1
    var scenery = try Scenery(settings: settings)
    let sent = try scenery.send(Scene.activate(Self.cards[0]))
    let reversal = try scenery.reverse(sent.header)
    let kept = try scenery.send(Scene.activate(Self.cards[1]))
    let position = try scenery.entry(reversal)["position"]
    #expect(position != nil)
    let found = try scenery.entry(sent.confirmation)
    #expect(found["reversed"] == .bool(true) && found["reversed_by"] == position, "\(found)")
    #expect(try scenery.entry(kept.confirmation)["reversed"] == .bool(false))
    // As long as a crash could take the reversal away, nobody is told of it.
    guard case .integer(let place)? = position else { return }
    let records = scenery.office.fixture.records
    scenery.office.archive.fill(records, perPart: 40, durable: LogPosition(rawValue: place - 1))
    #expect(try scenery.entry(sent.confirmation)["reversed"] == .bool(false))
    scenery.office.archive.fill(records, perPart: 40)
    guard case .object(let original)? = try scenery.entry(reversal)["reverses"] else {
      Issue.record("the reversal names nothing")
      return
    }
    #expect(original["stan"] == .integer(UInt64(sent.header.traceNumber.rawValue)))
    #expect(original["message"] == "activate" && original["effect"] == "undone")
    let listed = try scenery.entries(["terminal": .integer(1_001)]).entries
    #expect(
      listed.first { $0["confirmation"] == found["confirmation"] }?["reversed_by"] == position)
  }

  @Test("a reversal that nobody remembers is looked for part by part, as long as it may come")
  func reversalInLaterPart() throws {
    var settings = Fixture.settings
    settings.storedAnswerCountMax = 200
    for isReversed in [true, false] {
      var scenery = try Scenery(settings: settings)
      let sent = try scenery.send(Scene.activate(Self.cards[0]))
      for _ in 0..<100 { _ = try scenery.send(Scene.inquire(Self.cards[1], .verify)) }
      if isReversed { _ = try scenery.reverse(sent.header) }
      for _ in 0..<220 { _ = try scenery.send(Scene.inquire(Self.cards[1], .verify)) }
      let number = JSONValue.string(sent.confirmation?.description ?? "")
      var (page, rounds) = (try scenery.entries(["confirmation": number]), 0)
      while let next = page.next {
        #expect(page.entries.first?["reversed"] == nil, "not known yet")
        page = try scenery.entries(["confirmation": number, "part": .integer(next)])
        rounds += 1
      }
      #expect(page.entries.first?["reversed"] == .bool(isReversed))
      #expect(isReversed ? (1..<6).contains(rounds) : rounds > 6, "\(rounds)")
    }
  }

  @Test(
    "a search gives all, the newest first, in pieces of one part of the log at most",
    arguments: [200, 7, 1] as [UInt64])
  func pages(limit: UInt64) throws {
    var scenery = try Scenery()
    var sent: [ConfirmationNumber] = []
    for _ in 0..<100 {
      let sending = try scenery.send(Scene.inquire(Self.cards[0], .verify))
      sent.append(try #require(sending.confirmation))
      _ = try scenery.send(Scene.inquire(Self.cards[1], .verify), from: .newTerminal)
    }
    for arguments: [String: JSONValue] in [
      ["terminal": .integer(1_001)], ["card": .string(Self.cards[0].revealed)],
    ] {
      var found: [JSONValue] = []
      var question = arguments
      _ = scenery.office.archive.takeReads()
      while true {
        let page = try scenery.entries(question.merging(["limit": .integer(limit)]) { $1 })
        #expect(scenery.office.archive.takeReads().count == 1, "one part for each question")
        found += page.entries.compactMap { $0["confirmation"] }
        guard let next = page.next else { break }
        question["part"] = .integer(next)
        question["before"] = page.before
      }
      #expect(found == sent.reversed().map { .string($0.description) })
    }
    let few = try scenery.entries(["terminal": .integer(1_001), "limit": .integer(3)]).entries
    #expect(
      few.compactMap { $0["confirmation"] }
        == sent.suffix(3).reversed().map { .string($0.description) })
    let later = Instant(milliseconds: Fixture.start.milliseconds + 1_000).rfc3339
    let none = try scenery.entries(["terminal": .integer(1_001), "since": .string(later)])
    #expect(none.entries.isEmpty && none.next == nil)
    let beyond = try scenery.entries(["terminal": .integer(1_001), "part": .integer(99)])
    #expect(beyond.entries.isEmpty && beyond.next == nil)
  }

  @Test(
    "a question that is none is refused",
    arguments: [
      [:], ["card": "10000000000016", "terminal": .integer(1)], ["confirmation": "R0000000000000"],
      ["confirmation": ""], ["card": "10000000000017"], ["terminal": .integer(0)],
      ["terminal": .integer(1), "limit": .integer(0)],
      ["terminal": .integer(1), "limit": .integer(201)],
      ["terminal": .integer(1), "since": "yesterday"], ["terminal": .integer(1), "part": "1"],
    ] as [[String: JSONValue]])
  func malformed(arguments: [String: JSONValue]) throws {
    #expect(try Office().ask("find", arguments).code == "malformed")
  }

  @Test("each command is told with who gave it, what about, and what came of it")
  func events() throws {
    let office = try Office()
    let card = Self.cards[0]
    _ = try office.ask("status", user: Office.helpDeskUser)
    _ = try office.ask("find", ["card": .string(card.revealed)], user: Office.helpDeskUser)
    _ = try office.ask("terminal.suspend", ["id": .integer(1_001)], user: Office.helpDeskUser)
    _ = try office.ask("card.lost", ["card": .string(card.revealed)])
    _ = try office.ask("operator.unlock", ["id": .integer(404)])
    _ = try office.ask("dance")
    _ = try office.ask("status", user: Office.stranger)
    let events = office.events.take()
    let rows: [(String, Role?, CommandEvent.Subject, ControlFailureCode?)] = [
      ("status", .helpDesk, .none, nil), ("find", .helpDesk, .card(card), nil),
      ("terminal.suspend", .helpDesk, .terminal(TerminalID(rawValue: 1_001)), .notPermitted),
      ("card.lost", .office, .card(card), .refused),
      ("operator.unlock", .office, .operator(OperatorID(rawValue: 404)), .refused),
      ("", .office, .none, .unknownCommand), ("", nil, .none, .notPermitted),
    ]
    #expect(events.count == rows.count)
    for (event, row) in zip(events, rows) {
      #expect(event.name == row.0 && event.role == row.1, "\(event)")
      #expect(event.subject == row.2 && event.failure == row.3, "\(event)")
    }
    #expect(events.last?.user == Office.stranger)
  }
}
