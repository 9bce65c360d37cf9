public import LinuxSystem
import Synchronization
public import TransactionModel

/// The times by which the committer works.
public struct GroupCommitterSettings: Sendable {
  /// After so long without a batch, proof of the last one is left in the log.
  public var idleMilliseconds: Int32 = 100
  /// A sync that takes longer than this is counted as slow.
  public var slowSyncMilliseconds: UInt64 = 100
  /// Slow syncs are warned of no more often than this.
  public var warningMilliseconds: UInt64 = 1_000
  /// The head of the log is noted so often while there are changes, and at the end.
  public var headMilliseconds: UInt64 = 3_600_000
  /// Between the wake-up and the commit, so that more gathers; the next wake-up ends it early.
  ///
  /// Nobody whose reply waits for the log may be made to wait for this: 0 for such a log.
  public var gatherMilliseconds: Int32 = 0

  public init() {}
}

/// What an operator should see before it is too late.
public enum CommitWarning: Equatable, Sendable, CustomStringConvertible {
  /// A sync took so long; the second figure counts the slow ones since the start.
  case slowSync(milliseconds: UInt64, count: UInt64)
  case changesRefused
  case changesTaken

  public var description: String {
    switch self {
    case .slowSync(let milliseconds, let count):
      "the log's disk is slow: a sync took \(milliseconds) ms, \(count) were slow since the start"
    case .changesRefused: "no room for the next segment of the log: changes are refused"
    case .changesTaken: "there is room for the log again: changes are taken"
    }
  }
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
  private let warn: @Sendable (CommitWarning) -> Void
  private let noteHead: @Sendable (String) -> Void
  private let fatal: @Sendable (LogError) -> Never

  /// Takes over a log that is open.
  ///
  /// `whenDurable` is called on the committer's thread after each commit, with the new position;
  /// `warn` and `noteHead` write a line, now and then; `fatal` writes one and ends the process.
  public init(
    log: consuming Log, source: any BatchSource,
    settings: GroupCommitterSettings = GroupCommitterSettings(),
    whenDurable: @escaping @Sendable (LogPosition) -> Void,
    warn: @escaping @Sendable (CommitWarning) -> Void = { _ in },
    noteHead: @escaping @Sendable (String) -> Void = { _ in },
    fatal: @escaping @Sendable (LogError) -> Never
  ) throws(SystemError) {
    wakeup = try Wakeup()
    admission = log.admission
    durable = Atomic(log.durablePosition.rawValue)
    cycle = Mutex(CommitCycle(log: log, source: source))
    self.settings = settings
    statistics = CommitStatistics(slowSyncMilliseconds: settings.slowSyncMilliseconds)
    self.whenDurable = whenDurable
    self.warn = warn
    self.noteHead = noteHead
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
    Thread.runCurrentPromptly()
    do throws(LogError) {
      var waiter = try attempt("eventfd") { () throws(SystemError) in
        try Wakeup.Waiter(wakeup)
      }
      var isSettled = true
      var watch = CommitWatch(isOpen: canAcceptChanges)
      while true {
        if let warning = watch.admission(canAcceptChanges) { warn(warning) }
        // Read before the exchange, so that what was staged before the stop is seen.
        let isLast = isStopping.load(ordering: .acquiring)
        if try commit(&watch) {
          isSettled = false
          // Where records gather, the first of the next batch wakes.
          if settings.gatherMilliseconds == 0 || isLast { continue }
        } else if isLast {
          noteHead(cycle.withLock { $0.headLine })
          try cycle.withLock { cycle throws(LogError) in try cycle.close() }
          return
        }
        if !waiter.wait(timeoutMilliseconds: isSettled ? -1 : settings.idleMilliseconds) {
          try cycle.withLock { cycle throws(LogError) in try cycle.settle() }
          isSettled = true
        } else if settings.gatherMilliseconds > 0, !isStopping.load(ordering: .acquiring) {
          _ = waiter.wait(timeoutMilliseconds: settings.gatherMilliseconds)
        }
      }
    } catch {
      fatal(error)
    }
  }

  /// One group commit; false when nothing was staged.
  private func commit(_ watch: inout CommitWatch) throws(LogError) -> Bool {
    let outcome = try cycle.withLock { cycle throws(LogError) in
      try cycle.commit(statistics)
    }
    guard let outcome else { return false }
    durable.store(outcome.position.rawValue, ordering: .releasing)
    whenDurable(outcome.position)
    if let warning = watch.slowSync(outcome, statistics, settings) { warn(warning) }
    if watch.isHeadDue(settings) { noteHead(cycle.withLock { $0.headLine }) }
    return true
  }
}
