import TransactionModel

/// What was heard of one terminal since the daemon's start, and what the log says of it before.
///
/// Only requests count whose certificate speaks for the terminal while it is not blocked, and that
/// keep the rules of the format.
struct TerminalActivity: BitwiseCopyable, Sendable {
  /// How a request ended.
  enum End {
    /// Answered, and no change.
    case answered
    /// A change that was decided, approved or declined.
    case change
    /// A change that was decided before: its stored reply was sent.
    case `repeat`
    case refusal
  }

  var gaps = TraceNumberGaps()
  /// The server time of the newest request; from before the start, of the newest one in the log.
  var lastSeen = Instant.none
  var requestCount: UInt64 = 0
  var changeCount: UInt64 = 0
  var repeatCount: UInt64 = 0
  var refusalCount: UInt64 = 0
  /// Whether the newest request came by a gateway's certificate.
  var isByGateway = false
}

/// The activity of every terminal, a place for each that the register has.
struct TerminalActivityTable: ~Copyable {
  private var places: [TerminalID: Int] = [:]
  private var activities: [TerminalActivity] = []

  /// Where a terminal's activity is.
  struct Place {
    fileprivate let index: Int
  }

  /// What was heard of a terminal.
  subscript(terminal: TerminalID) -> TerminalActivity {
    places[terminal].map { activities[$0] } ?? TerminalActivity()
  }

  /// The place of a terminal; one that has none gets it.
  @discardableResult
  mutating func place(of terminal: TerminalID) -> Place {
    if let index = places[terminal] { return Place(index: index) }
    places[terminal] = activities.count
    activities.append(TerminalActivity())
    return Place(index: activities.count - 1)
  }

  /// Takes a transaction that the log has from before the start.
  mutating func recall(_ terminal: TerminalID, _ number: SystemTraceAuditNumber, at time: Instant) {
    let index = place(of: terminal).index
    activities[index].gaps.recall(number.rawValue)
    activities[index].lastSeen = time
  }

  /// Takes a request that came, and how it ended.
  mutating func note(
    _ place: Place, _ number: SystemTraceAuditNumber, _ end: TerminalActivity.End,
    isByGateway: Bool, at now: Instant
  ) {
    let index = place.index
    activities[index].gaps.note(number.rawValue)
    activities[index].lastSeen = now
    activities[index].requestCount &+= 1
    activities[index].isByGateway = isByGateway
    switch end {
    case .answered: break
    case .change: activities[index].changeCount &+= 1
    case .repeat: activities[index].repeatCount &+= 1
    case .refusal: activities[index].refusalCount &+= 1
    }
  }
}

extension TransactionEngine {
  /// Takes from the window of each terminal the newest change that is kept: a snapshot has no more.
  mutating func recallActivities() {
    for terminal in register.terminals.values { activities.place(of: terminal.id) }
    for (terminal, history) in duplicates.histories {
      guard let time = history.newestServerTime else { continue }
      let number = SystemTraceAuditNumber(rawValue: history.newestTraceNumber)
      activities.recall(terminal, number, at: time)
    }
  }
}

extension CertificateIdentity {
  var isGateway: Bool { if case .gateway = subject { true } else { false } }
}
