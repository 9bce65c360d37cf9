import Cryptography
import TransactionModel

/// The front of a batch, which is one group commit.
///
/// Little-endian. The records follow it without gaps, then zeros up to the extent, which is a
/// multiple of the segment's alignment. The digest covers all of the extent.
///
///      0  32  SHA-256 of the rest of the extent
///     32   8  magic "POSDBTCH"
///     40   2  format version, 2
///     42   1  log kind: 1 state, 2 audit
///     43   1  cipher: 0 none, 1 AES-256-GCM
///     44   4  key identifier, 0 without cipher
///     48  16  history identity
///     64   8  segment number
///     72   8  batch number within the segment, from 0
///     80   8  first position; of an empty batch, the one the next record will have
///     88   4  record count, may be 0
///     92   4  content byte count, the records' bytes
///     96   4  extent byte count, header and padding included
///    100   4  zero
///    104   8  newest server time in the log so far, milliseconds since 1970 UTC
///    112   8  audit log: the state log's durable position; otherwise 0
///    120   8  zero
///    128  32  digest of the batch before, or of the segment's header for batch 0
///    160  16  authentication tag, 0 without cipher
///    176  16  zero
///    192      records, hidden by the cipher
struct BatchHeader: Equatable {
  static let byteCount = 192
  static let tagOffset = 160
  static let magic = SealedBlock.magic("POSDBTCH")

  var kind: LogKind
  var cipher: LogCipher
  var keyIdentifier: UInt32
  var history: HistoryIdentity
  var segmentNumber: UInt64
  var batchNumber: UInt64
  var firstPosition: LogPosition
  var recordCount: Int
  var contentByteCount: Int
  var extentByteCount: Int
  var newestServerTimeMilliseconds: UInt64
  var stateLogPosition: LogPosition
  var previousDigest: SHA256Digest

  var lastPosition: LogPosition {
    LogPosition(rawValue: firstPosition.rawValue + UInt64(recordCount) - 1)
  }

  func store(into target: inout MutableRawSpan) {
    target.storeZeros(in: 0..<Self.byteCount)
    target.store(Self.magic, at: 32)
    target.store(LogGeometry.formatVersion, at: 40)
    target.store(kind.rawValue, at: 42)
    target.store(cipher.rawValue, at: 43)
    target.store(keyIdentifier, at: 44)
    target.store(history.rawValue, at: 48)
    target.store(segmentNumber, at: 64)
    target.store(batchNumber, at: 72)
    target.store(firstPosition.rawValue, at: 80)
    target.store(UInt32(recordCount), at: 88)
    target.store(UInt32(contentByteCount), at: 92)
    target.store(UInt32(extentByteCount), at: 96)
    target.store(newestServerTimeMilliseconds, at: 104)
    target.store(stateLogPosition.rawValue, at: 112)
    previousDigest.store(into: &target, at: 128)
  }

  /// Reads the fields without judging more of them than is needed to find the batch's end.
  init(fieldsOf source: RawSpan, at offset: Int, geometry: LogGeometry) throws(BlockFault) {
    guard source.byteCount - offset >= Self.byteCount else { throw .tooShort }
    guard !source.isZero(in: offset..<offset + Self.byteCount) else { throw .blank }
    guard source.integer(at: offset + 32) == Self.magic else { throw .noMagic }
    let contentByteCount = Int(source.integer(at: offset + 92, as: UInt32.self))
    let extentByteCount = Int(source.integer(at: offset + 96, as: UInt32.self))
    guard extentByteCount <= geometry.batchByteCountMax,
      extentByteCount == (Self.byteCount + contentByteCount).roundedUp(to: geometry.alignment)
    else { throw .impossibleSizes }
    // An unknown kind or cipher is caught by the comparison with the segment's.
    kind = LogKind(rawValue: source.integer(at: offset + 42)) ?? .state
    cipher = LogCipher(rawValue: source.integer(at: offset + 43)) ?? .none
    keyIdentifier = source.integer(at: offset + 44)
    history = HistoryIdentity(rawValue: source.integer(at: offset + 48))
    segmentNumber = source.integer(at: offset + 64)
    batchNumber = source.integer(at: offset + 72)
    firstPosition = LogPosition(rawValue: source.integer(at: offset + 80))
    recordCount = Int(source.integer(at: offset + 88, as: UInt32.self))
    self.contentByteCount = contentByteCount
    self.extentByteCount = extentByteCount
    newestServerTimeMilliseconds = source.integer(at: offset + 104)
    stateLogPosition = LogPosition(rawValue: source.integer(at: offset + 112))
    previousDigest = SHA256Digest(source, at: offset + 128)
  }

  /// Checks what no other batch decides; the digest is known to be right.
  func check(_ source: RawSpan, at offset: Int, of segment: SegmentHeader) throws(BlockFault) {
    let version: UInt16 = source.integer(at: offset + 40)
    guard version == LogGeometry.formatVersion else { throw .unknownVersion(version) }
    guard source.integer(at: offset + 42) == segment.kind.rawValue else { throw .foreign }
    guard source.integer(at: offset + 43) == segment.cipher.rawValue,
      keyIdentifier == segment.keyIdentifier
    else { throw .unknownCipher }
    let padding = offset + Self.byteCount + contentByteCount..<offset + extentByteCount
    let tagEnd = offset + Self.tagOffset + AESGCMTag.byteCount
    guard source.isZero(in: offset + 100..<offset + 104),
      source.isZero(in: offset + 120..<offset + 128),
      segment.cipher != .none || source.isZero(in: offset + Self.tagOffset..<tagEnd),
      source.isZero(in: tagEnd..<offset + Self.byteCount), source.isZero(in: padding),
      segment.kind == .audit || stateLogPosition == .zero
    else { throw .impossibleField }
  }

  /// Checks that this is the batch that must follow `tail`.
  func check(following tail: LogTail) throws(BlockFault) {
    guard history == tail.history.identity, segmentNumber == tail.segmentNumber else {
      throw .foreign
    }
    guard batchNumber == tail.batchNumber, firstPosition == tail.lastPosition.next,
      previousDigest == tail.digest
    else { throw .outOfOrder }
    guard newestServerTimeMilliseconds >= tail.newestServerTimeMilliseconds else {
      throw .serverTimeGoesBack
    }
  }
}

extension BatchHeader {
  init(
    following tail: LogTail, in segment: SegmentHeader, batch: borrowing LogBatch,
    extentByteCount: Int
  ) {
    kind = segment.kind
    cipher = segment.cipher
    keyIdentifier = segment.keyIdentifier
    history = tail.history.identity
    segmentNumber = tail.segmentNumber
    batchNumber = tail.batchNumber
    firstPosition = batch.firstPosition
    recordCount = batch.recordCount
    contentByteCount = batch.contentByteCount
    self.extentByteCount = extentByteCount
    newestServerTimeMilliseconds = max(
      tail.newestServerTimeMilliseconds, batch.newestServerTimeMilliseconds)
    stateLogPosition = batch.stateLogPosition
    previousDigest = tail.digest
  }
}
