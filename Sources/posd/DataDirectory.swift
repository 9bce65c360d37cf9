import Foundation
import Installation
import WriteAheadLog

/// What the data directory of an installation holds.
///
///     confirmation.key   32 random bytes that make confirmation numbers unguessable; the directory
///                        without it is no backup
///     log/               the state log and its snapshots (LOG_FORMAT.md)
///     audit/             the audit log, unless the configuration names another directory
struct DataDirectory {
  let path: String
  /// The file with the log's keys, which lies elsewhere.
  let logKeyFile: String

  init(path: String, logKeyFile: String) {
    self.path = path
    self.logKeyFile = logKeyFile
  }

  /// That of a configuration; the keys may be a credential.
  init(_ configuration: Configuration) {
    self.init(
      path: configuration.dataDirectory,
      logKeyFile: LogKeyFile.path(configured: configuration.logKeyFile))
  }

  var logDirectory: String { "\(path)/\(InstallationPlan.logDirectoryName)" }
  var auditDirectory: String { "\(path)/\(InstallationPlan.auditDirectoryName)" }
  var confirmationKeyFile: String { "\(path)/\(InstallationPlan.confirmationKeyName)" }

  /// The key that confirmation numbers are made with.
  func confirmationKey() throws(DaemonError) -> [UInt8] {
    guard let contents = FileManager.default.contents(atPath: confirmationKeyFile) else {
      throw .keyMissing(confirmationKeyFile)
    }
    guard contents.count == InstallationPlan.confirmationKeyByteCount else {
      throw .keyMalformed(confirmationKeyFile, byteCount: contents.count)
    }
    return Array(contents)
  }

  /// The keys that the log is encrypted with.
  func logKeyring() throws(DaemonError) -> LogKeyring {
    guard let text = LogKeyFile.text(at: logKeyFile) else { throw .logKeysMissing(logKeyFile) }
    do throws(LogKeyringError) {
      return try LogKeyring(text: text)
    } catch {
      throw .logKeysMalformed(logKeyFile, error)
    }
  }
}

/// Why the daemon does not start, beside what log, server and configuration say themselves.
enum DaemonError: Error, CustomStringConvertible {
  case keyMissing(String)
  case keyMalformed(String, byteCount: Int)
  case logKeysMissing(String)
  case logKeysMalformed(String, LogKeyringError)
  case logUnusable(String, LogError)
  case auditLogUnusable(String, LogError)
  case setClockUnusable
  case snapshotBeingMade(process: Int32?)
  case dataDirectoryChanged(String)

  var description: String {
    switch self {
    case .keyMissing(let file):
      "\(file) is missing: it is part of every backup, restore it beside the log"
    case .keyMalformed(let file, let byteCount):
      "\(file) has \(byteCount) bytes, not \(InstallationPlan.confirmationKeyByteCount): "
        + "restore it from a backup"
    case .logKeysMissing(let file):
      "\(file) is missing: the log is encrypted with the keys in it, restore it from its own copy"
    case .logKeysMalformed(let file, let error): "\(file): \(error): restore it from its own copy"
    case .logUnusable(let directory, let error): "\(directory): \(error)"
    case .snapshotBeingMade(let process):
      "a snapshot is being made by process \(process.map(String.init) ?? "unknown")"
    case .dataDirectoryChanged(let path):
      "\(path) is not the data directory that is served: restart posd after such a change"
    case .auditLogUnusable(let directory, .noLog):
      "\(directory): there is no audit log: restore it, or begin an empty one by "
        + "`posd serve --begin-audit`"
    case .auditLogUnusable(let directory, .damaged(let damage)):
      "\(directory): \(damage) `posctl log repair` saves what is whole."
    case .auditLogUnusable(let directory, let error): "\(directory): \(error)"
    case .setClockUnusable: "clock.start is for the test environment only"
    }
  }
}
