import TransactionModel

/// Who is signed on at which terminal, and when each of them was last heard of.
///
/// Every terminal has a fixed number of places; where one more operator signs on, the one who did
/// so longest ago makes room. That is decided by log positions alone, so that replay decides alike.
/// A place is never given back, so the table is as large as the register at most.
struct SessionTable: ~Copyable {
  /// Operators who may be signed on at one terminal at a time.
  static let operatorsPerTerminalMax = 16

  struct Session {
    var operatorID = OperatorID(rawValue: 0)
    /// The server time of the operator's last transaction at the terminal.
    var lastActive = Instant.none
    /// The sign-on's record; zero in a place that is free.
    var position = LogPosition.zero
  }

  var firstPlaces = IdentifierTable<TerminalID, Int>()
  var sessions: [Session] = []

  /// Where an operator's session at a terminal is.
  struct Place {
    fileprivate let index: Int
  }

  /// The operator's session at a terminal; `nil` when there is none.
  func place(of person: OperatorID, at terminal: TerminalID) -> Place? {
    guard let first = firstPlaces[terminal] else { return nil }
    for index in first..<first + Self.operatorsPerTerminalMax
    where sessions[index].operatorID == person && sessions[index].position != .zero {
      return Place(index: index)
    }
    return nil
  }

  /// The position of the sign-on that began a session.
  func position(of place: Place) -> LogPosition { sessions[place.index].position }

  /// How long before an instant the operator was last heard of.
  func idleMilliseconds(of place: Place, at instant: Instant) -> UInt64 {
    sessions[place.index].lastActive.millisecondsUntil(instant)
  }

  /// Notes a transaction of the operator.
  mutating func renew(_ place: Place, at now: Instant) { sessions[place.index].lastActive = now }

  mutating func begin(
    _ person: OperatorID, at terminal: TerminalID, _ now: Instant, position: LogPosition
  ) {
    let session = Session(operatorID: person, lastActive: now, position: position)
    sessions[place(of: person, at: terminal)?.index ?? oldestPlace(at: terminal)] = session
  }

  mutating func end(_ person: OperatorID, at terminal: TerminalID) {
    guard let place = place(of: person, at: terminal) else { return }
    sessions[place.index] = Session()
  }

  /// Ends the operator's sessions wherever they are.
  mutating func endAll(of person: OperatorID) {
    for index in sessions.indices where sessions[index].operatorID == person {
      sessions[index] = Session()
    }
  }

  /// Ends everybody's session at a terminal.
  mutating func endAll(at terminal: TerminalID) {
    guard let first = firstPlaces[terminal] else { return }
    for index in first..<first + Self.operatorsPerTerminalMax { sessions[index] = Session() }
  }

  /// Lets the time of all sessions begin anew, but for those of whom the log says nothing since an
  /// instant: they end.
  mutating func revive(at now: Instant, ifActiveSince limit: Instant) {
    for index in sessions.indices where sessions[index].position != .zero {
      if sessions[index].lastActive < limit {
        sessions[index] = Session()
      } else {
        sessions[index].lastActive = now
      }
    }
  }

  /// The place of the oldest sign-on at a terminal; a free place is older than all.
  private mutating func oldestPlace(at terminal: TerminalID) -> Int {
    guard let first = firstPlaces[terminal] else {
      let first = sessions.count
      firstPlaces[terminal] = first
      for _ in 0..<Self.operatorsPerTerminalMax { sessions.append(Session()) }
      return first
    }
    var oldest = first
    for index in first + 1..<first + Self.operatorsPerTerminalMax
    where sessions[index].position < sessions[oldest].position {
      oldest = index
    }
    return oldest
  }
}
