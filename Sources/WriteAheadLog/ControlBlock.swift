import Cryptography
import TransactionModel

/// What the control file says: the sizes and identity of the log, and how far it was whole.
///
/// Little-endian; the file has two copies, at 0 and at 4096, each 4096 bytes with zeros behind the
/// fields. They are written in turn, so that a write that is cut short leaves the other.
///
///      0  32  SHA-256 of the rest of the copy
///     32   8  magic "POSDCTRL"
///     40   2  format version, 2
///     42   1  log kind: 1 state, 2 audit
///     43   1  environment
///     44   1  1 after a clean stop, otherwise 0
///     45   1  1 for a copy, which begins a history of its own before it is written to
///     46   2  zero
///     48   8  sequence; the valid copy with the larger one counts
///     56   4  alignment
///     60   4  most bytes of a batch
///     64   8  segment byte count
///     72  16  history identity
///     88  16  parent history identity
///    104   8  parent position
///    112   8  segment number, 0 before the first
///    120   8  end offset in it
///    128   8  number of the next batch in it
///    136   8  last position
///    144   8  newest server time, milliseconds since 1970 UTC
///    152  32  digest of the last batch, or of the segment's header before its first
///    184   8  given through, as of a copy's original; 0 where none is known
///    192      zero
struct ControlBlock: Equatable {
  static let byteCount = 4096
  static let magic = SealedBlock.magic("POSDCTRL")

  var kind: LogKind
  var environment: UInt8
  var geometry: LogGeometry
  var sequence: UInt64
  var isCleanStop: Bool
  /// A backup or what was restored: positions that it gives must not be those of the original.
  var isCopy = false
  /// Positions up to this one may have been given, in whatever history of the log: one that is begun
  /// lies above.
  var givenThrough = LogPosition.zero
  /// All up to here is durable; how much follows, it does not say.
  var tail: LogTail

  func store(into target: inout MutableRawSpan, with computation: inout SHA256) {
    target.storeZeros(in: 0..<Self.byteCount)
    target.store(Self.magic, at: 32)
    target.store(LogGeometry.formatVersion, at: 40)
    target.store(kind.rawValue, at: 42)
    target.store(environment, at: 43)
    target.store(UInt8(isCleanStop ? 1 : 0), at: 44)
    target.store(UInt8(isCopy ? 1 : 0), at: 45)
    target.store(sequence, at: 48)
    target.store(UInt32(geometry.alignment), at: 56)
    target.store(UInt32(geometry.batchByteCountMax), at: 60)
    target.store(UInt64(geometry.segmentByteCount), at: 64)
    target.store(tail.history.identity.rawValue, at: 72)
    target.store(tail.history.parent.rawValue, at: 88)
    target.store(tail.history.parentPosition.rawValue, at: 104)
    target.store(tail.segmentNumber, at: 112)
    target.store(UInt64(tail.endOffset), at: 120)
    target.store(tail.batchNumber, at: 128)
    target.store(tail.lastPosition.rawValue, at: 136)
    target.store(tail.newestServerTimeMilliseconds, at: 144)
    tail.digest.store(into: &target, at: 152)
    target.store(givenThrough.rawValue, at: 184)
    _ = SealedBlock.seal(&target, in: 0..<Self.byteCount, with: &computation)
  }

  /// The format version of the copy at an offset; nil when it does not hold.
  static func version(
    of source: RawSpan, at offset: Int, with computation: inout SHA256
  ) -> UInt16? {
    guard source.byteCount >= offset + Self.byteCount else { return nil }
    let copy = source.extracting(offset..<offset + Self.byteCount)
    guard copy.integer(at: 32) == Self.magic,
      SealedBlock.digest(ifIntact: copy, in: 0..<Self.byteCount, with: &computation) != nil
    else { return nil }
    return copy.integer(at: 40)
  }

  /// Reads the copy at an offset; nil when it does not hold.
  init?(_ source: RawSpan, at offset: Int, with computation: inout SHA256) {
    guard Self.version(of: source, at: offset, with: &computation) == LogGeometry.formatVersion
    else { return nil }
    let copy = source.extracting(offset..<offset + Self.byteCount)
    guard let kind = LogKind(rawValue: copy.integer(at: 42)),
      let geometry = LogGeometry(
        segmentByteCount: copy.integer(at: 64), batchByteCountMax: copy.integer(at: 60),
        alignment: copy.integer(at: 56)),
      copy.integer(at: 44, as: UInt8.self) <= 1, copy.integer(at: 45, as: UInt8.self) <= 1,
      copy.isZero(in: 46..<48),
      copy.isZero(in: 192..<Self.byteCount),
      let endOffset = Int(exactly: copy.integer(at: 120, as: UInt64.self))
    else { return nil }
    self.kind = kind
    self.geometry = geometry
    environment = copy.integer(at: 43)
    isCleanStop = copy.integer(at: 44, as: UInt8.self) == 1
    isCopy = copy.integer(at: 45, as: UInt8.self) == 1
    sequence = copy.integer(at: 48)
    let history = LogHistory(
      identity: HistoryIdentity(rawValue: copy.integer(at: 72)),
      parent: HistoryIdentity(rawValue: copy.integer(at: 88)),
      parentPosition: LogPosition(rawValue: copy.integer(at: 104)))
    tail = LogTail(beginningOf: history)
    tail.segmentNumber = copy.integer(at: 112)
    tail.endOffset = endOffset
    tail.batchNumber = copy.integer(at: 128)
    tail.lastPosition = LogPosition(rawValue: copy.integer(at: 136))
    tail.newestServerTimeMilliseconds = copy.integer(at: 144)
    tail.digest = SHA256Digest(copy, at: 152)
    givenThrough = LogPosition(rawValue: copy.integer(at: 184))
  }

  init(kind: LogKind, environment: UInt8, geometry: LogGeometry, tail: LogTail) {
    self.kind = kind
    self.environment = environment
    self.geometry = geometry
    self.tail = tail
    sequence = 0
    isCleanStop = true
  }
}
