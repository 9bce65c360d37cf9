import Cryptography
import TransactionModel

/// The first block of a segment file: what the segment is and what came before it.
///
/// Little-endian; it fills the segment up to the first multiple of the alignment, zeros behind.
///
///      0  32  SHA-256 of the rest of the block
///     32   8  magic "POSDSEGM"
///     40   2  format version, 2
///     42   1  log kind: 1 state, 2 audit, 3 snapshot
///     43   1  environment
///     44   1  cipher: 0 none, 1 AES-256-GCM
///     45   3  zero
///     48   4  key identifier, 0 without cipher
///     52   4  alignment
///     56   8  segment byte count
///     64   4  most bytes of a batch
///     68   4  zero
///     72   8  segment number, from 1
///     80   8  created, milliseconds since 1970 UTC
///     88  16  history identity
///    104  16  parent history identity, 0 when there is none
///    120   8  parent position
///    128   8  position before the first one of this segment
///    136   8  predecessor: segment number, 0 when there is none
///    144   8  predecessor: end offset
///    152   8  predecessor: last position
///    160  32  predecessor: last digest
///    192   8  newest server time in the log so far, milliseconds since 1970 UTC
///    200   8  predecessor: number of batches
///    208  32  salt of the segment key, 0 without cipher
///    240  16  zero
struct SegmentHeader: Equatable {
  static let byteCount = 256
  private static let saltOffset = 208
  static let magic = SealedBlock.magic("POSDSEGM")

  var kind: LogKind
  var environment: UInt8
  var geometry: LogGeometry
  var number: UInt64
  var createdMilliseconds: UInt64
  var history: LogHistory
  var basePosition: LogPosition
  var predecessorNumber: UInt64
  var predecessorEndOffset: Int
  var predecessorBatchCount: UInt64
  var predecessorLastPosition: LogPosition
  var predecessorDigest: SHA256Digest
  var newestServerTimeMilliseconds: UInt64
  var cipher = LogCipher.none
  var keyIdentifier: UInt32 = 0
  /// What makes the key of this segment differ from all others.
  var salt = [UInt8](repeating: 0, count: SegmentCipher.saltByteCount)
  /// The digest of the header itself; the first batch names it as its predecessor's.
  var digest = SHA256Digest.zero

  /// Writes and seals the block at the front of `target`.
  mutating func store(into target: inout MutableRawSpan, with computation: inout SHA256) {
    let extent = geometry.headerExtent
    target.storeZeros(in: 0..<extent)
    target.store(Self.magic, at: 32)
    target.store(LogGeometry.formatVersion, at: 40)
    target.store(kind.rawValue, at: 42)
    target.store(environment, at: 43)
    target.store(predecessorBatchCount, at: 200)
    target.store(cipher.rawValue, at: 44)
    target.store(keyIdentifier, at: 48)
    target.store(UInt32(geometry.alignment), at: 52)
    target.store(UInt64(geometry.segmentByteCount), at: 56)
    target.store(UInt32(geometry.batchByteCountMax), at: 64)
    target.store(number, at: 72)
    target.store(createdMilliseconds, at: 80)
    target.store(history.identity.rawValue, at: 88)
    target.store(history.parent.rawValue, at: 104)
    target.store(history.parentPosition.rawValue, at: 120)
    target.store(basePosition.rawValue, at: 128)
    target.store(predecessorNumber, at: 136)
    target.store(UInt64(predecessorEndOffset), at: 144)
    target.store(predecessorLastPosition.rawValue, at: 152)
    predecessorDigest.store(into: &target, at: 160)
    target.store(newestServerTimeMilliseconds, at: 192)
    for (index, byte) in salt.enumerated() { target.store(byte, at: Self.saltOffset + index) }
    digest = SealedBlock.seal(&target, in: 0..<extent, with: &computation)
  }

  /// Reads a sealed block at the front of `source`.
  init(_ source: RawSpan, with computation: inout SHA256) throws(BlockFault) {
    guard source.byteCount >= Self.byteCount else { throw .tooShort }
    guard source.integer(at: 32) == Self.magic else { throw .noMagic }
    guard
      let geometry = LogGeometry(
        segmentByteCount: source.integer(at: 56), batchByteCountMax: source.integer(at: 64),
        alignment: source.integer(at: 52))
    else { throw .impossibleSizes }
    let extent = geometry.headerExtent
    guard source.byteCount >= extent else { throw .tooShort }
    guard
      let digest = SealedBlock.digest(ifIntact: source, in: 0..<extent, with: &computation)
    else { throw .digestMismatch }
    guard source.integer(at: 40) == LogGeometry.formatVersion else {
      throw .unknownVersion(source.integer(at: 40))
    }
    guard let kind = LogKind(rawValue: source.integer(at: 42)) else { throw .impossibleField }
    guard let cipher = LogCipher(rawValue: source.integer(at: 44)) else { throw .unknownCipher }
    keyIdentifier = source.integer(at: 48)
    guard source.isZero(in: 45..<48), source.isZero(in: 68..<72),
      source.isZero(in: Self.saltOffset + SegmentCipher.saltByteCount..<extent),
      (cipher == .none) == (keyIdentifier == 0),
      cipher != .none || source.isZero(in: Self.saltOffset..<240),
      let endOffset = Int(exactly: source.integer(at: 144, as: UInt64.self))
    else { throw .impossibleField }
    self.kind = kind
    environment = source.integer(at: 43)
    self.geometry = geometry
    number = source.integer(at: 72)
    createdMilliseconds = source.integer(at: 80)
    history = LogHistory(
      identity: HistoryIdentity(rawValue: source.integer(at: 88)),
      parent: HistoryIdentity(rawValue: source.integer(at: 104)),
      parentPosition: LogPosition(rawValue: source.integer(at: 120)))
    basePosition = LogPosition(rawValue: source.integer(at: 128))
    predecessorNumber = source.integer(at: 136)
    predecessorEndOffset = endOffset
    predecessorBatchCount = source.integer(at: 200)
    predecessorLastPosition = LogPosition(rawValue: source.integer(at: 152))
    predecessorDigest = SHA256Digest(source, at: 160)
    newestServerTimeMilliseconds = source.integer(at: 192)
    self.cipher = cipher
    salt = (0..<SegmentCipher.saltByteCount).map { source.integer(at: Self.saltOffset + $0) }
    self.digest = digest
  }

  init(
    kind: LogKind, environment: UInt8, geometry: LogGeometry, number: UInt64,
    createdMilliseconds: UInt64, history: LogHistory, following tail: LogTail
  ) {
    self.kind = kind
    self.environment = environment
    self.geometry = geometry
    self.number = number
    self.createdMilliseconds = createdMilliseconds
    self.history = history
    // A history of its own begins far above what was cut off.
    basePosition = max(tail.lastPosition, history.basePosition)
    predecessorNumber = tail.segmentNumber
    predecessorEndOffset = tail.endOffset
    predecessorBatchCount = tail.batchNumber
    predecessorLastPosition = tail.lastPosition
    predecessorDigest = tail.digest
    newestServerTimeMilliseconds = tail.newestServerTimeMilliseconds
  }
}

extension SegmentHeader {
  /// Whether the segment continues a log that ends so.
  func follows(_ tail: LogTail) -> Bool {
    let continues =
      predecessorNumber == tail.segmentNumber && predecessorEndOffset == tail.endOffset
      && predecessorBatchCount == tail.batchNumber && predecessorLastPosition == tail.lastPosition
      && predecessorDigest == tail.digest
      && newestServerTimeMilliseconds == tail.newestServerTimeMilliseconds
    let staysInHistory = history == tail.history && basePosition == predecessorLastPosition
    let beginsHistory =
      history.parent == tail.history.identity && history.parentPosition == tail.lastPosition
      && basePosition >= history.basePosition && basePosition.isHistoryBase
    return continues && (staysInHistory || beginsHistory)
  }

  /// Has the batches behind it encrypted.
  mutating func hide(with key: LogKey, salt: [UInt8]) {
    cipher = .aes256GCM
    keyIdentifier = key.identifier
    self.salt = salt
  }
}

/// Why a sealed block does not hold.
public enum BlockFault: Error, Hashable, Sendable {
  /// Nothing but zeros where a block should start.
  case blank
  case tooShort
  case noMagic
  case impossibleSizes
  case digestMismatch
  // From here on the digest is right: the block was written whole, and is wrong all the same.
  case unknownVersion(UInt16)
  case unknownCipher
  /// It does not open with the key that its segment names: somebody else sealed it.
  case undecipherable
  case impossibleField
  /// It belongs to another segment, another history or another log.
  case foreign
  /// It is not the one that should stand here, by number, position or digest of the one before.
  case outOfOrder
  case serverTimeGoesBack

  /// Whether a write that was cut short could have left this.
  var mayBeTorn: Bool {
    switch self {
    case .blank, .tooShort, .noMagic, .impossibleSizes, .digestMismatch: true
    default: false
    }
  }
}
