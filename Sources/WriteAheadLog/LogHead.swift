public import Cryptography
public import TransactionModel

/// The end of a log's chain of digests at some moment: it names every byte before it.
///
/// Noted down where the log's keeper cannot reach, it is evidence: a log that was changed, cut or
/// replaced since cannot have it any more. As text it is one line:
///
///     posd-log-head 1 HISTORY POSITION DIGEST
public struct LogHead: Hashable, Sendable {
  private static let prefix = "posd-log-head"
  private static let version = "1"

  public let history: HistoryIdentity
  /// The last position before it.
  public let position: LogPosition
  public let digest: SHA256Digest

  public init(history: HistoryIdentity, position: LogPosition, digest: SHA256Digest) {
    self.history = history
    self.position = position
    self.digest = digest
  }

  init(_ tail: LogTail) {
    self.init(history: tail.history.identity, position: tail.lastPosition, digest: tail.digest)
  }

  /// Takes the line, whatever white space is around its words.
  public init?(_ text: String) {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 5, words[0] == Self.prefix, words[1] == Self.version,
      words[2].utf8.count == 32, let history = UInt128(words[2], radix: 16),
      let position = UInt64(words[3]), let digest = SHA256Digest(String(words[4]))
    else { return nil }
    self.init(
      history: HistoryIdentity(rawValue: history), position: LogPosition(rawValue: position),
      digest: digest)
  }
}

extension LogHead: CustomStringConvertible {
  public var description: String {
    "\(Self.prefix) \(Self.version) \(history) \(position.rawValue) \(digest)"
  }
}
