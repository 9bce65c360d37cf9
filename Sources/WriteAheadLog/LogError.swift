public import Cryptography
public import LinuxSystem
public import TransactionModel

/// Why the log cannot go on.
public enum LogError: Error, Equatable, Sendable {
  /// A system call on one of the log's files failed; after a failed write or sync nobody can say
  /// what is on the disk, so the process must end and recovery find out.
  case system(SystemError, file: String)
  /// Another process has the directory.
  case directoryInUse(process: Int32?)
  /// A log is made in an empty directory only.
  case directoryNotEmpty
  /// There is no log, or its creation was not finished: the control file is missing.
  case noLog
  /// Creation found less room than one segment and the reserve need.
  case noRoom(neededByteCount: UInt64, freeByteCount: UInt64)
  /// Acknowledged data is damaged or gone.
  case damaged(LogDamage)
  /// The log is of another kind or environment than the one asked for.
  case foreignLog(kind: LogKind, environment: UInt8)
  /// The clock is behind the newest record: serving would make server time go back.
  case clockBehindLog(clockMilliseconds: UInt64, newestMilliseconds: UInt64)
  /// The log's first record comes after the first one that replay needs.
  case startsTooLate(firstPosition: LogPosition, neededPosition: LogPosition)
  /// Nothing of a damaged log can be used: not even its first segment can be entered, and no
  /// snapshot of it is whole.
  case nothingWhole
  /// A snapshot is whole, and neither the control file nor any segment's header, which could say
  /// whether it is one of this log.
  case onlySnapshotWhole(file: String)
  /// Whole, and written in a version of the format that this posd does not know.
  case otherVersion(UInt16, file: String)
  /// The log has no record at or before what was asked for.
  case nothingThere
  /// What is to be continued is no copy of this log.
  case notACopy
  /// A snapshot that is whole, and cannot stand for the beginning of this log.
  case snapshotUnfit(file: String, SnapshotMisfit)
  /// A segment was written with a key that is not among those given.
  case keyUnknown(LogKeyName, file: String, known: [LogKeyName])
  /// A segment in the clear, in a log that keys were given for.
  case notEncrypted(file: String)
  /// libcrypto does not do what the cipher needs.
  case cipherUnusable(CryptographyError)
  /// Whoever replays could not take a record.
  case replayRefused(LogPosition, reason: String)
  /// A batch does not continue where the log ends.
  case unexpectedPosition(LogPosition, expected: LogPosition)
}

/// A key's number, which tells nothing of the key: 8 hexadecimal digits.
public struct LogKeyName: Equatable, Sendable, CustomStringConvertible {
  public let identifier: UInt32

  public init(identifier: UInt32) { self.identifier = identifier }

  public var description: String {
    let digits = String(identifier, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

/// Why a snapshot is not one of this log.
public enum SnapshotMisfit: Equatable, Sendable, CustomStringConvertible {
  /// Of another environment, such as a test installation's.
  case environment(UInt8)
  /// The log has not the place that it was taken at: another log, or another history of it.
  case notInLog
  /// The log ends before it: what it was taken of is gone.
  case newerThanLog(LogPosition)

  public var description: String {
    switch self {
    case .environment(let environment): "a snapshot of another environment (\(environment))"
    case .notInLog:
      "a snapshot of another log, or of a part of this one that was given up: move it away"
    case .newerThanLog(let last):
      "the snapshot is newer than the log, which ends at position \(last.rawValue): changes that "
        + "were acknowledged are missing from the log; restore a newer backup of it, or let it be "
        + "repaired, to go on from the snapshot (RECOVERY.md)"
    }
  }
}

/// Where acknowledged data is damaged, and which positions are lost by it.
public struct LogDamage: Equatable, Sendable {
  public let fileName: String
  public let offset: Int
  public let reason: DamageReason
  /// The first position that cannot be read.
  public let firstLostPosition: LogPosition
  /// The last one, where anything tells; records behind it may be whole.
  public let lastLostPosition: LogPosition?
}

/// What is wrong with a damaged file.
public enum DamageReason: Equatable, Sendable {
  case fileMissing
  case controlFileUnreadable
  case header(BlockFault)
  case batch(BlockFault)
  /// The file is shorter than its header says.
  case fileCut(byteCount: Int)
  /// Something is written where no unfinished batch could have reached.
  case bytesBeyondLastBatch
  /// What the segment ends with is not what its successor or the control file names.
  case endMismatch
  /// The segment does not continue its predecessor.
  case predecessorMismatch
  /// A record does not fill its place.
  case record
}

extension LogError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .system(let error, let file): "\(file): \(error)"
    case .directoryInUse(.some(let process)): "the log directory is in use by process \(process)"
    case .directoryInUse(.none): "the log directory is in use by another process"
    case .directoryNotEmpty: "a log is made in an empty directory only; this one is not empty"
    case .noLog: "\(LogFileName.control): missing; no log was made here, or not to its end"
    case .noRoom(let needed, let free):
      "no room for the log: \(needed) bytes are needed, \(free) are free"
    case .damaged(let damage): "\(damage)"
    case .foreignLog(let kind, let environment):
      "the log is of another kind (\(kind)) or environment (\(environment)) than asked for"
    case .clockBehindLog(let clock, let newest):
      "the clock (\(clock) ms) is behind the newest record of the log (\(newest) ms)"
    case .startsTooLate(let first, let needed):
      "the log starts at position \(first.rawValue), but \(needed.rawValue) is needed: no snapshot "
        + "that is whole stands for what is before"
    case .snapshotUnfit(let file, let misfit): "\(file): \(misfit)"
    case .nothingWhole:
      "neither a segment to begin with nor a snapshot of it is whole: nothing can be saved from "
        + "here; keep the directory as it is, and restore a backup"
    case .onlySnapshotWhole(let file):
      "neither the control file nor the header of any segment is whole, and \(file) is: whether it "
        + "is of this log, nothing here can say; keep the directory as it is. If there is a backup "
        + "of the log, put the snapshot into a copy of that and let it be repaired: it goes on from "
        + "the snapshot if that is of the same log (RECOVERY.md)"
    case .otherVersion(let version, let file):
      "\(file): written in version \(version) of the log's format, and this posd knows version "
        + "\(LogGeometry.formatVersion) only: nothing is damaged; start the posd that wrote it"
    case .nothingThere: "the log has no record of that position or time, or of one before"
    case .notACopy: "the target holds something else than a copy of this log"
    case .keyUnknown(let key, let file, let known):
      "\(file): written with key \(key), and "
        + (known.isEmpty
          ? "no key was given"
          : "the keys given are \(known.map(\.description).joined(separator: ", "))")
    case .notEncrypted(let file): "\(file): not encrypted, although keys were given for this log"
    case .cipherUnusable(let error): "the cipher cannot be used (\(error.call))"
    case .replayRefused(let position, let reason):
      "the record at position \(position.rawValue) could not be replayed: \(reason)"
    case .unexpectedPosition(let position, let expected):
      "a batch starts at position \(position.rawValue), not at \(expected.rawValue)"
    }
  }
}

extension LogDamage: CustomStringConvertible {
  public var description: String {
    guard LogSnapshot.position(of: fileName) == nil else {
      return "\(fileName): damaged at offset \(offset) (\(reason))"
    }
    let last = lastLostPosition.map { "to \($0.rawValue)" } ?? "on"
    return "\(fileName): damaged at offset \(offset) (\(reason)); "
      + "lost: positions \(firstLostPosition.rawValue) \(last). "
      + "Nothing has been changed: restore a backup, or let the log be repaired (RECOVERY.md)."
  }
}

/// Names the file in the error of a call on it; the name is made only then.
func attempt<Value: ~Copyable>(
  _ file: @autoclosure () -> String, _ body: () throws(SystemError) -> Value
) throws(LogError) -> Value {
  do throws(SystemError) {
    return try body()
  } catch {
    throw .system(error, file: file())
  }
}
