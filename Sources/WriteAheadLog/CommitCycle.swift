import LinuxSystem
import Observability
import TransactionModel

/// What the committer owns: the log and the spare batch.
struct CommitCycle<Log: CommitLog & ~Copyable>: ~Copyable {
  private var log: Log
  private var spare: LogBatch
  private let source: any BatchSource

  init(log: consuming Log, source: any BatchSource) {
    spare = LogBatch(
      byteCapacity: log.batchByteCountMax, after: log.durablePosition,
      newestServerTimeMilliseconds: 0)
    self.log = log
    self.source = source
  }

  var headLine: String { log.headLine }

  /// Commits what is staged, or gives nil when nothing is.
  mutating func commit(_ statistics: CommitStatistics) throws(LogError) -> CommitOutcome? {
    source.exchangeStagedBatch(&spare)
    guard !spare.isEmpty else { return nil }
    try log.append(&spare, expecting: log.durablePosition.next)
    let start = MonotonicClock.nowNanoseconds
    let position = try log.waitUntilDurable()
    let nanoseconds = MonotonicClock.nowNanoseconds - start
    let isSlow = statistics.recordSync(nanoseconds: nanoseconds)
    return CommitOutcome(
      position: position, slowMilliseconds: isSlow ? nanoseconds / 1_000_000 : nil)
  }

  mutating func settle() throws(LogError) { try log.settle() }

  mutating func close() throws(LogError) { try log.close() }
}

/// What one group commit came to.
struct CommitOutcome {
  /// The last position that is durable now.
  let position: LogPosition
  /// How long its sync took, when that was too long.
  let slowMilliseconds: UInt64?
}

/// What the committer has said already, so that it does not say it again at once.
struct CommitWatch {
  private var wasOpen: Bool
  private var nextWarning: UInt64 = 0
  private var nextHead: UInt64?

  init(isOpen: Bool) { wasOpen = isOpen }

  mutating func admission(_ isOpen: Bool) -> CommitWarning? {
    guard isOpen != wasOpen else { return nil }
    wasOpen = isOpen
    return isOpen ? .changesTaken : .changesRefused
  }

  mutating func slowSync(
    _ outcome: CommitOutcome, _ statistics: CommitStatistics, _ settings: GroupCommitterSettings
  ) -> CommitWarning? {
    guard let milliseconds = outcome.slowMilliseconds else { return nil }
    let now = MonotonicClock.nowMilliseconds
    guard now >= nextWarning else { return nil }
    nextWarning = now + settings.warningMilliseconds
    return .slowSync(milliseconds: milliseconds, count: statistics.slowSyncCount.current)
  }

  mutating func isHeadDue(_ settings: GroupCommitterSettings) -> Bool {
    let now = MonotonicClock.nowMilliseconds
    let due = nextHead ?? now + settings.headMilliseconds
    nextHead = now >= due ? now + settings.headMilliseconds : due
    return now >= due
  }
}
