public import Cryptography

/// How the records of a segment are hidden.
public enum LogCipher: UInt8, Sendable {
  case none = 0
  case aes256GCM = 1
}

/// A master key of the log: 32 secret bytes, and the number by which segments name it.
public struct LogKey: Sendable {
  public static let byteCount = AES256GCM.keyByteCount

  /// Made from the key, so that a wrong key is known for one; never 0.
  public let identifier: UInt32
  let bytes: [UInt8]

  /// Takes 32 secret bytes.
  public init(bytes: [UInt8]) throws(CryptographyError) {
    precondition(bytes.count == Self.byteCount, "a log key has 32 bytes")
    let digits = try KeyDerivation.derive(
      key: bytes, salt: [], label: Array("posd log key identifier".utf8), byteCount: 4)
    identifier = max(1, digits.reduce(0) { $0 << 8 | UInt32($1) })
    self.bytes = bytes
  }
}

/// The keys of a log: the newest hides what is written from now on, older ones open what was.
///
/// As a file: one key on each line, as 64 hexadecimal digits, the newest last; lines that begin
/// with `#` are comments. To change the key is to append one: the next segment is written with it,
/// and every start begins a segment. A key may go when no segment, backup or snapshot names it.
public struct LogKeyring: Sendable {
  /// For a log in the clear: tests, and nothing that holds a person's data.
  public static let none = LogKeyring(keys: [])

  private let keys: [LogKey]

  public init(keys: [LogKey]) { self.keys = keys }

  /// Reads a key file.
  public init(text: String) throws(LogKeyringError) {
    var keys: [LogKey] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      guard !line.isEmpty, !line.hasPrefix("#") else { continue }
      guard let bytes = Self.bytes(line) else { throw .malformedLine(index + 1) }
      do throws(CryptographyError) {
        keys.append(try LogKey(bytes: bytes))
      } catch {
        throw .unusable(error)
      }
    }
    guard !keys.isEmpty else { throw .empty }
    guard Set(keys.map(\.identifier)).count == keys.count else { throw .repeated }
    self.keys = keys
  }

  /// A new key, as a line of a key file.
  public static func newKeyLine() -> String {
    SecureRandom.bytes(count: LogKey.byteCount).map {
      ($0 < 16 ? "0" : "") + String($0, radix: 16)
    }.joined()
  }

  public var isEmpty: Bool { keys.isEmpty }

  public var identifiers: [UInt32] { keys.map(\.identifier) }

  /// The key that new segments are written with; nil leaves them in the clear.
  var newest: LogKey? { keys.last }

  func key(_ identifier: UInt32) -> LogKey? { keys.first { $0.identifier == identifier } }

  static func bytes(_ line: Substring, count: Int = LogKey.byteCount) -> [UInt8]? {
    let digits = line.utf8.map { digit -> UInt8? in
      switch digit {
      case 0x30...0x39: digit - 0x30
      case 0x61...0x66: digit - 0x61 + 10
      case 0x41...0x46: digit - 0x41 + 10
      default: nil
      }
    }
    guard digits.count == 2 * count else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[index], let low = digits[index + 1] else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}

/// What is wrong with a key file; it never says what stands there.
public enum LogKeyringError: Error, Equatable, Sendable {
  case malformedLine(Int)
  case empty
  case repeated
  case unusable(CryptographyError)
}

extension LogKeyringError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .malformedLine(let line): "line \(line) is not a key of 64 hexadecimal digits"
    case .empty: "there is no key in it"
    case .repeated: "a key stands in it twice"
    case .unusable(let error): "libcrypto refuses a key (\(error.call))"
    }
  }
}
