import Administration
import Cryptography
import EligibilityPolicy
import Installation
import LinuxSystem
import Logging
import Synchronization
import TransactionEngine
import TransactionModel
import WriteAheadLog

/// What a start makes of the data directory: an engine that knows what the log says, and the log,
/// open for more.
struct Recovery: ~Copyable {
  let engine: SharedEngine
  let log: FileLog
  /// The rules that are to decide.
  let policy: PolicyKeeper
  /// The server time of the newest record.
  let newestTime: Instant
  /// Where the log was taken up, behind a snapshot; nil when it was read from its beginning.
  let point: LogPoint?

  /// Takes up the newest snapshot and replays the log behind it, or says why it cannot be trusted.
  static func run(_ configuration: Configuration, _ logger: Logger) throws -> Recovery {
    let data = DataDirectory(configuration)
    let directory = data.logDirectory
    let settings = EngineSettings(configuration)
    let key = try data.confirmationKey()
    let newest = NewestTime()
    var expectation = LogExpectation(clock: configuration.clockStart, newest)
    expectation.environment = configuration.environment.rawValue
    expectation.keyring = try data.logKeyring()
    var saved: SavedState
    do {
      saved = try SavedState.read(
        directory: directory, keyring: expectation.keyring,
        environment: configuration.environment
      ) {
        try TransactionEngine(
          settings: settings, policy: .compiledIn, confirmationKey: key, hashSeed: randomSeed())
      }
    } catch let error as LogError {
      throw DaemonError.logUnusable(directory, error)
    }
    for (_, error) in saved.damaged { logger.error("\(error): looking for an older snapshot") }
    if let report = saved.report { logger.info("\(report)") }
    let point = saved.point
    expectation.replayFrom = point
    if let point { newest.meet(point.newestServerTimeMilliseconds) }
    let log: FileLog
    do throws(LogError) {
      log = try FileLog.open(directory: directory, expectation) { view in
        try saved.engine.replay(view)
        newest.meet(view.serverTimeMilliseconds)
      }
    } catch {
      throw DaemonError.logUnusable(directory, error)
    }
    var engine = saved.takeEngine()
    for line in "\(log.recovery)".split(separator: "\n") { logger.info("\(line)") }
    let start = configuration.clockStart ?? Instant(milliseconds: WallClock.nowMilliseconds)
    engine.beginService(after: log.durablePosition, at: start)
    let shared = SharedEngine(engine)
    let policy = try PolicyKeeper(
      directory: configuration.policyDirectory.isEmpty ? nil : configuration.policyDirectory,
      active: shared.activePolicy)
    for mistake in policy.mistakes { logger.warning("\(mistake)") }
    if !policy.mistakes.isEmpty {
      logger.warning("policy.directory is refused: the set last activated stays in force")
    }
    return Recovery(
      engine: shared, log: log, policy: policy, newestTime: newest.instant, point: point)
  }

  static func randomSeed() -> UInt64 {
    SecureRandom.bytes(count: 8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}

/// The newest server time that the replay has met.
final class NewestTime: Sendable {
  private let milliseconds = Atomic<UInt64>(0)

  var instant: Instant { Instant(milliseconds: milliseconds.load(ordering: .relaxed)) }

  func meet(_ newer: UInt64) { milliseconds.store(newer, ordering: .relaxed) }
}

extension LogExpectation {
  /// The time of day must not be behind the log; a set clock goes on where the log ends.
  init(clock start: Instant?, _ newest: NewestTime) {
    guard let start else {
      self.init { WallClock.nowMilliseconds }
      return
    }
    self.init { max(start, newest.instant).milliseconds }
  }
}
