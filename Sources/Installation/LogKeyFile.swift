import Cryptography
import Foundation

/// The file with the keys of the log: each on a line, as 64 hexadecimal digits, the newest last.
///
/// In production it is a credential of the service manager, which keeps it encrypted at rest; the
/// file that the configuration names is for installations without one.
public enum LogKeyFile {
  /// The name of the file that `posd init` makes, and of the credential.
  public static let name = "log.key"
  private static let keyByteCount = 32

  /// Where the keys are: the credential where there is one, else the file that was configured.
  public static func path(configured: String) -> String { credentialPath ?? configured }

  /// The credential that the service manager has handed to this process.
  public static var credentialPath: String? {
    guard let directory = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"] else {
      return nil
    }
    let path = "\(directory)/\(name)"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// The content of a file at a path, or nil when it cannot be read.
  public static func text(at path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A file with one new key in it.
  static func newText() -> String {
    let digits = SecureRandom.bytes(count: keyByteCount).map {
      ($0 < 16 ? "0" : "") + String($0, radix: 16)
    }
    return """
      # The keys of posd's log, newest last. Without its key a log cannot be read by anybody: keep a
      # copy of this file apart from the log and from its backups.
      \(digits.joined())

      """
  }
}
