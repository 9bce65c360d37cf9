/// The 32 bytes of a SHA-256 digest.
public struct SHA256Digest: Hashable, Sendable, BitwiseCopyable {
  public static let byteCount = 32

  /// What stands where no digest exists yet.
  public static let zero = SHA256Digest(words: (0, 0, 0, 0))

  private let word0: UInt64
  private let word1: UInt64
  private let word2: UInt64
  private let word3: UInt64

  /// Takes four big-endian words, first byte first.
  init(words: (UInt64, UInt64, UInt64, UInt64)) {
    (word0, word1, word2, word3) = words
  }

  /// Takes the 32 bytes at an offset.
  public init(_ bytes: RawSpan, at offset: Int = 0) {
    self.init(
      words: (
        bytes.bigEndian(at: offset), bytes.bigEndian(at: offset + 8),
        bytes.bigEndian(at: offset + 16), bytes.bigEndian(at: offset + 24)
      ))
  }

  /// Takes 64 hexadecimal digits.
  public init?(_ text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 64 else { return nil }
    let words = stride(from: 0, to: 64, by: 16).compactMap { start in
      digits[start] == 0x2B
        ? nil : UInt64(String(decoding: digits[start..<start + 16], as: UTF8.self), radix: 16)
    }
    guard words.count == 4 else { return nil }
    self.init(words: (words[0], words[1], words[2], words[3]))
  }

  /// Writes the 32 bytes at an offset.
  public func store(into bytes: inout MutableRawSpan, at offset: Int) {
    bytes.storeBytes(of: word0.bigEndian, toByteOffset: offset, as: UInt64.self)
    bytes.storeBytes(of: word1.bigEndian, toByteOffset: offset + 8, as: UInt64.self)
    bytes.storeBytes(of: word2.bigEndian, toByteOffset: offset + 16, as: UInt64.self)
    bytes.storeBytes(of: word3.bigEndian, toByteOffset: offset + 24, as: UInt64.self)
  }

  /// The first 16 bytes as a big-endian integer: a digest short enough to keep by the million.
  ///
  /// Nobody can find two contents that share it with fewer than about 2^64 tries.
  public var first128Bits: UInt128 { UInt128(word0) << 64 | UInt128(word1) }
}

extension SHA256Digest: CustomStringConvertible {
  /// 64 hexadecimal digits.
  public var description: String {
    [word0, word1, word2, word3].map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

extension RawSpan {
  /// Loads a big-endian integer; the offset need not be aligned, and is checked against the span.
  func bigEndian(at offset: Int) -> UInt64 {
    UInt64(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
