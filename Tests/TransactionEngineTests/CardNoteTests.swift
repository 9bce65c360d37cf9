import Support
import Testing
import TransactionModel
import WireFormat

@testable import TransactionEngine

@Suite("What the office notes about a card")
struct CardNoteTests {
  private let card = Fixture.card(0)

  private func activated() throws -> Line {
    var line = Line(try FixtureEngine())
    try line.send(Scene.activate(card))
    return line
  }

  @discardableResult
  private func note(
    _ note: CardNote, on card: CardNumber? = nil, _ line: Line, by role: Role = .office
  ) throws -> LogPosition {
    try line.engine.engine.note(
      note, on: card ?? self.card, by: Author(userIdentifier: 1_000, role: role), at: line.time)
  }

  private func expect(
    _ line: inout Line, from speaker: Speaker = .clinic, _ code: ResponseCode,
    _ plastic: PlasticState, version: UInt32, _ source: SourceLocation = #_sourceLocation
  ) throws {
    let exchange = try line.send(Scene.inquire(card), from: speaker)
    guard case .inquiry(let reply) = exchange.reply.message else {
      Issue.record("not an inquiry's reply", sourceLocation: source)
      return
    }
    #expect(exchange.code == code, sourceLocation: source)
    #expect(reply.plastic == plastic, sourceLocation: source)
    #expect(reply.outcome.recordVersion == version, sourceLocation: source)
    #expect(reply.outcome.status == .eligible, sourceLocation: source)
  }

  @Test("lost plastic does its holder no harm, and is told until found")
  func lostAndFound() throws {
    var line = try activated()
    try expect(&line, .eligible, .good, version: 1)
    let position = try note(.plasticLost, line)
    try expect(&line, .cardReportedLost, .reportedLost, version: 2)
    try expect(&line, from: .office, .cardReportedLost, .reportedLost, version: 2)
    try expect(&line, from: .pharmacy, .cardReportedLost, .unknown, version: 0)
    let exchange = try line.send(Scene.inquire(card))
    #expect(exchange.position == position && exchange.waitPosition >= position)
    #expect(try line.send(Scene.inquire(card, .reaffirm)).outcome?.recordVersion == 3)
    try note(.plasticFound, line)
    try expect(&line, .eligible, .good, version: 4)
  }

  @Test("a replacement clears the loss, is counted, and takes one of the site's blank cards")
  func replaced() throws {
    var line = try activated()
    try note(.plasticLost, line)
    try note(.plasticReplaced(at: Fixture.clinic), line)
    try expect(&line, .eligible, .good, version: 3)
    try note(.plasticReplaced(at: Fixture.clinic), line)
    #expect(throws: CardNoteRefusal.noBlankCard(Fixture.clinic)) {
      try note(.plasticReplaced(at: Fixture.clinic), line)
    }
    #expect(throws: CardNoteRefusal.noBlankCard(Fixture.secondClinic)) {
      try note(.plasticReplaced(at: Fixture.secondClinic), line)
    }
    #expect(throws: CardNoteRefusal.unknownSite(SiteID(rawValue: 7))) {
      try note(.plasticReplaced(at: SiteID(rawValue: 7)), line)
    }
    try expect(&line, .eligible, .good, version: 4)
    line.engine = try line.engine.replayed()
    #expect(throws: CardNoteRefusal.noBlankCard(Fixture.clinic)) {
      try note(.plasticReplaced(at: Fixture.clinic), line)
    }
    let entry = try #require(try entries(line).last)
    #expect(entry.image.replacementCount == 2 && entry.image.lastChangeSite == Fixture.clinic)
  }

  @Test("an update after a note is told that the office made it")
  func conflict() throws {
    var line = try activated()
    try note(.plasticLost, line)
    let exchange = try line.send(Scene.update(card, expecting: 1, SampleForm.emptyUpdate))
    guard case .update(let reply) = exchange.reply.message else {
      Issue.record("not an update's reply")
      return
    }
    #expect(exchange.code == .versionConflict)
    #expect(reply.lastChangeSite == SiteID(rawValue: 0) && reply.lastChange == line.time)
  }

  @Test(
    "is the office's alone", arguments: [Role.enrollingClinic, .inquiryOnly, .helpDesk])
  func roles(role: Role) throws {
    let line = try activated()
    let notes: [CardNote] = [
      .plasticLost, .plasticFound, .plasticReplaced(at: Fixture.clinic),
      .hearing(.eligible, decidedOn: Fixture.today, firstDay: Fixture.today),
    ]
    for refused in notes {
      #expect(throws: CardNoteRefusal.roleNotPermitted) { try note(refused, line, by: role) }
    }
  }

  @Test("is of a card that something has happened to")
  func cards() throws {
    var line = try activated()
    #expect(throws: CardNoteRefusal.noRecord) {
      try note(.plasticLost, on: Fixture.card(1), line)
    }
    try line.send(Scene.activate(Fixture.card(1), SampleForm.incomeTooHigh))
    for refused in [CardNote.plasticLost, .plasticFound, .plasticReplaced(at: Fixture.clinic)] {
      #expect(throws: CardNoteRefusal.declined(.neverActivated)) {
        try note(refused, on: Fixture.card(1), line)
      }
    }
  }

  @Test("is in the log with who and what, and a restart changes no answer")
  func replay() throws {
    var line = try activated()
    try line.send(Scene.activate(Fixture.card(1), SampleForm.incomeTooHigh))
    let notes: [CardNote] = [
      .plasticLost, .plasticFound, .plasticReplaced(at: Fixture.clinic), .plasticLost,
      .hearing(.ineligible, decidedOn: Fixture.today, firstDay: .none),
    ]
    for made in notes { try note(made, line) }
    let hearing = CardNote.hearing(.eligible, decidedOn: Fixture.today, firstDay: Fixture.today)
    try note(hearing, on: Fixture.card(1), line)
    let entries = try entries(line)
    #expect(entries.map(\.note) == notes + [hearing])
    #expect(entries.map(\.image.version) == [2, 3, 4, 5, 6, 2])
    #expect(entries.allSatisfy { $0.author == Fixture.author })
    var after = line
    after.engine = try line.engine.replayed()
    for number in UInt64(0)..<2 {
      let step = line.step(Scene.inquire(Fixture.card(number)))
      #expect(try line.send(step).bytes == after.send(step).bytes)
    }
  }

  @Test("is refused at every other length, and with a bit flipped refused or something else")
  func damaged() throws {
    let line = try activated()
    let made: [CardNote] = [
      .plasticLost, .plasticReplaced(at: Fixture.clinic),
      .hearing(.eligible, decidedOn: Fixture.today, firstDay: Fixture.today),
    ]
    for note in made { try self.note(note, line) }
    for record in line.engine.records.suffix(made.count) {
      let body = record.body
      #expect(body.count <= CardNoteEntry.byteCountMax)
      for count in [0..<body.count, body.count + 1..<body.count + 9].joined() {
        let other = Array((body + [UInt8](repeating: 0, count: 8)).prefix(count))
        #expect(CardNoteEntry(unsafe other.span.bytes) == nil, "\(count) bytes")
      }
      for bit in 0..<(body.count * 8) {
        var damaged = body
        damaged[bit / 8] ^= 1 << UInt8(bit % 8)
        guard let entry = CardNoteEntry(unsafe damaged.span.bytes) else { continue }
        #expect(StagedRecord.body { entry.write(to: &$0) } == damaged, "bit \(bit)")
      }
    }
  }

  private func entries(_ line: Line) throws -> [CardNoteEntry] {
    try line.engine.records.filter { $0.kind == RecordKind.cardNote.rawValue }.map {
      try #require(CardNoteEntry(unsafe $0.body.span.bytes))
    }
  }
}
