/// The 12 bytes that make one sealing differ from all others under the same key.
///
/// They are not secret. A nonce of random bytes is safe for some 2^32 sealings under a key, one
/// that counts for all of them.
public struct AESGCMNonce: Hashable, Sendable {
  public static let byteCount = 12

  /// In the order of their bytes.
  let words: (UInt32, UInt32, UInt32)

  /// Four bytes that name a place, such as a zero or a thread, and eight that count in it.
  public init(prefix: UInt32 = 0, number: UInt64) {
    words = (
      prefix.bigEndian, UInt32(truncatingIfNeeded: number >> 32).bigEndian,
      UInt32(truncatingIfNeeded: number).bigEndian
    )
  }

  /// Takes the 12 bytes at an offset.
  public init(_ bytes: RawSpan, at offset: Int = 0) {
    let high = bytes.bigEndian(at: offset)
    let low = bytes.bigEndian(at: offset + 4)
    self.init(prefix: UInt32(high >> 32), number: high << 32 | low & 0xFFFF_FFFF)
  }

  /// A random one.
  public static func random() -> AESGCMNonce {
    let bits = SecureRandom.identity()
    return AESGCMNonce(
      prefix: UInt32(truncatingIfNeeded: bits >> 64), number: UInt64(truncatingIfNeeded: bits))
  }

  /// Writes the 12 bytes at an offset.
  public func store(into bytes: inout MutableRawSpan, at offset: Int) {
    bytes.storeBytes(of: words.0, toByteOffset: offset, as: UInt32.self)
    bytes.storeBytes(of: words.1, toByteOffset: offset + 4, as: UInt32.self)
    bytes.storeBytes(of: words.2, toByteOffset: offset + 8, as: UInt32.self)
  }

  public static func == (left: Self, right: Self) -> Bool { left.words == right.words }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
  }
}

/// The 16 bytes that prove sealed content and its associated data unchanged.
public struct AESGCMTag: Equatable, Sendable {
  public static let byteCount = 16

  /// In the order of their bytes.
  let words: (UInt64, UInt64)

  init(words: (UInt64, UInt64)) { self.words = words }

  /// Takes the 16 bytes at an offset.
  public init(_ bytes: RawSpan, at offset: Int = 0) {
    words = (bytes.bigEndian(at: offset).bigEndian, bytes.bigEndian(at: offset + 8).bigEndian)
  }

  /// Writes the 16 bytes at an offset.
  public func store(into bytes: inout MutableRawSpan, at offset: Int) {
    bytes.storeBytes(of: words.0, toByteOffset: offset, as: UInt64.self)
    bytes.storeBytes(of: words.1, toByteOffset: offset + 8, as: UInt64.self)
  }

  public static func == (left: Self, right: Self) -> Bool { left.words == right.words }
}
