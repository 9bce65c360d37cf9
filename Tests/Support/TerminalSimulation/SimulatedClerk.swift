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
  private static let cards = (0..<5).map {
    CardScheme.healthAccessNumber(serial: 1_000_000_000_001 + $0)
  }

  private var generator: JitterGenerator
  private var requests: [UInt32: TerminalRequest] = [:]
  private var beliefs: [UInt32: Belief] = [:]
  /// How often each outcome was told, by its name.
  private(set) var outcomeCounts: [String: Int] = [:]

  init(seed: UInt64) { generator = JitterGenerator(seed: seed) }

  func signOn() -> RequestBody {
    .signOn(secret: .none, newSecret: .none, softwareVersion: "simulation", highestVersion: 1)
  }

  mutating func nextBody() -> RequestBody {
    let card = Self.cards[Int.random(in: Self.cards.indices, using: &generator)]
    let date = CalendarDate(trusted: 2026_11_02)
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: return .echo
    case 1: return .inquiry(card: card, dateOfService: date, purpose: .information)
    case 2: return .inquiry(card: card, dateOfService: date, purpose: .verify)
    default:
      return .deactivate(
        card: card, reason: .notResident, subReason: .none, effectiveDate: date)
    }
  }

  func request(
    _ body: RequestBody, _ number: SystemTraceAuditNumber, at time: Instant
  ) -> TerminalRequest {
    let header = RequestHeader(
      environment: .test, flags: [], traceNumber: number, software: SoftwareID(rawValue: 1),
      terminal: TerminalID(rawValue: 1_001), transactionTime: time, operatorID: Self.operatorID)
    return TerminalRequest(header: header, body: body)
  }

  mutating func note(_ request: TerminalRequest) {
    if request.body.isChange { requests[request.traceNumber.rawValue] = request }
  }

  /// Takes what the terminal says became of a request; the last word holds.
  mutating func hear(_ result: RequestResult) throws {
    outcomeCounts[Self.name(result.outcome), default: 0] += 1
    guard result.request.body.isChange, let belief = Self.belief(result.outcome) else { return }
    let number = result.request.traceNumber.rawValue
    guard requests[number] == result.request else {
      throw failure(number, "is reported, and was never asked for")
    }
    if beliefs[number] == .known(.notCarriedOut), belief == .known(.standing) {
      throw failure(number, "stands, and was said not to")
    }
    beliefs[number] = belief
  }

  /// The kind of outcome, with the code that it rests on.
  private static func name(_ outcome: RequestOutcome) -> String {
    let kind = String(describing: outcome).prefix { $0 != "(" }
    return "\(kind) \(outcome.reply?.header.code.rawValue ?? 0)"
  }

  private static func belief(_ outcome: RequestOutcome) -> Belief? {
    switch outcome {
    case .held: nil
    case .answered(let reply):
      .known(Verdict(reply.header.code) == .approved ? .standing : .notCarriedOut)
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
      let belief = beliefs[number] ?? .known(.notCarriedOut)
      if case .known(let believed) = belief, believed != fate {
        throw failure(number, "the terminal believes \(believed), the server has \(fate)")
      }
    }
    for card in Self.cards {
      // A stored inquiry that was given up may still arrive at any time.
      let onCard = order.filter { requests[$0]?.body.card == card && beliefs[$0] != .unknown }
      guard onCard == onCard.sorted() else {
        throw failure(0, "changes of a card were carried out in another order: \(onCard)")
      }
    }
  }

  private func failure(_ number: UInt32, _ text: String) -> TerminalSimulation<ModelServer>.Failure
  {
    .init(description: "change \(number): \(text)")
  }
}
