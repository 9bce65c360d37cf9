package import TransactionModel
import WireFormat

/// What a terminal does about its requests: when each is sent, repeated and given up, and what
/// became of it (SPECIFICATION.md, sections 8, 11, 12 and 18).
///
/// Events go in, actions come out; there is no I/O, no clock and no chance but what is handed in.
/// The rules:
///
/// - A change is kept before it is first sent, and erased after its answer was reported.
/// - Of a card one request at a time is on its way, in the order in which the clerk made them; a
///   change also waits for one that is held. A reversal of what was answered names no card: it waits
///   for every change before it, and whatever is about a card waits for it.
/// - Changes are sent in the order of their transaction times. One that waits for its repeat holds
///   back all later ones; one that is held for the clerk holds back those of its card only.
/// - An answer belongs to the request in flight whose key fields it gives back; any other is
///   counted and thrown away.
package struct TerminalSession: Sendable {
  /// Where a request stands.
  enum Phase: Equatable {
    case waiting
    /// Refused for now; sent again at this moment.
    case backingOff(until: UInt64)
    case inFlight(deadline: UInt64)
    /// Refused until its cause is removed.
    case held(ResponseCode)
  }

  enum Link: Equatable {
    /// Not connected; no connection was lost, or its wait is over.
    case idle
    case waiting(until: UInt64, server: Int)
    case connecting(server: Int, triedCount: Int)
    case connected(server: Int)
  }

  struct Entry: Equatable {
    var change: PendingChange
    let isChange: Bool
    var isKept: Bool
    var phase = Phase.waiting
    /// Copies of the active request that left since the start.
    var copyCount = 0
    /// Whether a copy of the request left whose answer never came.
    var hasOpenCopy: Bool
    var needsStoredFlag = false
    /// Refusals in a row, for the back-off.
    var refusalCount = 0
    /// How often the request may still be repeated when it is not a change.
    var repeatsLeft = 0

    var id: SystemTraceAuditNumber { change.id }
    var active: TerminalRequest { change.active }
    var card: CardNumber? { change.request.body.card }
    var isInFlight: Bool {
      if case .inFlight = phase { true } else { false }
    }
  }

  /// How often a request that is not a change is repeated at most (SPECIFICATION.md, 18.3).
  static let plainRepeatCountMax = 2
  /// A change is flagged as stored and forwarded this much before it is too old without.
  static let storedFlagMarginMilliseconds: UInt64 = 60_000

  let serverCount: Int
  /// How long a request may go unanswered.
  let answerMilliseconds: UInt64
  package internal(set) var framesInFlightMax: Int
  /// How old a change may be without the stored-and-forward flag.
  var changeAgeMilliseconds: UInt64 = 900_000
  /// Replies that belonged to no request in flight.
  package internal(set) var strayReplyCount = 0

  /// In the order in which the clerk made them.
  var entries: [Entry]
  var link = Link.idle
  /// Connections in a row that failed or brought no answer.
  var failureCount = 0
  var backOff: BackOff
  var actions: [TerminalAction] = []

  /// Begins with what the storage holds, all of which may have been sent before.
  package init(
    pending: [PendingChange], serverCount: Int, framesInFlightMax: Int = 64,
    answerMilliseconds: UInt64 = 25_000, intervals: TerminalIntervals = TerminalIntervals(),
    seed: UInt64
  ) {
    precondition(serverCount > 0, "a terminal without a server")
    self.serverCount = serverCount
    self.framesInFlightMax = framesInFlightMax
    self.answerMilliseconds = answerMilliseconds
    backOff = BackOff(intervals, seed: seed)
    entries = pending.sorted { $0.order < $1.order }.map { change in
      let isOpen = change.mayHaveBeenSent
      var entry = Entry(change: change, isChange: true, isKept: true, hasOpenCopy: isOpen)
      entry.copyCount = isOpen ? 1 : 0
      return entry
    }
  }

  /// The changes that are not answered yet, in the order in which the clerk made them.
  package var pending: [PendingChange] { entries.filter(\.isChange).map(\.change) }

  /// Whether the request with this number has no result yet.
  package func isOpen(_ id: SystemTraceAuditNumber) -> Bool { entries.contains { $0.id == id } }

  /// Whether cancelling a change takes a reversal: it may have been sent, and can be undone.
  package func needsReversal(_ id: SystemTraceAuditNumber) -> Bool {
    entries.contains {
      $0.id == id && $0.change.mayHaveBeenSent && $0.change.reversal == nil
        && $0.change.reversalBody != nil
    }
  }

  /// Whether a change of this operator waits for a sign-on.
  package func needsSignOn(_ operatorID: OperatorID) -> Bool {
    entries.contains {
      $0.phase == .held(.operatorNotSignedOn) && $0.active.header.operatorID == operatorID
    }
  }

  /// The moment on the monotonic clock at which `timePassed` is due; `nil` when nothing is.
  package var nextWakeup: UInt64? {
    var moments = entries.compactMap { entry -> UInt64? in
      switch entry.phase {
      case .backingOff(let moment), .inFlight(let moment): moment
      case .waiting, .held: nil
      }
    }
    if case .waiting(let moment, _) = link, !next().isEmpty { moments.append(moment) }
    return moments.min()
  }

  /// Whether nothing is on its way or due: only an event can change that.
  package var isAtRest: Bool {
    if case .connecting = link { return false }
    return nextWakeup == nil
  }

  /// Takes an event, and gives what is to be done about it.
  package mutating func handle(
    _ event: TerminalEvent, at now: TerminalTime
  ) -> [TerminalAction] {
    defer { actions = [] }
    switch event {
    case .closed:
      closeConnection()
      return actions
    case .requested(let request): add(request)
    case .cancelled(let id, let reversal): cancel(id, reversal)
    case .withdrawn(let id): entries.removeAll { $0.id == id && !$0.isChange }
    case .resumed: release { _ in true }
    case .connected: becomeConnected()
    case .connectionFailed: failToConnect(at: now)
    case .connectionLost: loseConnection(at: now)
    case .received(let reply): receive(reply, at: now)
    case .timePassed: break
    }
    proceed(at: now)
    return actions
  }

  // MARK: The clerk

  private mutating func add(_ request: TerminalRequest) {
    precondition(!isOpen(request.traceNumber), "a number was used for two requests")
    let isChange = request.body.isChange
    let isRepeat = request.header.flags.contains(.repeat)
    let change = PendingChange(
      order: (entries.last?.change.order ?? 0) + 1, request: request, mayHaveBeenSent: isRepeat)
    var entry = Entry(change: change, isChange: isChange, isKept: !isChange, hasOpenCopy: isRepeat)
    entry.copyCount = isRepeat ? 1 : 0
    entry.repeatsLeft = Self.mayRepeat(request.body) ? Self.plainRepeatCountMax : 0
    entries.append(entry)
  }

  /// A secret that was replaced is replaced already when the sign-on is repeated.
  private static func mayRepeat(_ body: RequestBody) -> Bool {
    if case .signOn(_, let newSecret, _, _) = body { return newSecret == .none }
    return true
  }

  private mutating func cancel(_ id: SystemTraceAuditNumber, _ reversal: TerminalRequest?) {
    guard let index = entries.firstIndex(where: { $0.id == id && $0.isChange }),
      entries[index].change.reversal == nil
    else { return }
    guard entries[index].change.mayHaveBeenSent else {
      // Gone before it is told: what the clerk cancelled must not be sent after a crash.
      let entry = entries.remove(at: index)
      if entry.isKept { actions.append(.erase(id)) }
      let result = RequestResult(request: entry.change.request, outcome: .cancelled(nil))
      return actions.append(.report(result))
    }
    guard let reversal else { return finish(index, .unknown(nil)) }
    entries[index].change.reversal = reversal
    entries[index].isKept = false
    entries[index].phase = .waiting
    entries[index].copyCount = 0
    entries[index].refusalCount = 0
    entries[index].needsStoredFlag = false
  }

  mutating func release(_ isFreed: (Entry) -> Bool) {
    for index in entries.indices {
      if case .held = entries[index].phase, isFreed(entries[index]) {
        entries[index].phase = .waiting
      }
    }
  }

  /// Tells what became of a request, and forgets it.
  mutating func finish(_ index: Int, _ outcome: RequestOutcome) {
    let entry = entries.remove(at: index)
    actions.append(.report(RequestResult(request: entry.change.request, outcome: outcome)))
    if entry.isChange, entry.isKept || entry.change.reversal != nil {
      actions.append(.erase(entry.id))
    }
  }
}
