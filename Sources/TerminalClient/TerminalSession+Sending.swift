import TransactionModel
import WireFormat

extension TerminalSession {
  // MARK: The connection

  mutating func becomeConnected() {
    guard case .connecting(let server, _) = link else {
      preconditionFailure("connected without being asked to connect")
    }
    link = .connected(server: server)
  }

  mutating func failToConnect(at now: TerminalTime) {
    guard case .connecting(let server, let triedCount) = link else {
      preconditionFailure("a connection failed that nobody asked for")
    }
    guard triedCount == serverCount else {
      return connect(to: (server + 1) % serverCount, triedCount: triedCount + 1)
    }
    wait(backOff.wait(afterFailures: failureCount), thenTry: 0, now)
    // No server can be reached: the clerk of what is no change is told, changes are kept.
    for index in entries.indices.reversed() where !entries[index].isChange {
      if entries[index].copyCount == 0 || entries[index].repeatsLeft == 0 {
        finish(index, .unanswered)
      } else {
        entries[index].repeatsLeft -= 1
      }
    }
  }

  mutating func loseConnection(at now: TerminalTime) {
    guard case .connected(let server) = link else {
      preconditionFailure("a connection was lost that there was not")
    }
    let delay =
      failureCount == 0 ? backOff.waitAfterLoss() : backOff.wait(afterFailures: failureCount)
    wait(delay, thenTry: failureCount == 0 ? server : (server + 1) % serverCount, now)
    openCopiesInFlight()
  }

  mutating func closeConnection() {
    link = .idle
    openCopiesInFlight()
  }

  private mutating func wait(_ delay: UInt64, thenTry server: Int, _ now: TerminalTime) {
    link = .waiting(until: now.after(delay), server: server)
    failureCount += 1
  }

  private mutating func connect(to server: Int, triedCount: Int) {
    link = .connecting(server: server, triedCount: triedCount)
    actions.append(.connect(server: server))
  }

  /// No answer will come any more to what is in flight.
  private mutating func openCopiesInFlight() {
    for index in entries.indices.reversed() {
      guard entries[index].isInFlight else { continue }
      entries[index].phase = .waiting
      entries[index].hasOpenCopy = true
      guard !entries[index].isChange else { continue }
      guard entries[index].repeatsLeft > 0 else {
        finish(index, .unanswered)
        continue
      }
      entries[index].repeatsLeft -= 1
    }
  }

  // MARK: What is due

  /// Does whatever can be done now.
  mutating func proceed(at now: TerminalTime) {
    giveUpWaiting(at: now)
    for index in entries.indices {
      if case .backingOff(let end) = entries[index].phase, end <= now.monotonicMilliseconds {
        entries[index].phase = .waiting
      }
    }
    if case .connected = link { sendNext(at: now) }
    keepAll()
    switch link {
    case .idle where !next().isEmpty:
      connect(to: 0, triedCount: 1)
    case .waiting(let end, let server) where end <= now.monotonicMilliseconds && !next().isEmpty:
      connect(to: server, triedCount: 1)
    case .idle, .waiting, .connecting, .connected: break
    }
  }

  /// Closes a connection on which an answer is overdue: nothing more is hoped for on it.
  private mutating func giveUpWaiting(at now: TerminalTime) {
    guard case .connected(let server) = link else { return }
    let isOverdue = entries.contains { entry in
      if case .inFlight(let deadline) = entry.phase {
        deadline <= now.monotonicMilliseconds
      } else {
        false
      }
    }
    guard isOverdue else { return }
    actions.append(.disconnect)
    wait(
      backOff.wait(afterFailures: failureCount), thenTry: (server + 1) % serverCount, now)
    openCopiesInFlight()
  }

  private mutating func sendNext(at now: TerminalTime) {
    for index in next() {
      guard entries.count(where: \.isInFlight) < framesInFlightMax else { return }
      send(index, at: now)
    }
  }

  private mutating func send(_ index: Int, at now: TerminalTime) {
    if entries[index].isChange {
      if !entries[index].change.mayHaveBeenSent || !entries[index].isKept {
        entries[index].change.mayHaveBeenSent = true
        entries[index].isKept = true
        actions.append(.keep(entries[index].change))
      }
      let time = entries[index].active.header.transactionTime
      let age = time.millisecondsUntil(now.wall) + Self.storedFlagMarginMilliseconds
      if age > changeAgeMilliseconds { entries[index].needsStoredFlag = true }
    }
    var request = entries[index].active
    if entries[index].copyCount > 0 { request.header.flags.insert(.repeat) }
    if entries[index].needsStoredFlag { request.header.flags.insert(.storedAndForward) }
    entries[index].copyCount += 1
    entries[index].phase = .inFlight(deadline: now.after(answerMilliseconds))
    actions.append(.send(request))
  }

  /// Keeps what cannot be sent yet, too.
  private mutating func keepAll() {
    for index in entries.indices where !entries[index].isKept {
      entries[index].isKept = true
      actions.append(.keep(entries[index].change))
    }
  }

  /// The requests that may leave now, in the order in which they leave.
  func next() -> [Int] {
    // A change that is held for the clerk was answered: only changes wait behind it.
    var openCards = Set(entries.filter(\.isInFlight).compactMap(\.card))
    var heldCards: Set<CardNumber> = []
    // A reversal that the clerk asked for names no card, and so may be about any.
    var isBehindReversal = false
    var plain: [Int] = []
    var changes: [Int] = []
    for (index, entry) in entries.enumerated() {
      if isBehindReversal, entry.isChange || entry.card != nil { continue }
      if entry.isChange, entry.card == nil {
        let mustWait = !openCards.isEmpty || !heldCards.isEmpty
        if case .held = entry.phase { continue }
        isBehindReversal = true
        if mustWait { continue }
      } else if let card = entry.card {
        if openCards.contains(card) { continue }
        let isBehindHeld = entry.isChange && heldCards.contains(card)
        if case .held = entry.phase { heldCards.insert(card) } else { openCards.insert(card) }
        if isBehindHeld { continue }
      }
      switch entry.phase {
      case .inFlight, .held: continue
      case .waiting where !entry.isChange: plain.append(index)
      case .waiting, .backingOff: if entry.isChange { changes.append(index) }
      }
    }
    // Indices of equal times stay in order: the sort is stable.
    changes.sort { time(of: $0) < time(of: $1) }
    return plain + changes.prefix { entries[$0].phase == .waiting }
  }

  private func time(of index: Int) -> Instant { entries[index].active.header.transactionTime }
}
