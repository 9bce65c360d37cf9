import EligibilityPolicy
import PolicyFiles
import Testing

/// A sequence of events by a seed, as text and as the model takes it.
private struct RandomSequence {
  private var generator: SeededGenerator
  private(set) var text: [String] = []
  private(set) var model = PeriodModel()
  private(set) var question = 0
  private(set) var today = 0
  private var certified: Int?

  /// At most seven events, so that the program's eight places always suffice with three months.
  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    // The leap day of 2024 is often near.
    today = CalendarModel.place("2023-03-01") + Int.random(in: 0...500, using: &generator)
    let count = Int.random(in: 1...6, using: &generator)
    add(Int.random(in: 0..<8, using: &generator) == 0 ? 1 : 0)
    for _ in 1..<count {
      today += [0, 1, 30, 150, 305, 360, 365, 400].randomElement(using: &generator) ?? 0
      today += Int.random(in: -2...5, using: &generator)
      add(Int.random(in: 0...8, using: &generator))
    }
    let offset = [0, 1, 200, 304, 364, 365, 366].randomElement(using: &generator) ?? 0
    question = today - offset + Int.random(in: -1...3, using: &generator)
    if Int.random(in: 0..<4, using: &generator) == 0 {
      today = question
    } else {
      text.append("ask \(CalendarModel.text(today))")
    }
  }

  private mutating func add(_ kind: Int) {
    let day = CalendarModel.text(today)
    switch kind {
    case 0: activate()
    case 1:
      let end = today + Int.random(in: 0...4, using: &generator)
      add("outage \(day)/\(CalendarModel.text(end))", .outage(today...end))
    case 2, 3: add("recertify \(day)", .recertify(today))
    case 4: add("update \(day)", .touch(today))
    case 5: add("replace-card \(day)", .touch(today))
    case 6: claim()
    default: deactivate()
    }
  }

  private mutating func add(_ text: String, _ event: PeriodModel.Event) {
    self.text.append(text)
    model.apply(event)
  }

  private mutating func activate() {
    let back = Int.random(in: 0..<4, using: &generator) == 0 ? 3 : 0
    if certified == nil { certified = today - back }
    let day = CalendarModel.text(today)
    add(
      back == 0
        ? "activate \(day)" : "activate \(day) certified \(CalendarModel.text(today - back))",
      .activate(visit: today, certified: today - back))
  }

  private mutating func deactivate() {
    let reasons = [
      "income", "residence", "sterilization", "other_coverage", "medi_cal", "pregnancy", "number",
    ]
    let reason = reasons.randomElement(using: &generator) ?? ""
    let delay = [-400, -366, -30, 0, 1, 1, 1, 90, 91, 200].randomElement(using: &generator) ?? 0
    let effective = today + delay
    add(
      "deactivate \(CalendarModel.text(today)) reason \(reason) effective "
        + CalendarModel.text(effective),
      .deactivate(visit: today, reason: reason, effective: effective))
  }

  /// Months are named by the first activation that was tried, so that some are wrong.
  private mutating func claim() {
    guard let certified else { return }
    let months = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
      Int.random(in: 0...4, using: &generator)
    }
    let names = months.map { month in
      let days = CalendarModel.month(month, before: certified)
      return CalendarModel.text(days[0]).dropLast(3)
    }
    if model.isActivated(asOf: certified) || !model.hasActivation {
      add("retro \(names.joined(separator: ","))", .retroactive(months))
    }
  }
}

@Suite("Periods of events")
struct PeriodModelTests {
  @Test("are those of a model that holds sets of days", arguments: UInt64(1)...20)
  func agrees(seed: UInt64) throws {
    var rows = "id,events,question_date\n"
    var expected: [String] = []
    for index in 0..<250 {
      let sequence = RandomSequence(seed: seed * 1_000 + UInt64(index))
      let events = sequence.text.joined(separator: "; ")
      let question = CalendarModel.text(sequence.question)
      rows += "\(index),\"\(events)\",\(question)\n"
      let answer = sequence.model.answer(sequence.question, askedOn: sequence.today)
      expected.append("\(index),\(answer)")
    }
    let answered = try EventFile.answer(Array(rows.utf8), name: "events.csv", by: .compiledIn)
    #expect(answered.mistakes == [])
    let answers = Array(lines(answered.text).dropFirst())
    let asked = Array(lines(rows).dropFirst())
    try #require(answers.count == expected.count)
    for index in answers.indices where answers[index] != expected[index] {
      Issue.record(
        "seed \(seed): \(asked[index])\n  is \(answers[index])\n  not \(expected[index])")
    }
    // A run that only refuses would show nothing.
    for status in ["eligible", "not_eligible", "event_refused", "question_refused"] {
      #expect(answers.filter { $0.contains(",\(status),") }.count >= 5, "\(status)")
    }
  }
}
