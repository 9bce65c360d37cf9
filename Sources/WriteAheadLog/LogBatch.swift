import Cryptography
import LinuxSystem
public import TransactionModel

/// Records that are to become durable together: the unit of commit.
///
/// It is as large as it will ever be when made, and filling, sealing and emptying it allocates
/// nothing. Two of them go round: the engine fills one while the other is on its way to the disk.
public struct LogBatch: ~Copyable, Sendable {
  /// The number of records it holds.
  public private(set) var recordCount = 0

  /// The position its first record has or will have.
  public private(set) var firstPosition: LogPosition

  /// The server time of the last record appended here or before.
  public private(set) var newestServerTimeMilliseconds: UInt64

  /// For the batches of an audit log: the state log's durable position.
  public var stateLogPosition = LogPosition.zero

  var buffer: FileBuffer
  private var contentEnd = BatchHeader.byteCount

  /// Makes an empty batch that continues behind a position.
  ///
  /// - Parameters:
  ///   - byteCapacity: header and padding included; not more than the log's geometry allows.
  ///   - position: the last one given out; what recovery reports at start.
  ///   - newestServerTimeMilliseconds: of the last record; what recovery reports at start.
  public init(
    byteCapacity: Int = LogGeometry.batchByteCountMaxDefault, after position: LogPosition,
    newestServerTimeMilliseconds: UInt64
  ) {
    precondition(byteCapacity >= BatchHeader.byteCount)
    buffer = FileBuffer(byteCount: byteCapacity)
    firstPosition = position.next
    self.newestServerTimeMilliseconds = newestServerTimeMilliseconds
  }

  public var isEmpty: Bool { recordCount == 0 }

  /// The position of its last record; when it is empty, of the one before.
  public var lastPosition: LogPosition {
    LogPosition(rawValue: firstPosition.rawValue + UInt64(recordCount) - 1)
  }

  /// The most it can hold, header and padding included.
  public var byteCapacity: Int { buffer.byteCount }

  /// The bytes of its records.
  var contentByteCount: Int { contentEnd - BatchHeader.byteCount }

  /// Whether a record with a body of so many bytes still fits.
  public func hasRoom(bodyByteCount: Int) -> Bool {
    contentEnd + LogRecordView.extent(bodyByteCount: bodyByteCount) <= byteCapacity
  }

  /// Appends a record and gives its position, or nil when it may not fit.
  ///
  /// On nil nothing has changed and `body` was not called: the caller wakes the committer, which
  /// exchanges the batch for an empty one, and tries again later.
  ///
  /// - Parameters:
  ///   - kind: not 0.
  ///   - serverTimeMilliseconds: not less than that of any record before.
  ///   - maximumByteCount: the most that `body` writes; what it does not use is not taken.
  ///   - body: writes the record's body.
  /// - Returns: the position; it may be told to nobody before it is durable.
  public mutating func append(
    kind: UInt16, serverTimeMilliseconds: UInt64, maximumByteCount: Int,
    _ body: (inout OutputRawSpan) -> Void
  ) -> LogPosition? {
    precondition(kind != 0, "record kind 0")
    precondition(
      serverTimeMilliseconds >= newestServerTimeMilliseconds, "server time goes back in the log")
    guard hasRoom(bodyByteCount: maximumByteCount) else { return nil }
    let position = lastPosition.next
    let start = contentEnd
    let bodyStart = start + LogRecordView.headerByteCount
    let byteCount = buffer.withOutput(in: bodyStart..<bodyStart + maximumByteCount, body)
    let end = start + LogRecordView.extent(bodyByteCount: byteCount)
    var bytes = buffer.mutableBytes
    bytes.store(UInt32(byteCount), at: start)
    bytes.store(kind, at: start + 4)
    bytes.store(UInt16(0), at: start + 6)
    bytes.store(position.rawValue, at: start + 8)
    bytes.store(serverTimeMilliseconds, at: start + 16)
    bytes.storeZeros(in: bodyStart + byteCount..<end)
    contentEnd = end
    recordCount += 1
    newestServerTimeMilliseconds = serverTimeMilliseconds
    return position
  }

  /// Empties it, to continue behind a position.
  public mutating func reset(after position: LogPosition, newestServerTimeMilliseconds: UInt64) {
    recordCount = 0
    firstPosition = position.next
    self.newestServerTimeMilliseconds = newestServerTimeMilliseconds
    stateLogPosition = .zero
    contentEnd = BatchHeader.byteCount
  }

  /// Puts the spare batch in the place of this one, to continue behind it.
  ///
  /// All that a `BatchSource` does, under its lock: what was staged is in `spare` afterwards.
  public mutating func exchange(with spare: inout LogBatch) {
    swap(&self, &spare)
    reset(
      after: spare.lastPosition, newestServerTimeMilliseconds: spare.newestServerTimeMilliseconds)
  }

  /// Writes the header and the padding, hides the records, and digests all of the extent.
  ///
  /// With a cipher the records cannot be read in here any more.
  mutating func seal(
    _ header: BatchHeader, _ cipher: inout SegmentCipher?, with computation: inout SHA256
  ) -> SHA256Digest {
    precondition(header.extentByteCount <= byteCapacity, "batch capacity not aligned")
    let padding = contentEnd..<header.extentByteCount
    var bytes = buffer.mutableBytes
    header.store(into: &bytes)
    bytes.storeZeros(in: padding)
    cipher?.seal(&bytes, header)
    return SealedBlock.seal(&bytes, in: 0..<header.extentByteCount, with: &computation)
  }
}
