import Cryptography
import TransactionModel

/// What hides the batches of one segment.
///
/// No nonce is used twice under a key. The key is made from the master key, from 32 bytes drawn
/// when the segment is begun, and from the segment's identity; the nonce is the batch's number in
/// the segment, which one process counts up, and a process whose write failed writes no more. No
/// later run appends to a segment, and one that takes up a file whose header was torn draws anew:
/// so a position that is given again after a crash is sealed under another key.
struct SegmentCipher: ~Copyable {
  static let saltByteCount = 32

  private var cipher: AES256GCM

  init(_ key: LogKey, _ header: SegmentHeader) throws(CryptographyError) {
    precondition(header.salt.count == Self.saltByteCount && header.keyIdentifier == key.identifier)
    var label = Array("posd log segment".utf8) + [header.kind.rawValue, header.environment]
    label += Self.bytes(header.history.identity.rawValue, count: 16)
    label += Self.bytes(UInt128(header.number), count: 8)
    let segmentKey = try KeyDerivation.derive(
      key: key.bytes, salt: header.salt, label: label, byteCount: AES256GCM.keyByteCount)
    cipher = try AES256GCM(key: segmentKey)
  }

  /// Hides a batch's records, whose header stands before them with digest and tag zero.
  mutating func seal(_ batch: inout MutableRawSpan, _ header: BatchHeader) {
    let tag = cipher.seal(
      &batch, content: Self.content(header, at: 0), header: 0..<BatchHeader.byteCount,
      nonce: AESGCMNonce(number: header.batchNumber))
    tag.store(into: &batch, at: BatchHeader.tagOffset)
  }

  /// Shows the records of a batch at an offset, in place; false when this is not how it was sealed.
  ///
  /// The digest and the tag in the header are zero afterwards.
  mutating func open(
    _ bytes: inout MutableRawSpan, _ header: BatchHeader, at offset: Int
  ) -> Bool {
    let tag = AESGCMTag(bytes.bytes, at: offset + BatchHeader.tagOffset)
    bytes.storeZeros(in: offset..<offset + SHA256Digest.byteCount)
    bytes.storeZeros(
      in: offset + BatchHeader.tagOffset..<offset + BatchHeader.tagOffset + AESGCMTag.byteCount)
    return cipher.open(
      &bytes, content: Self.content(header, at: offset),
      header: offset..<offset + BatchHeader.byteCount,
      nonce: AESGCMNonce(number: header.batchNumber), tag: tag)
  }

  private static func content(_ header: BatchHeader, at offset: Int) -> Range<Int> {
    let start = offset + BatchHeader.byteCount
    return start..<start + header.contentByteCount
  }

  private static func bytes(_ value: UInt128, count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt128($0))) }
  }
}

extension LogKeyring {
  /// Refuses a log with a segment that cannot be opened, or that nobody sealed.
  func check(_ segments: [SegmentHeader], in name: String? = nil) throws(LogError) {
    for header in segments {
      let file = name ?? LogFileName.segment(header.number)
      switch header.cipher {
      case .none:
        guard isEmpty else { throw .notEncrypted(file: file) }
      case .aes256GCM:
        guard key(header.keyIdentifier) != nil else {
          throw .keyUnknown(
            LogKeyName(identifier: header.keyIdentifier), file: file,
            known: identifiers.map(LogKeyName.init))
        }
      }
    }
  }

  /// What opens a segment; nil of one in the clear.
  func cipher(of header: SegmentHeader) throws(LogError) -> SegmentCipher? {
    guard header.cipher != .none else { return nil }
    guard let key = key(header.keyIdentifier) else {
      preconditionFailure("the keys were not checked")
    }
    do throws(CryptographyError) {
      return try SegmentCipher(key, header)
    } catch {
      throw .cipherUnusable(error)
    }
  }
}
