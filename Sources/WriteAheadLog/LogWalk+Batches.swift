import Cryptography
import TransactionModel

extension LogWalk {
  // MARK: Batches

  /// Reads batch after batch; gives why it stopped before the end.
  mutating func readBatches(
    _ reader: inout SegmentReader, upTo end: Int, _ visit: (LogRecordView) throws -> Void
  ) throws(LogError) -> BlockFault? {
    guard let segment else { preconditionFailure("no segment was entered") }
    while tail.endOffset < end {
      let outcome = try reader.batch(at: tail.endOffset, of: segment, with: &computation)
      switch outcome {
      case .failure(let fault):
        return fault
      case .success(let batch):
        do throws(BlockFault) {
          try batch.header.check(following: tail)
        } catch {
          return error
        }
        if let lastPosition, batch.header.recordCount > 0,
          batch.header.lastPosition > lastPosition
        {
          hasReachedLast = true
          return nil
        }
        guard segment.cipher == .none || keyring == nil || open(batch, &reader) else {
          return .undecipherable
        }
        if segment.cipher == .none || keyring != nil { try readRecords(reader, batch, visit) }
        totals.recordCount += UInt64(batch.header.recordCount)
        previousTail = tail
        tail.advance(over: batch.header, digest: batch.digest)
        watch?.meet(
          tail, at: previousTail.endOffset,
          positions: (batch.header.firstPosition, batch.header.lastPosition))
        totals.batchCount += 1
        totals.byteCount += UInt64(batch.header.extentByteCount)
        meetPoints()
        try meetOrigin()
        try compareWithControl()
      }
    }
    return nil
  }

  private mutating func readRecords(
    _ reader: borrowing SegmentReader, _ batch: ProvenBatch,
    _ visit: (LogRecordView) throws -> Void
  ) throws(LogError) {
    let header = batch.header
    let start = batch.windowOffset + BatchHeader.byteCount
    var content = reader.bytes.extracting(start..<start + header.contentByteCount)
    var expected = header.firstPosition
    var newest = tail.newestServerTimeMilliseconds
    for _ in 0..<header.recordCount {
      guard let record = LogRecordView(frontOf: content), record.position == expected,
        record.serverTimeMilliseconds >= newest
      else { throw damage(tail.segmentNumber, at: tail.endOffset, .record, upTo: nil) }
      if record.position > replayAfter {
        do { try visit(record) } catch {
          throw .replayRefused(record.position, reason: "\(error)")
        }
      }
      newest = record.serverTimeMilliseconds
      expected = expected.next
      content = content.extracting(droppingFirst: record.extent)
    }
    guard content.isEmpty, newest == header.newestServerTimeMilliseconds else {
      throw damage(tail.segmentNumber, at: tail.endOffset, .record, upTo: nil)
    }
  }

  private mutating func open(_ batch: ProvenBatch, _ reader: inout SegmentReader) -> Bool {
    guard var cipher = cipher.take() else { preconditionFailure("no cipher of the segment") }
    let isOpen = reader.open(batch, with: &cipher)
    self.cipher = consume cipher
    return isOpen
  }

  /// The control file names a place in the log: what stands there must be what it names.
  func compareWithControl() throws(LogError) {
    let claimed = catalog.control.tail
    guard claimed.segmentNumber == tail.segmentNumber else { return }
    let isPast = previousTail.endOffset < claimed.endOffset && tail.endOffset > claimed.endOffset
    if isPast || tail.endOffset == claimed.endOffset && tail != claimed {
      throw damage(tail.segmentNumber, at: claimed.endOffset, .endMismatch, upTo: nil)
    }
  }
}
