import AuditTrail
import Installation
import LinuxSystem
import Logging
import TransactionModel
import WriteAheadLog

/// The audit log of an installation: made, and opened at a start.
struct AuditLog: ~Copyable {
  /// Free space that is left to others: more than the state log leaves, which must have room longer.
  private static let reserveByteCount: UInt64 = 512 << 20

  let log: FileLog
  /// The server time of the newest entry.
  let newestTime: Instant

  /// Makes an empty one; its directory is made too, for its owner only.
  static func create(
    in directory: String, environment: TransactionModel.Environment
  ) throws(LogError) {
    var settings = LogSettings()
    settings.kind = .audit
    settings.environment = environment.rawValue
    try FileLog.create(directory: directory, settings)
  }

  /// Makes an empty one where there is none, as after its loss; says so.
  static func begin(_ configuration: Configuration, _ logger: Logger) throws {
    let directory = configuration.auditLogDirectory
    do throws(LogError) {
      _ = try LogInspector.kind(directory: directory)
    } catch {
      if case .system(let error, _) = error, !error.isNotFound { throw error }
      try create(in: directory, environment: configuration.environment)
      logger.warning("\(directory): an empty audit log was begun")
    }
  }

  /// Opens it, or says why it cannot be trusted.
  ///
  /// What the last two segments hold is proven; `posctl log verify` proves all.
  static func open(_ configuration: Configuration, _ logger: Logger) throws -> AuditLog {
    let directory = configuration.auditLogDirectory
    let newest = NewestTime()
    var expectation = LogExpectation(clock: configuration.clockStart, newest)
    expectation.kind = .audit
    expectation.environment = configuration.environment.rawValue
    expectation.keyring = try DataDirectory(configuration).logKeyring()
    expectation.reserveByteCount = reserveByteCount
    let log: FileLog
    do throws(LogError) {
      expectation.replayFrom = try LogInspector.lateBeginning(directory: directory)
      newest.meet(expectation.replayFrom?.newestServerTimeMilliseconds ?? 0)
      log = try FileLog.open(directory: directory, expectation) { record in
        guard AuditEntry(record) != nil else { throw UnknownEntry() }
        newest.meet(record.serverTimeMilliseconds)
      }
    } catch {
      // A directory that is gone is a log that is gone.
      if case .system(let reason, _) = error, reason.isNotFound {
        throw DaemonError.auditLogUnusable(directory, .noLog)
      }
      throw DaemonError.auditLogUnusable(directory, error)
    }
    for line in "\(log.recovery)".split(separator: "\n") { logger.info("audit log: \(line)") }
    return AuditLog(log: log, newestTime: newest.instant)
  }

  /// A record that this version cannot read.
  private struct UnknownEntry: Error, CustomStringConvertible {
    var description: String { "an entry of no known kind: a later version wrote it" }
  }
}
