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

extension TerminalActivity {
  /// Takes a transaction that the log has from before the start.
  mutating func recall(_ number: SystemTraceAuditNumber, at time: Instant) {
    gaps.recall(number.rawValue)
    lastSeen = time
  }

  /// Takes a request that came, and how it ended.
  mutating func note(
    _ number: SystemTraceAuditNumber, _ end: End, isByGateway: Bool, at now: Instant
  ) {
    gaps.note(number.rawValue)
    lastSeen = now
    requestCount &+= 1
    self.isByGateway = isByGateway
    switch end {
    case .answered: break
    case .change: changeCount &+= 1
    case .repeat: repeatCount &+= 1
    case .refusal: refusalCount &+= 1
    }
  }
}

extension TransactionEngine {
  /// Takes from the window of each terminal the newest change that is kept: a snapshot has no more.
  mutating func recallActivities() {
    for terminal in register.terminals.values { _ = activityPlace(of: terminal.id) }
    for (terminal, history) in duplicates.histories {
      guard let time = history.newestServerTime else { continue }
      let number = SystemTraceAuditNumber(rawValue: history.newestTraceNumber)
      activities.change(at: activityPlace(of: terminal)) { $0.recall(number, at: time) }
    }
  }

  /// Where a terminal's activity is; one that has none gets it.
  mutating func activityPlace(of terminal: TerminalID) -> Int {
    activities.place(of: terminal, orInsert: TerminalActivity())
  }
}

extension CertificateIdentity {
  var isGateway: Bool { if case .gateway = subject { true } else { false } }
}
