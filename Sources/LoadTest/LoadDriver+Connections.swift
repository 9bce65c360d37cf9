import LinuxSystem

extension LoadDriver {
  private static let backOffNanoseconds: UInt64 = 50_000_000
  private static let backOffDoublingsMax = 4

  /// Whether a connection is wanted: by traffic, or to send something again.
  private func isWanted(_ connection: LoadConnection) -> Bool {
    guard let waitingCount = traffic?.waitingCount else { return true }
    return handshakesInFlight < waitingCount || !connection.unsettled.isEmpty
  }

  /// When the next connection may be begun, if one is wanted.
  var nextConnectNanoseconds: UInt64? {
    guard handshakesInFlight < LoadLimits.handshakesInFlightMax, let first = toConnect.first else {
      return nil
    }
    guard traffic?.waitingCount != nil else { return connections[first].notBeforeNanoseconds }
    return connections.filter { $0.state == .waiting && isWanted($0) }
      .map(\.notBeforeNanoseconds).min()
  }

  /// Begins as many connections as may be in the handshake at a time.
  func connectSome(at now: UInt64) throws(LoadError) {
    var leftCount = toConnect.count
    while leftCount > 0, handshakesInFlight < LoadLimits.handshakesInFlightMax,
      let index = toConnect.popFirst()
    {
      leftCount -= 1
      let connection = connections[index]
      guard connection.notBeforeNanoseconds <= now, isWanted(connection) else {
        toConnect.append(index)
        continue
      }
      try connection.begin(to: address, at: now)
      handshakesInFlight += 1
      try watch(connection, isNew: true, at: now)
    }
  }

  /// Goes on with a connection that is not open yet.
  func advance(_ connection: LoadConnection, at now: UInt64) throws(LoadError) {
    switch try connection.advance() {
    case .ended(let reason): end(connection, reason, at: now)
    case .going:
      guard connection.state == .open else { return try watch(connection, at: now) }
      handshakesInFlight -= 1
      recorder.connected(from: connection.beganNanoseconds, at: now)
      // A terminal without a session is signed on before anything else.
      connection.signOnQueue = connection.terminals.filter {
        terminals[$0].signedOnUntilNanoseconds <= now
      }
      try watch(connection, at: now)
    }
  }

  /// Has the poller report what a connection waits for.
  func watch(
    _ connection: LoadConnection, isNew: Bool = false, at now: UInt64
  ) throws(LoadError) {
    guard let descriptor = connection.rawValue else { return }
    let isMuted = connection.isSlow && now < connection.muteNanoseconds
    var interest: ReadinessInterest = isMuted ? [] : .readable
    switch connection.state {
    case .connecting: interest = .writable
    case .open where connection.hasUnsent && !connection.isSlow: interest.insert(.writable)
    case .waiting, .handshaking, .open: break
    }
    guard isNew || interest != connection.interest else { return }
    connection.interest = interest
    do throws(SystemError) {
      if isNew {
        try poller.add(descriptor, token: UInt64(connection.index), interest: interest)
      } else {
        try poller.modify(descriptor, token: UInt64(connection.index), interest: interest)
      }
    } catch {
      throw .system(error)
    }
  }

  /// Takes note that a connection has ended by the server's doing, and makes it again after a while.
  func end(_ connection: LoadConnection, _ reason: String, at now: UInt64) {
    endReason = reason
    recorder.brokenConnectionCount += 1
    connection.failureCount += 1
    let doublings = min(connection.failureCount - 1, Self.backOffDoublingsMax)
    let wait = Self.backOffNanoseconds << UInt64(doublings)
    close(connection, reopeningAt: now + wait / 2 + random.next(below: wait / 2))
  }

  /// Ends a connection, which is made again from a moment on.
  func close(_ connection: LoadConnection, reopeningAt moment: UInt64) {
    if let descriptor = connection.rawValue { poller.remove(descriptor) }
    if connection.state == .connecting || connection.state == .handshaking {
      handshakesInFlight -= 1
    }
    connection.end()
    connection.notBeforeNanoseconds = moment
    toConnect.append(connection.index)
  }

  /// Makes a connection again that has answered all that it was made for.
  func finishSwipe(_ connection: LoadConnection, at now: UInt64) {
    guard connection.isUsedUp, !connection.hasUnsent else { return }
    close(connection, reopeningAt: now)
  }

  /// Cuts some connections.
  func cut(_ places: Range<Int>, at now: UInt64) {
    for connection in connections[places] where connection.state != .waiting {
      close(connection, reopeningAt: now)
    }
  }

  var openCount: Int { connections.count { $0.state == .open } }

  /// Gives up on what was not answered in time, and on a server that is not there.
  func keepHouse(at now: UInt64) throws(LoadError) {
    for connection in connections {
      if connection.isSlow { try watch(connection, at: now) }
      guard now > settings.answerNanoseconds else { continue }
      for exchange in connection.takeOverdue(sentBefore: now - settings.answerNanoseconds) {
        giveUp(exchange, connection)
      }
      queue(connection)
    }
    // A server of which nothing is wanted is not missed.
    if handshakesInFlight == 0, connections.allSatisfy(\.isAtRest) { heardNanoseconds = now }
    guard now > heardNanoseconds + settings.giveUpNanoseconds,
      connections.allSatisfy({ $0.failureCount > 0 || $0.state != .open })
    else { return }
    throw .serverGone(
      seconds: Double(settings.giveUpNanoseconds) / 1e9, reason: endReason)
  }

  /// Gives up on all that is still unanswered at the end.
  func abandonRest() {
    for connection in connections {
      for exchange in connection.takeOverdue(sentBefore: .max) + connection.unsettled {
        giveUp(exchange, connection)
      }
      connection.unsettled.removeAll()
    }
  }

  /// Says good-bye on every connection.
  func closeAll() {
    for connection in connections {
      if let descriptor = connection.rawValue { poller.remove(descriptor) }
      connection.end()
    }
  }

  private func giveUp(_ exchange: Exchange, _ connection: LoadConnection) {
    guard !exchange.keepsSession else {
      failure = .serverGone(
        seconds: Double(settings.answerNanoseconds) / 1e9, reason: "no answer to a sign-on")
      return
    }
    note(exchange, "no answer within \(Double(settings.answerNanoseconds) / 1e9) s")
    recorder.lost(exchange.kind)
    connection.answeredCount += 1
    // Whether a change was carried out is not known: the card is left alone.
    if exchange.card >= 0 { book.setAside(exchange.card) }
  }
}
