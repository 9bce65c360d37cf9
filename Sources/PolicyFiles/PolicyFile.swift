import Cryptography
import LinuxSystem

/// A policy file as it was read: its name, its content, and the version that decisions name it by.
public struct PolicyFile: Hashable, Sendable {
  /// The most that a policy file may hold, so that a log record holds it whole.
  public static let byteCountMax = 256 << 10
  /// The most files that a directory may have.
  public static let countMax = 256

  public let name: String
  public let bytes: [UInt8]
  /// The first eight bytes of the SHA-256 of its content, the first byte highest.
  public let version: UInt64

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    version = UInt64(
      truncatingIfNeeded: SHA256.digest(of: bytes.rawBytes).first128Bits >> 64)
  }
}

extension PolicyFile {
  /// Reads the policy files of a directory, in the order of their names.
  ///
  /// A file whose name does not end with `.csv` is none. A file that is too large is a mistake,
  /// and so is a link, a pipe or anything else that is no regular file.
  public static func all(in path: String) throws(PolicyFilesError) -> [PolicyFile] {
    let directory = try reporting(path) { () throws(SystemError) in try Directory(path: path) }
    let names = try reporting(path) { () throws(SystemError) in
      try directory.names().filter { $0.hasSuffix(".csv") }.sorted()
    }
    guard names.count <= countMax else {
      throw .mistakes([PolicyMistake(path, "more than \(countMax) files")])
    }
    var files: [PolicyFile] = []
    var mistakes: [PolicyMistake] = []
    for name in names {
      let outcome = try reporting("\(path)/\(name)") { () throws(SystemError) in
        try content(of: name, in: directory)
      }
      switch outcome {
      case .bytes(let bytes): files.append(PolicyFile(name: name, bytes: bytes))
      case .unusable(let reason): mistakes.append(PolicyMistake(name, reason))
      }
    }
    guard mistakes.isEmpty else { throw .mistakes(mistakes) }
    return files
  }

  private enum Content {
    case bytes([UInt8])
    case unusable(String)
  }

  private static func content(
    of name: String, in directory: borrowing Directory
  ) throws(SystemError) -> Content {
    guard let file = try directory.openRegularFile(name) else {
      return .unusable("is no regular file")
    }
    var buffer = FileBuffer(byteCount: byteCountMax + 1)
    let count = try buffer.withOutput(in: 0..<byteCountMax + 1) {
      output throws(SystemError) in
      try file.read(at: 0, into: &output)
    }
    guard count <= byteCountMax else { return .unusable("longer than \(byteCountMax) bytes") }
    return .bytes(buffer.bytes.array(first: count))
  }

  private static func reporting<Value: ~Copyable>(
    _ path: String, _ body: () throws(SystemError) -> Value
  ) throws(PolicyFilesError) -> Value {
    do throws(SystemError) { return try body() } catch { throw .unreadable(path: path, error) }
  }
}
