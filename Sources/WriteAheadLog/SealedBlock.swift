import Cryptography

/// A piece of the log that proves itself: its first 32 bytes are the SHA-256 of all behind them.
///
/// Segment headers, batches and the copies in the control file are sealed alike, padding included,
/// so that no bit of them can change unnoticed. Behind the digest stand 8 bytes that name the kind.
enum SealedBlock {
  static let magicOffset = SHA256Digest.byteCount
  static let contentOffset = magicOffset + 8

  /// Makes a magic number of eight ASCII characters, first character first in the file.
  static func magic(_ text: StaticString) -> UInt64 {
    precondition(text.utf8CodeUnitCount == 8)
    return text.description.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  static func seal(
    _ block: inout MutableRawSpan, in range: Range<Int>, with computation: inout SHA256
  ) -> SHA256Digest {
    let sealed = range.lowerBound + magicOffset..<range.upperBound
    let digest = computation.digest(of: block.bytes.extracting(sealed))
    digest.store(into: &block, at: range.lowerBound)
    return digest
  }

  /// The digest a block carries, when it is right.
  static func digest(
    ifIntact block: RawSpan, in range: Range<Int>, with computation: inout SHA256
  ) -> SHA256Digest? {
    let sealed = range.lowerBound + magicOffset..<range.upperBound
    let carried = SHA256Digest(block, at: range.lowerBound)
    return computation.digest(of: block.extracting(sealed)) == carried ? carried : nil
  }
}
