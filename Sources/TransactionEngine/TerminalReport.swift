import Synchronization
public import TransactionModel

/// A terminal as the help desk wants to see it; figures are since the daemon's start.
public struct TerminalReport: Sendable {
  public var terminal: Terminal
  /// The newest trace number that is known, also from the log; 0 when none is.
  public var newestTraceNumber: UInt32
  /// Trace numbers that were jumped over and have not come since, and the runs that they form.
  public var missingTraceNumberCount: UInt64
  public var gapCount: UInt64
  /// The server time of the newest request; from before the start, of the newest one that the log
  /// behind the snapshot names, or else of the newest stored answer.
  public var lastSeen: Instant
  public var requestCount: UInt64
  /// Changes that were decided, approved or declined.
  public var changeCount: UInt64
  /// Changes that had been decided before, and were answered from the store.
  public var repeatCount: UInt64
  public var refusalCount: UInt64
  /// Answers that are kept for repeats.
  public var storedAnswerCount: Int
  /// Whether the newest request came by the certificate of the site's gateway.
  public var isByGateway: Bool
}

extension SharedEngine {
  /// Reports on terminals behind an id, in the order of ids; of one site, or of all.
  public func terminalReports(
    of site: SiteID?, after id: TerminalID, limit: Int
  ) -> [TerminalReport] {
    let all = engine.withLock { Array($0.register.terminals.values) }
    // Sorted without the lock: requests need not wait for it.
    let terminals = all.filter { $0.id.rawValue > id.rawValue && (site == nil || $0.site == site) }
      .sorted { $0.id.rawValue < $1.id.rawValue }.prefix(limit)
    return engine.withLock { engine in terminals.map { engine.report(on: $0) } }
  }
}

extension TransactionEngine {
  fileprivate func report(on terminal: Terminal) -> TerminalReport {
    let activity = activities[terminal.id] ?? TerminalActivity()
    return TerminalReport(
      terminal: terminal, newestTraceNumber: activity.gaps.newest,
      missingTraceNumberCount: activity.gaps.missingCount, gapCount: activity.gaps.gapCount,
      lastSeen: activity.lastSeen, requestCount: activity.requestCount,
      changeCount: activity.changeCount, repeatCount: activity.repeatCount,
      refusalCount: activity.refusalCount,
      storedAnswerCount: duplicates.answerCount(of: terminal.id),
      isByGateway: activity.isByGateway)
  }
}
