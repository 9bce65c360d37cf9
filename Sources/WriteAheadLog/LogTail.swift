import Cryptography
import TransactionModel

/// How far a log is known to be whole: the end of one batch and all that the next one must match.
struct LogTail: Equatable {
  var history: LogHistory
  /// The segment, 0 before the first.
  var segmentNumber: UInt64
  /// Where the next batch of the segment goes.
  var endOffset: Int
  /// The number the next batch of the segment will have.
  var batchNumber: UInt64
  var lastPosition: LogPosition
  /// The digest of the last batch, or of the segment's header before its first.
  var digest: SHA256Digest
  var newestServerTimeMilliseconds: UInt64

  /// The tail of a log that has no segment yet.
  init(beginningOf history: LogHistory) {
    self.history = history
    segmentNumber = 0
    endOffset = 0
    batchNumber = 0
    lastPosition = history.basePosition
    digest = .zero
    newestServerTimeMilliseconds = 0
  }

  /// The tail of a segment that has no batch yet.
  init(beginningOf header: SegmentHeader) {
    history = header.history
    segmentNumber = header.number
    endOffset = header.geometry.headerExtent
    batchNumber = 0
    lastPosition = header.basePosition
    digest = header.digest
    newestServerTimeMilliseconds = header.newestServerTimeMilliseconds
  }

  /// The tail behind one more batch.
  mutating func advance(over header: BatchHeader, digest: SHA256Digest) {
    endOffset += header.extentByteCount
    batchNumber += 1
    lastPosition = LogPosition(rawValue: lastPosition.rawValue + UInt64(header.recordCount))
    self.digest = digest
    newestServerTimeMilliseconds = header.newestServerTimeMilliseconds
  }
}
