import Cryptography
import TransactionModel

extension LogWalk {
  /// Decides what stands behind the last whole batch of the last segment.
  mutating func decideEnd(
    _ reader: inout SegmentReader, _ fault: BlockFault?
  ) throws(LogError) -> UnfinishedBatch? {
    let claimed = catalog.control.tail
    let number = tail.segmentNumber
    if claimed.segmentNumber > number {
      throw missing(claimed.segmentNumber, upTo: claimed.lastPosition)
    }
    if claimed.segmentNumber == number, claimed.endOffset > tail.endOffset {
      throw damage(
        number, at: tail.endOffset, .batch(fault ?? .blank), upTo: claimed.lastPosition)
    }
    guard reader.byteCount == geometry.segmentByteCount || catalog.isLive else {
      throw damage(
        number, at: tail.endOffset, .fileCut(byteCount: reader.byteCount), upTo: nil)
    }
    // After a clean stop nothing was written behind the end that it names.
    if catalog.control.isCleanStop, claimed == tail { return nil }
    guard let fault else { return nil }
    guard fault.mayBeTorn else {
      throw damage(number, at: tail.endOffset, .batch(fault), upTo: nil)
    }
    guard let end = try reader.endOfNonZero(from: tail.endOffset) else { return nil }
    if let later = try laterBatch(&reader, before: end) {
      throw damage(
        number, at: tail.endOffset, .batch(fault),
        upTo: LogPosition(rawValue: later.firstPosition.rawValue - 1))
    }
    guard end <= tail.endOffset + geometry.batchByteCountMax else {
      throw damage(number, at: tail.endOffset, .bytesBeyondLastBatch, upTo: nil)
    }
    return try unfinishedBatch(&reader, end: end.roundedUp(to: geometry.alignment))
  }

  /// A batch written after the bad one, which proves that the bad one had been durable.
  private mutating func laterBatch(
    _ reader: inout SegmentReader, before end: Int
  ) throws(LogError) -> BatchHeader? {
    guard let segment else { return nil }
    var offset = tail.endOffset + geometry.alignment
    while offset < end {
      let outcome = try reader.batch(at: offset, of: segment, with: &computation)
      if case .success(let batch) = outcome { return batch.header }
      offset += geometry.alignment
    }
    return nil
  }

  private mutating func unfinishedBatch(
    _ reader: inout SegmentReader, end: Int
  ) throws(LogError) -> UnfinishedBatch {
    var lastPosition: LogPosition?
    let fields = try reader.headerFields(at: tail.endOffset, geometry: geometry)
    if case .success(let header) = fields, (try? header.check(following: tail)) != nil,
      header.cipher == .none
    {
      let start = try reader.load(tail.endOffset..<tail.endOffset + header.extentByteCount)
      lastPosition = Self.lastPosition(of: header, in: reader.bytes, at: start)
    }
    return UnfinishedBatch(
      segmentNumber: tail.segmentNumber, offset: tail.endOffset, endOffset: end,
      firstPosition: tail.lastPosition.next, lastPosition: lastPosition)
  }

  /// The last position of a batch that is not whole, when its records agree with its header.
  private static func lastPosition(
    of header: BatchHeader, in bytes: RawSpan, at start: Int
  ) -> LogPosition? {
    let contentStart = start + BatchHeader.byteCount
    guard contentStart + header.contentByteCount <= bytes.byteCount else { return nil }
    var content = bytes.extracting(contentStart..<contentStart + header.contentByteCount)
    var position = LogPosition(rawValue: header.firstPosition.rawValue - 1)
    while let record = LogRecordView(frontOf: content), record.position == position.next {
      position = position.next
      content = content.extracting(droppingFirst: record.extent)
    }
    return content.isEmpty && position == header.lastPosition ? position : nil
  }
}

/// Bytes behind the last whole batch: of a commit that was not finished, as far as can be told.
struct UnfinishedBatch: Equatable {
  let segmentNumber: UInt64
  let offset: Int
  let endOffset: Int
  let firstPosition: LogPosition
  /// From its own header, when that is readable and its records agree; nil when nothing tells, as
  /// when the records are encrypted: what cannot be proven is not opened.
  let lastPosition: LogPosition?
}
