import TransactionModel
import WireFormat

extension LoadDriver {
  /// Puts a connection among those that may have room, or that have something to send already.
  func queue(_ connection: LoadConnection) {
    guard connection.hasRoom else { return }
    if connection.hasOwnWork, !connection.isUrgent {
      connection.isUrgent = true
      urgent.append(connection.index)
    }
    guard !connection.isQueued else { return }
    connection.isQueued = true
    ready.append(connection.index)
  }

  /// Sends all that may be sent now.
  func dispatch(_ traffic: some Traffic, at now: UInt64) throws(LoadError) {
    while let index = urgent.popFirst() {
      let connection = connections[index]
      connection.isUrgent = false
      while connection.hasRoom, connection.hasOwnWork,
        try sendNext(connection, traffic, at: now)
      {}
    }
    // Once around, and on as long as there is something to send.
    var idleCount = 0
    while idleCount < ready.count, let index = ready.popFirst() {
      let connection = connections[index]
      connection.isQueued = false
      guard connection.hasRoom else { continue }
      let hasSent = try sendNext(connection, traffic, at: now)
      queue(connection)
      idleCount = hasSent ? 0 : idleCount + 1
      // With thousands of connections it is not asked thousands of times.
      if !hasSent, traffic.isEmptyForAll { return }
    }
  }

  /// Sends one request; false when there is none for the connection.
  private func sendNext(
    _ connection: LoadConnection, _ traffic: some Traffic, at now: UInt64
  ) throws(LoadError) -> Bool {
    if let terminal = connection.signOnQueue.popLast() {
      try send(signOn(terminal, at: now), connection, at: now)
      connection.signOnsUnderWay += 1
      return true
    }
    guard connection.signOnsUnderWay == 0 else { return false }
    var exchange: Exchange
    if let first = connection.unsettled.first {
      exchange = first
      connection.unsettled.removeFirst()
    } else if !isInterrupted, let next = traffic.next(for: connection, self, at: now) {
      exchange = next
      prepare(&exchange, connection)
    } else {
      return false
    }
    guard now < terminals[exchange.terminal].signedOnUntilNanoseconds else {
      connection.unsettled.insert(exchange, at: 0)
      connection.signOnQueue.append(exchange.terminal)
      return true
    }
    try send(exchange, connection, at: now)
    return true
  }

  private func signOn(_ terminal: Int, at now: UInt64) -> Exchange {
    var exchange = Exchange(.signOn, intendedNanoseconds: now)
    exchange.terminal = terminal
    exchange.keepsSession = true
    exchange.traceNumber = terminals[terminal].takeTraceNumber()
    exchange.time = serverTime
    return exchange
  }

  /// Gives a request its key, and enters it in the book.
  private func prepare(_ exchange: inout Exchange, _ connection: LoadConnection) {
    guard exchange.originalKind == nil else { return }
    exchange.terminal = exchange.original?.terminal ?? connection.takeTerminal()
    exchange.traceNumber = terminals[exchange.terminal].takeTraceNumber()
    exchange.time = serverTime
    guard exchange.card >= 0 else { return }
    exchange.before = book.state(of: exchange.card)
    if exchange.kind.isChange {
      exchange.after = book.begin(exchange)
    }
  }

  private func send(
    _ exchange: Exchange, _ connection: LoadConnection, at now: UInt64
  ) throws(LoadError) {
    var exchange = exchange
    let terminal = terminals[exchange.terminal]
    if let journal, exchange.kind.isChange, exchange.sentNanoseconds == 0 {
      try journal.sending(exchange, terminal)
    }
    exchange.sentNanoseconds = now
    // What follows on the connection finds nobody signed on.
    if exchange.kind == .signOff { terminals[exchange.terminal].signedOnUntilNanoseconds = 0 }
    maker.encode(exchange, terminal, book, into: &frame)
    connection.append(frame, for: exchange)
    markDirty(connection)
  }

  func markDirty(_ connection: LoadConnection) {
    guard !connection.isDirty else { return }
    connection.isDirty = true
    dirty.append(connection.index)
  }

  /// Hands what is to be sent to the kernel.
  func flushDirty(at now: UInt64) throws(LoadError) {
    let indexes = dirty
    dirty.removeAll(keepingCapacity: true)
    for index in indexes {
      let connection = connections[index]
      connection.isDirty = false
      guard connection.state == .open else { continue }
      if case .ended(let reason) = connection.flush(at: now) {
        // What arrived before the end may hold answers, and why.
        try receive(connection)
        if connection.state == .open { end(connection, reason, at: now) }
        continue
      }
      try watch(connection, at: now)
      if connection.isSlow, connection.hasUnsent { markDirty(connection) }
    }
  }
}
