public import LinuxSystem
import Synchronization
public import TransactionModel

/// The times by which the committer works.
public struct GroupCommitterSettings: Sendable {
  /// After so long without a batch, proof of the last one is left in the log.
  public var idleMilliseconds: Int32 = 100
  /// A sync that takes longer than this is counted as slow.
  public var slowSyncMilliseconds: UInt64 = 100

  public init() {}
}

/// The one thread that makes changes durable.
///
/// It takes all that has gathered, writes and syncs it once, publishes the position, and takes what
/// has gathered meanwhile. A write or sync that fails ends the process: retrying could report data
/// as durable that the page cache has given up.
public final class GroupCommitter<Log: CommitLog & ~Copyable>: Sendable {
  public let statistics: CommitStatistics

  private let admission: LogAdmission
  private let durable: Atomic<UInt64>
  private let isStopping = Atomic<Bool>(false)
  private let wakeup: Wakeup
  private let cycle: Mutex<CommitCycle<Log>>
  private let thread = OwnThread()
  private let settings: GroupCommitterSettings
  private let whenDurable: @Sendable (LogPosition) -> Void
  private let fatal: @Sendable (LogError) -> Never

  /// Takes over a log that is open.
  ///
  /// `whenDurable` is called on the committer's thread after each commit, with the new position;
  /// `fatal` writes one line and ends the process.
  public init(
    log: consuming Log, source: any BatchSource,
    settings: GroupCommitterSettings = GroupCommitterSettings(),
    whenDurable: @escaping @Sendable (LogPosition) -> Void,
    fatal: @escaping @Sendable (LogError) -> Never
  ) throws(SystemError) {
    wakeup = try Wakeup()
    admission = log.admission
    durable = Atomic(log.durablePosition.rawValue)
    cycle = Mutex(CommitCycle(log: log, source: source))
    self.settings = settings
    statistics = CommitStatistics(slowSyncMilliseconds: settings.slowSyncMilliseconds)
    self.whenDurable = whenDurable
    self.fatal = fatal
  }

  /// The last position that may be told to anybody.
  public var durablePosition: LogPosition {
    LogPosition(rawValue: durable.load(ordering: .acquiring))
  }

  /// Whether a change may be staged; when false, it is refused with "system, retry later".
  public var canAcceptChanges: Bool { admission.canAcceptChanges }

  /// Tells the committer that something is staged; any thread may, as often as it likes.
  public func wake() { wakeup.wake() }

  public func start() throws(SystemError) {
    try thread.start(name: "log-commit") { self.run() }
  }

  /// Commits all that is staged, leaves proof of it, and returns when the thread has ended.
  ///
  /// The sources must have stopped staging.
  public func stop() {
    isStopping.store(true, ordering: .releasing)
    wakeup.wake()
    thread.join()
  }

  private func run() {
    do throws(LogError) {
      var waiter = try attempt("eventfd") { () throws(SystemError) in
        try Wakeup.Waiter(wakeup)
      }
      var isSettled = true
      while true {
        // Read before the exchange, so that what was staged before the stop is seen.
        let isLast = isStopping.load(ordering: .acquiring)
        if try commit() {
          isSettled = false
        } else if isLast {
          try cycle.withLock { cycle throws(LogError) in try cycle.close() }
          return
        } else if !waiter.wait(timeoutMilliseconds: isSettled ? -1 : settings.idleMilliseconds) {
          try cycle.withLock { cycle throws(LogError) in try cycle.settle() }
          isSettled = true
        }
      }
    } catch {
      fatal(error)
    }
  }

  /// One group commit; false when nothing was staged.
  private func commit() throws(LogError) -> Bool {
    let position = try cycle.withLock { cycle throws(LogError) in
      try cycle.commit(statistics)
    }
    guard let position else { return false }
    durable.store(position.rawValue, ordering: .releasing)
    whenDurable(position)
    return true
  }
}

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

  /// Commits what is staged and gives its last position, or nil when nothing is.
  mutating func commit(_ statistics: CommitStatistics) throws(LogError) -> LogPosition? {
    source.exchangeStagedBatch(&spare)
    guard !spare.isEmpty else { return nil }
    try log.append(&spare, expecting: log.durablePosition.next)
    let start = MonotonicClock.nowNanoseconds
    let position = try log.waitUntilDurable()
    statistics.recordSync(nanoseconds: MonotonicClock.nowNanoseconds - start)
    return position
  }

  mutating func settle() throws(LogError) { try log.settle() }

  mutating func close() throws(LogError) { try log.close() }
}
