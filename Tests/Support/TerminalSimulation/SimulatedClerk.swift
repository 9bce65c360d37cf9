import TerminalClient
import TransactionModel
import WireFormat

/// Who makes the requests, and remembers what the terminal said of each.
struct SimulatedClerk {
  private enum Belief: Equatable {
    case known(ChangeFate)
    case unknown
  }

  private static let operatorID = OperatorID(rawValue: 501)

  private var generator: JitterGenerator
  private let habits: ClerkHabits
  private var requests: [UInt32: TerminalRequest] = [:]
  private var beliefs: [UInt32: Belief] = [:]
  /// What a reversal that the clerk asked for has made of an answered change.
  private var reversals: [UInt32: Belief] = [:]
  /// How often each outcome was told, by its name.
  private(set) var outcomeCounts: [String: Int] = [:]
  private(set) var events: [ClerkEvent] = []
  /// Changes that a reversal may name.
  private var answered: [TerminalRequest] = []

  init(seed: UInt64, _ habits: ClerkHabits) {
    generator = JitterGenerator(seed: seed)
    self.habits = habits
  }

  func signOn() -> RequestBody {
    .signOn(
      secret: habits.secret, newSecret: .none, softwareVersion: "simulation", highestVersion: 1)
  }

  mutating func nextBody() -> RequestBody { habits.nextBody(&generator, answered) }

  /// Gives a request its key, and remembers it; of one that cancels another the other is told.
  mutating func ask(
    _ body: RequestBody, _ number: SystemTraceAuditNumber, at time: Instant, cancels: Bool = false
  ) -> TerminalRequest {
    let header = RequestHeader(
      environment: .test, flags: [], traceNumber: number, software: SoftwareID(rawValue: 1),
      terminal: TerminalID(rawValue: 1_001), transactionTime: time, operatorID: Self.operatorID)
    let request = TerminalRequest(header: header, body: body)
    if body.isChange, !cancels { requests[number.rawValue] = request }
    events.append(.asked(request))
    return request
  }

  /// Takes what the terminal says became of a request; the last word holds.
  mutating func hear(_ result: RequestResult) throws {
    outcomeCounts[Self.name(result.outcome), default: 0] += 1
    events.append(.told(result))
    guard result.request.body.isChange, let belief = Self.belief(result.request, result.outcome)
    else { return }
    let number = result.request.traceNumber.rawValue
    guard requests[number] == result.request else {
      throw failure(number, "is reported, and was never asked for")
    }
    if beliefs[number] == .known(.notCarriedOut), belief == .known(.standing) {
      throw failure(number, "stands, and was said not to")
    }
    beliefs[number] = belief
    guard case .answered(let reply) = result.outcome else { return noteReversal(result, .unknown) }
    if reply.header.code == .reversed { noteReversal(result, .known(.undone)) }
    if result.request.body.card != nil, !answered.contains(result.request) {
      answered.append(result.request)
    }
  }

  private mutating func noteReversal(_ result: RequestResult, _ belief: Belief) {
    guard case .reverse(let original, _, _, _) = result.request.body else { return }
    if reversals[original.rawValue] != .known(.undone) { reversals[original.rawValue] = belief }
  }

  /// The kind of outcome, with the code that it rests on.
  private static func name(_ outcome: RequestOutcome) -> String {
    let kind =
      switch outcome {
      case .answered: "answered"
      case .refused: "refused"
      case .unknown: "unknown"
      case .cancelled: "cancelled"
      case .held: "held"
      case .unanswered: "unanswered"
      }
    return "\(kind) \(outcome.reply?.header.code.rawValue ?? 0)"
  }

  private static func belief(
    _ request: TerminalRequest, _ outcome: RequestOutcome
  ) -> Belief? {
    switch outcome {
    case .held: nil
    case .answered(let reply):
      .known(ChangeFate(reply.header.code, of: request.body.messageType))
    case .refused, .cancelled(nil): .known(.notCarriedOut)
    case .cancelled(let reply?):
      switch reply.header.code {
      case .reversed: .known(.undone)
      case .reversalRemembered, .notReversible: .known(.notCarriedOut)
      case .reversalAfterLaterActivity: .known(.standing)
      default: .unknown
      }
    case .unknown, .unanswered: .unknown
    }
  }

  func check(_ server: some SimulatedServer) throws {
    let order = server.carriedOut.map(\.rawValue)
    guard Set(order).count == order.count else {
      throw failure(0, "a change was carried out twice: \(order)")
    }
    for number in requests.keys.sorted() {
      let fate = server.fate(of: SystemTraceAuditNumber(rawValue: number))
      // What was never kept was never sent, and nothing was said of it.
      let belief = reversals[number] ?? beliefs[number] ?? .known(.notCarriedOut)
      if case .known(let believed) = belief, believed != fate {
        throw failure(number, "the terminal believes \(believed), the server has \(fate)")
      }
    }
    for card in Set(requests.values.compactMap(\.body.card)) {
      // A stored inquiry that was given up may still arrive at any time.
      let onCard = order.filter { self.card(of: $0) == card && beliefs[$0] != .unknown }
      guard onCard == onCard.sorted() else {
        throw failure(0, "changes of a card were carried out in another order: \(onCard)")
      }
    }
  }

  /// The card of a change; of a reversal that of what it reverses.
  private func card(of number: UInt32) -> CardNumber? {
    guard case .reverse(let original, _, _, _)? = requests[number]?.body else {
      return requests[number]?.body.card
    }
    return requests[original.rawValue]?.body.card
  }

  private func failure(_ number: UInt32, _ text: String) -> TerminalSimulation<ModelServer>.Failure
  {
    .init(description: "change \(number): \(text)")
  }
}
