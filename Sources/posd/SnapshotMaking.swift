import Cryptography
import EligibilityPolicy
import Installation
import LinuxSystem
import TransactionEngine
import TransactionModel
import WriteAheadLog

/// The making of one snapshot, and the removal of what it makes superfluous.
///
/// Whatever ends it at whatever step: the snapshot has its name only when it is whole and durable,
/// older ones go only then, and what was left unfinished or superfluous goes with the next one.
struct SnapshotMaking {
  /// Free space that is left to the log.
  private static let reserveByteCount: UInt64 = 256 << 20
  private static let millisecondsPerDay: UInt64 = 24 * 3_600_000

  private let configuration: Configuration
  private let data: DataDirectory

  init(_ configuration: Configuration) {
    self.configuration = configuration
    data = DataDirectory(configuration)
  }

  /// Makes it; gives a line that says what was done.
  func run() throws -> String {
    let directory = data.logDirectory
    let claim: SnapshotClaim
    do throws(LogError) {
      claim = try SnapshotClaim(directory: directory)
    } catch {
      guard case .directoryInUse(let process) = error else { throw error }
      throw DaemonError.snapshotBeingMade(process: process)
    }
    try claim.removeLeftover(directory: directory)
    do {
      return try make(in: directory)
    } catch {
      try? claim.removeLeftover(directory: directory)
      throw error
    }
  }

  private func make(in directory: String) throws -> String {
    let start = MonotonicClock.nowNanoseconds
    let keyring = try data.logKeyring()
    let key = try data.confirmationKey()
    let settings = EngineSettings(configuration)
    var saved = try SavedState.read(
      directory: directory, keyring: keyring, environment: configuration.environment
    ) {
      try TransactionEngine(
        settings: settings, policy: .compiledIn, confirmationKey: key,
        hashSeed: Recovery.randomSeed())
    }
    let before = saved.point
    let unusable = Set(saved.damaged.map(\.name))
    // Before anything is written too: a disk that is full must not stay so for want of room.
    var removal = LogRetention.Removal()
    try? removal.add(retention.apply(directory: directory, unusable: unusable))
    let end = try LogPast.replay(directory: directory, keyring: keyring, behind: before) { view in
      try saved.engine.replay(view)
    }
    var words: String
    if let end, end.position > before?.position ?? .zero {
      let name = try write(&saved.engine, at: end, keyring, in: directory)
      try LogSnapshot.prove(directory: directory, name)
      let byteCount = try LogSnapshot.information(directory: directory, name).byteCount
      let milliseconds = (MonotonicClock.nowNanoseconds - start) / 1_000_000
      words =
        "snapshot up to position \(end.position.rawValue): \(saved.engine.cardCount) cards, "
        + "\(byteCount) bytes, made in \(milliseconds) ms"
    } else {
      let position = before?.position.rawValue ?? 0
      words = "nothing to make: no change was closed behind position \(position)"
    }
    do throws(LogError) {
      removal.add(try retention.apply(directory: directory, unusable: unusable))
    } catch {
      words += "; nothing more was removed: \(error)"
    }
    for (name, error) in saved.damaged { words += "; \(name) is not used: \(error)" }
    for damage in removal.damaged { words += "; \(damage): does not count as one that is kept" }
    if !removal.snapshots.isEmpty { words += "; removed \(removal.snapshots.count) older" }
    if let first = removal.segments.first, let last = removal.segments.last {
      words += "; removed segments \(first) to \(last)"
    }
    return words
  }

  private func write(
    _ engine: inout TransactionEngine, at end: LogPoint, _ keyring: LogKeyring,
    in directory: String
  ) throws(LogError) -> String {
    var writer = try SnapshotWriter(
      directory: directory, environment: configuration.environment.rawValue, at: end,
      keyring: keyring, reserveByteCount: Self.reserveByteCount,
      clockMilliseconds: WallClock.nowMilliseconds)
    try engine.write(to: &writer)
    return try writer.finish()
  }

  private var retention: LogRetention {
    let days = UInt64(configuration.logRetentionDays)
    return LogRetention(
      snapshotCount: configuration.snapshot.kept,
      milliseconds: days == 0 ? nil : days * Self.millisecondsPerDay)
  }
}
