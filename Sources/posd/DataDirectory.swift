import Cryptography
import Foundation
import LinuxSystem
import TransactionEngine
import WriteAheadLog

/// What the data directory of an installation holds.
///
///     confirmation.key   32 random bytes that make confirmation numbers unguessable; the directory
///                        without it is no backup
///     log/               the state log (LOG_FORMAT.md)
struct DataDirectory {
  static let keyByteCount = 32

  let path: String

  var logDirectory: String { path + "/log" }
  var confirmationKeyFile: String { path + "/confirmation.key" }

  /// Makes key and log directory in a data directory that holds neither.
  func create() throws -> [UInt8] {
    let manager = FileManager.default
    try manager.createDirectory(
      atPath: logDirectory, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    guard !manager.fileExists(atPath: confirmationKeyFile) else {
      throw DaemonError.keyExists(confirmationKeyFile)
    }
    let key = SecureRandom.bytes(count: Self.keyByteCount)
    guard
      manager.createFile(
        atPath: confirmationKeyFile, contents: Data(key), attributes: [.posixPermissions: 0o600])
    else { throw DaemonError.keyNotWritten(confirmationKeyFile) }
    return key
  }

  /// The key that confirmation numbers are made with.
  func confirmationKey() throws(DaemonError) -> [UInt8] {
    guard let contents = FileManager.default.contents(atPath: confirmationKeyFile) else {
      throw .keyMissing(confirmationKeyFile)
    }
    guard contents.count == Self.keyByteCount else {
      throw .keyMalformed(confirmationKeyFile, byteCount: contents.count)
    }
    return Array(contents)
  }
}

/// Why the daemon does not start, beside what log, server and configuration say themselves.
enum DaemonError: Error, CustomStringConvertible {
  case keyExists(String)
  case keyNotWritten(String)
  case keyMissing(String)
  case keyMalformed(String, byteCount: Int)
  case logUnusable(String, LogError)
  case setClockUnusable

  var description: String {
    switch self {
    case .keyExists(let file):
      "\(file) exists already: posd init makes a new installation in an empty directory only"
    case .keyNotWritten(let file): "\(file) cannot be written: see the directory's permissions"
    case .keyMissing(let file):
      "\(file) is missing: it is part of every backup, restore it beside the log"
    case .keyMalformed(let file, let byteCount):
      "\(file) has \(byteCount) bytes, not \(DataDirectory.keyByteCount): restore it from a backup"
    case .logUnusable(let directory, let error): "\(directory): \(error)"
    case .setClockUnusable: "clock.start is for the test environment only"
    }
  }
}
