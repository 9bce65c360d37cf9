import Support
import Testing
import TransactionEngine
import TransactionModel
import WireFormat

@Suite("A fair hearing")
struct HearingTests {
  private let card = Fixture.card(0)
  private let today = Fixture.today
  private static let noNeed = SampleForm.eligible.with(.need, 2)

  private func line(_ body: RequestBody...) throws -> Line {
    var line = Line(try FixtureEngine())
    for body in body { try line.send(body) }
    return line
  }

  private func hear(
    _ line: Line, _ outcome: HearingDecision.Outcome = .eligible, decidedOn: CalendarDate? = nil,
    from firstDay: CalendarDate? = nil
  ) throws {
    let note = CardNote.hearing(
      outcome, decidedOn: decidedOn ?? today, firstDay: firstDay ?? today)
    _ = try line.engine.engine.note(note, on: card, by: Fixture.author, at: line.time)
  }

  private func outcome(_ line: inout Line, _ body: RequestBody) throws -> Outcome {
    try #require(try line.send(body).outcome)
  }

  private func change(_ field: ClientField, _ value: UInt32) -> ClientForm {
    SampleForm.emptyUpdate.with(field, value)
  }

  @Test("for a client who was found ineligible makes the period and activates the card")
  func forRefused() throws {
    var line = try line(Scene.activate(card, Self.noNeed))
    try hear(line)
    let first = today
    let inquiry = try outcome(&line, Scene.inquire(card))
    #expect(inquiry.code == .eligible && inquiry.notices == .decidedByHearing)
    #expect(inquiry.periodFirst == first && inquiry.periodLast == first.adding(days: 364))
    #expect(inquiry.recordVersion == 2 && inquiry.hasAidCode)
    #expect(try outcome(&line, Scene.inquire(card, on: first)).code == .eligible)
    let before = try outcome(&line, Scene.inquire(card, on: first.adding(days: -1)))
    #expect(before.code == .notEligibleOnDate && before.notices == [])
    let pharmacy = try #require(try line.send(Scene.inquire(card), from: .pharmacy).outcome)
    #expect(pharmacy.code == .eligible && pharmacy.notices == [])
    #expect(try outcome(&line, Scene.activate(card)).code == .alreadyActive)
  }

  @Test("lifts what failed, and nothing else, until the period's last day")
  func lifts() throws {
    var line = try line(Scene.activate(card, Self.noNeed))
    try hear(line)
    let affirmed = try outcome(&line, Scene.update(card, expecting: 2, SampleForm.emptyUpdate))
    #expect(affirmed.code == .updated && affirmed.notices == .decidedByHearing)
    #expect(affirmed.failedCriteria == [])
    let moved = try outcome(&line, Scene.update(card, expecting: 3, change(.residence, 2)))
    #expect(moved.code == .ineligibleResidence && moved.failedCriteria == .residence)
    #expect(moved.notices == [.decidedByHearing, .fairHearing, .deactivationDue])
    let back = try outcome(&line, Scene.update(card, expecting: 4, change(.residence, 1)))
    #expect(back.code == .updated)
    let needed = try outcome(&line, Scene.update(card, expecting: 5, change(.need, 1)))
    #expect(needed.code == .updated && needed.notices == [])
    // On the last day there is no table any more, which no hearing about need makes up for.
    line.advance(milliseconds: 364 * 24 * 3_600_000)
    let last = try outcome(&line, Scene.update(card, expecting: 6, change(.need, 2)))
    #expect(last.code == .noIncomeTable && last.status == .eligible && last.daysLeft == 1)
    line.advance(milliseconds: 24 * 3_600_000)
    let over = try outcome(&line, Scene.update(card, expecting: 7, SampleForm.emptyUpdate))
    #expect(over.code == .ineligibleNeed && over.status == .notEligible)
  }

  @Test("for a client whose period runs keeps the period as it is")
  func forRunning() throws {
    var line = try line(
      Scene.activate(card), Scene.update(card, expecting: 1, change(.monthlyIncome, 9_999)))
    try hear(line)
    let inquiry = try outcome(&line, Scene.inquire(card))
    #expect(inquiry.periodFirst == today && inquiry.periodLast == Fixture.periodEnd)
    #expect(inquiry.notices == .decidedByHearing)
    let update = try outcome(&line, Scene.update(card, expecting: 3, SampleForm.emptyUpdate))
    #expect(update.code == .updated && update.notices == .decidedByHearing)
    // A second decision keeps what the first has lifted.
    _ = try line.send(Scene.update(card, expecting: 4, change(.institution, 1)))
    try hear(line)
    let both = try outcome(&line, Scene.update(card, expecting: 6, SampleForm.emptyUpdate))
    #expect(both.code == .updated && both.failedCriteria == [])
  }

  @Test("for a client who was deactivated gives the period back, to its full end")
  func forDeactivated() throws {
    let end = today.adding(days: 1)
    for firstDay in [today, end, Fixture.periodEnd] {
      var line = try line(
        Scene.activate(card), Scene.deactivate(card, .mediCal, .pregnancy, from: end))
      try hear(line, from: firstDay)
      line.advance(milliseconds: 24 * 3_600_000)
      let inquiry = try outcome(&line, Scene.inquire(card, on: end))
      #expect(inquiry.code == .eligible && inquiry.deactivationReason == 0)
      #expect(inquiry.periodFirst == today && inquiry.periodLast == Fixture.periodEnd)
    }
  }

  @Test("gives nothing from before the form")
  func notBeforeTheForm() throws {
    var line = try line(Scene.activate(card))
    #expect(throws: CardNoteRefusal.declined(.effectiveDateNotAllowed)) {
      try hear(line, from: today.adding(days: -1))
    }
    let before = try outcome(&line, Scene.inquire(card, on: today.adding(days: -1)))
    #expect(before.code == .notEligibleOnDate)
  }

  @Test("against a client upholds the determination, and ends no period")
  func against() throws {
    var line = try line(Scene.activate(card, Self.noNeed))
    try hear(line, .ineligible)
    let upheld = try outcome(&line, Scene.inquire(card))
    #expect(upheld.code == .neverActivated && upheld.recordVersion == 2)
    try hear(line)
    try hear(line, .ineligible)
    let kept = try outcome(&line, Scene.inquire(card))
    #expect(kept.code == .eligible && kept.notices == [])
    let update = try outcome(&line, Scene.update(card, expecting: 4, SampleForm.emptyUpdate))
    #expect(update.code == .ineligibleNeed)
    #expect(update.notices == [.fairHearing, .deactivationDue])
  }

  @Test("binds until a new form, which is decided anew")
  func newForm() throws {
    var line = try line(Scene.activate(card, Self.noNeed))
    try hear(line)
    try line.send(
      Scene.deactivate(card, .mediCal, .pregnancy, from: today.adding(days: 1)))
    let renewal = try outcome(&line, Scene.recertify(card, Self.noNeed))
    #expect(renewal.code == .ineligibleNeed)
    #expect(renewal.notices == [.fairHearing, .deactivationDue])
    let update = try outcome(&line, Scene.update(card, expecting: 4, SampleForm.emptyUpdate))
    #expect(update.code == .ineligibleNeed)
  }

  @Test("is of a day that has come, not older than the determination, and begins within a year")
  func days() throws {
    let line = try line(Scene.activate(card, Self.noNeed))
    for decidedOn in [today.adding(days: 1), today.adding(days: -1)] {
      #expect(throws: CardNoteRefusal.declined(.effectiveDateNotAllowed)) {
        try hear(line, decidedOn: decidedOn)
      }
    }
    for firstDay in [today.adding(days: -1), today.adding(days: 365)] {
      #expect(throws: CardNoteRefusal.declined(.effectiveDateNotAllowed)) {
        try hear(line, from: firstDay)
      }
    }
    try hear(line, from: today.adding(days: 364))
  }
}
