import Support
import TerminalClient
import TerminalSimulation
import Testing
import TransactionModel
import WireFormat

@Suite("Through losses, delays, repeats and crashes of both, a terminal and the daemon")
struct TerminalAndDaemonTests {
  /// All within one day of the program.
  static let pauseMillisecondsMax: UInt64 = 8 * 3_600_000

  @Test(
    "do every change once or not at all, as the terminal was told, and in one order for each card",
    arguments: Seeds.parts(count: 500))
  func exactlyOnce(seeds: Range<UInt64>) throws {
    var outcomes: [String: Int] = [:]
    for seed in seeds {
      do {
        outcomes.merge(try Self.run(seed), uniquingKeysWith: +)
      } catch {
        Issue.record(
          """
          seed \(seed): \(error)
          \(Seeds.again(seed, "TerminalAndDaemonTests"))
          """)
        return
      }
    }
    guard seeds.count >= 100 else { return }
    let missing = Self.everyOutcome.filter { outcomes[$0] == nil }
    #expect(missing == [], "every outcome is met")
  }

  static let everyOutcome = [
    "answered 3002", "answered 3011", "answered 3023", "answered 3025", "answered 3030",
    "answered 3032", "answered 3040", "answered 3041", "answered 3042", "answered 3501",
    "answered 3502", "answered 3503", "answered 3504", "answered 3505", "answered 3506",
    "answered 3507", "cancelled 0", "cancelled 3040", "cancelled 3041", "cancelled 3042",
    "cancelled 3507", "cancelled 3508", "held 2010", "refused 2502", "unanswered 0",
    "unknown 0", "unknown 2502",
  ]

  @Test("would be caught if the daemon broke its word", arguments: SimulatedDaemon.Fault.allCases)
  func brokenDaemon(fault: SimulatedDaemon.Fault) {
    let isCaught = (1...100).contains { (seed: UInt64) in
      do { _ = try Self.run(seed, fault) } catch { return true }
      return false
    }
    #expect(isCaught, "no run noticed it")
  }

  /// One run; gives how often each outcome was told.
  private static func run(
    _ seed: UInt64, _ fault: SimulatedDaemon.Fault? = nil
  ) throws -> [String: Int] {
    var simulation = try TerminalSimulation(
      seed: seed, habits: habits, pauseMillisecondsMax: pauseMillisecondsMax
    ) { try ServedDaemon(seed: $0, fault: fault) }
    try simulation.run()
    var history = History(ServedDaemon.limits)
    history.note(simulation.server.strangerSteps)
    try history.note(simulation.events)
    try history.check(simulation.server.transactions())
    return simulation.outcomeCounts
  }

  /// Asks for changes of every kind, on cards that some of them fit.
  private static let habits = ClerkHabits(secret: Fixture.secret) { random, answered in
    let card = ServedDaemon.cards.randomElement(using: &random) ?? .blank
    let client = Int.random(in: 0..<4, using: &random) == 0 ? 2 : 1
    let income: UInt32 = Int.random(in: 0..<4, using: &random) == 0 ? 4_555 : 2_400
    let form = CardAction.form(of: client, income: income)
    switch Int.random(in: 0..<14, using: &random) {
    case 0: return .echo
    case 1: return Scene.inquire(card)
    case 2: return Scene.inquire(card, .verify)
    case 3: return Scene.inquire(card, .reaffirm)
    case 4..<6: return Scene.activate(card, form)
    case 6..<8: return Scene.recertify(card, form)
    case 8..<10:
      let version = UInt32.random(in: 1...6, using: &random)
      let change = SampleForm.emptyUpdate.with(.monthlyIncome, income)
      return Scene.update(card, expecting: version, change)
    case 10..<12: return Scene.deactivate(card)
    default:
      let reversible = answered.filter { $0.body.messageType != .inquiry }
      guard let original = reversible.randomElement(using: &random) else { return .echo }
      return .reverse(
        traceNumber: original.traceNumber, type: original.body.messageType, reason: 2,
        time: original.header.transactionTime)
    }
  }
}

extension History {
  /// Takes what was asked at a counter whose answers play no part.
  mutating func note(_ steps: [TransactionStep]) {
    for step in steps {
      let key = ChangeKey(
        terminal: step.header.terminal, traceNumber: step.header.traceNumber)
      guard let action = CardAction(step.body, of: key.terminal) else { continue }
      invoke(key, step.body.card ?? .blank, action, at: 0)
    }
  }

  /// Takes what a clerk asked and was told, in this order.
  mutating func note(_ events: [ClerkEvent]) throws {
    var cards: [ChangeKey: CardNumber] = [:]
    for (index, event) in events.enumerated() {
      switch event {
      case .asked(let request):
        guard let action = CardAction(request.body, of: request.header.terminal) else { continue }
        var card = request.body.card ?? .blank
        if case .reverse(let original) = action { card = cards[original] ?? .blank }
        cards[request.key] = card
        invoke(request.key, card, action, at: index)
      case .told(let result):
        switch result.outcome {
        case .answered(let reply), .cancelled(let reply?):
          let key = ChangeKey(
            terminal: reply.header.terminal, traceNumber: reply.header.traceNumber)
          if cards[key] != nil { try respond(key, reply, at: index) }
        case .refused, .unknown, .held, .unanswered, .cancelled(nil): continue
        }
      }
    }
  }
}

extension TerminalRequest {
  fileprivate var key: ChangeKey {
    ChangeKey(terminal: header.terminal, traceNumber: traceNumber)
  }
}
