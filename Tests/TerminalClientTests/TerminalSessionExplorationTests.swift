import Testing
import TransactionModel
import WireFormat

@testable import TerminalClient

/// Every sequence of so many events, from every kind of start, against what must always hold.
@Suite("In every sequence of events, a terminal")
struct TerminalSessionExplorationTests {
  enum Step: CaseIterable {
    case change, otherChange, inquiry, cancelFirst, cancelLast, resume, link, lose, answer,
      holdOff, refuse, repeatAnswer, wake
  }

  static let starts: [[PendingChange]] = [
    [], [Samples.change(1, isSent: true)], [Samples.change(1)],
    [Samples.change(1, isSent: true), Samples.change(2)],
  ]

  @Test("sends nothing that is not kept, and tells each result once", arguments: starts)
  func invariants(pending: [PendingChange]) throws {
    var explorer = Explorer(pending)
    try explorer.explore(depth: 4)
    #expect(explorer.pathCount == Self.Step.allCases.count)
  }
}

/// A session with what a correct one has done so far.
private struct Explorer {
  struct Failure: Error, CustomStringConvertible { let description: String }

  private var fixture: SessionFixture
  private var isLinked = false
  private var kept: [UInt32: PendingChange]
  private var cancelled: Set<UInt32> = []
  private var told: Set<UInt32> = []
  private var nextNumber: UInt32 = 10
  private var lastAnswer: TerminalEvent?
  private(set) var pathCount = 0
  private var path: [TerminalSessionExplorationTests.Step] = []

  init(_ pending: [PendingChange]) {
    fixture = SessionFixture(pending, serverCount: 1)
    kept = Dictionary(uniqueKeysWithValues: pending.map { ($0.id.rawValue, $0) })
  }

  mutating func explore(depth: Int) throws {
    guard depth > 0 else { return }
    for step in TerminalSessionExplorationTests.Step.allCases {
      var branch = self
      branch.path.append(step)
      try branch.take(step)
      try branch.explore(depth: depth - 1)
      pathCount += 1
    }
  }

  private mutating func take(_ step: TerminalSessionExplorationTests.Step) throws {
    switch step {
    case .change: try request(Samples.deactivation(Samples.card))
    case .otherChange: try request(Samples.deactivation(Samples.otherCard))
    case .inquiry: try request(Samples.inquiry(Samples.card))
    case .cancelFirst: try cancel(fixture.session.pending.first)
    case .cancelLast: try cancel(fixture.session.pending.last)
    case .resume: try handle(.resumed)
    case .link:
      guard case .connecting = fixture.session.link else { return }
      isLinked = true
      try handle(.connected)
    case .lose:
      if isLinked {
        isLinked = false
        try handle(.connectionLost)
      } else if case .connecting = fixture.session.link {
        try handle(.connectionFailed)
      }
    case .answer: try answer(.deactivated)
    case .holdOff: try answer(.busy)
    case .refuse: try answer(.operatorNotSignedOn)
    case .repeatAnswer: if isLinked, let lastAnswer { try handle(lastAnswer) }
    case .wake:
      let wait = fixture.session.nextWakeup ?? fixture.time.monotonicMilliseconds
      fixture.time.monotonicMilliseconds = max(wait, fixture.time.monotonicMilliseconds)
      try handle(.timePassed)
    }
  }

  private mutating func request(_ body: RequestBody) throws {
    nextNumber += 1
    try handle(.requested(Samples.request(nextNumber, body, at: fixture.time.wall)))
  }

  private mutating func cancel(_ change: PendingChange?) throws {
    guard let change else { return }
    var reversal: TerminalRequest?
    if fixture.session.needsReversal(change.id), let body = change.reversalBody {
      nextNumber += 1
      reversal = Samples.request(nextNumber, body, at: fixture.time.wall)
    }
    cancelled.insert(change.id.rawValue)
    try handle(.cancelled(change.id, reversal: reversal))
  }

  private mutating func answer(_ code: ResponseCode) throws {
    guard let request = fixture.inFlight.first,
      let reply = SessionFixture.reply(to: request, code)
    else { return }
    lastAnswer = .received(reply)
    try handle(.received(reply))
  }

  private mutating func handle(_ event: TerminalEvent) throws {
    for action in fixture.session.handle(event, at: fixture.time) {
      switch action {
      case .keep(let change): kept[change.id.rawValue] = change
      case .erase(let id): kept[id.rawValue] = nil
      case .connect: try check(!isLinked, "connects while it is connected")
      case .disconnect: isLinked = false
      case .send(let request): try checkSent(request)
      case .report(let result): try checkTold(result)
      }
    }
    try checkState()
  }

  private func checkSent(_ request: TerminalRequest) throws {
    try check(isLinked, "sends without a connection")
    let number = request.traceNumber.rawValue
    try check(!cancelled.contains(number), "sends what was cancelled")
    guard request.body.isChange else { return }
    let isKept = kept.values.contains {
      $0.mayHaveBeenSent && $0.active.traceNumber.rawValue == number
    }
    try check(isKept, "sends a change that is not kept as sent")
  }

  private mutating func checkTold(_ result: RequestResult) throws {
    guard result.outcome.isFinal else { return }
    let number = result.request.traceNumber.rawValue
    try check(told.insert(number).inserted, "tells a result twice")
    if case .cancelled(nil) = result.outcome {
      try check(kept[number] == nil, "says that it forgot what it still keeps")
    }
  }

  private func checkState() throws {
    let session = fixture.session
    let cards = session.entries.compactMap { entry -> CardNumber? in
      guard case .inFlight = entry.phase else { return nil }
      return entry.card
    }
    try check(Set(cards).count == cards.count, "has two requests of a card in flight")
    let pending = session.pending.map(\.id.rawValue)
    try check(Set(pending) == Set(kept.keys), "keeps other changes than are pending")
    try check(Set(pending).isDisjoint(with: told), "goes on with what is over")
    let isHeld = session.entries.allSatisfy { entry in
      if case .held = entry.phase { return true }
      return entry.card.map { card in
        session.entries.contains { $0.card == card && $0.change.order < entry.change.order }
      } ?? false
    }
    try check(!session.isAtRest || isHeld, "rests while something could be sent")
  }

  private func check(_ isSo: Bool, _ fault: String) throws {
    if !isSo { throw Failure(description: "\(fault) after \(path)") }
  }
}
