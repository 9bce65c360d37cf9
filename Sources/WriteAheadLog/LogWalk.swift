import Cryptography
import LinuxSystem
import TransactionModel

/// Reads a log from its first segment to where it ends, proving every step.
///
/// The one procedure behind recovery, verification and streaming. LOG_FORMAT.md has it in words,
/// under "Deciding how a log ends".
struct LogWalk: ~Copyable {
  /// How far the log was proven whole.
  private(set) var tail: LogTail
  /// The tail before the last batch that was read.
  private(set) var previousTail: LogTail
  private(set) var totals = LogTotals()
  /// Closed segments whose files are longer than what belongs to them.
  private(set) var uncutSegments: [UInt64: Int] = [:]
  private(set) var readsPastPageCache = true

  private let storage: any LogStorage
  let catalog: LogCatalog
  private let replayAfter: LogPosition
  /// Where to stop, on the word of an earlier walk; nil to find the end.
  private let limit: LogTail?
  var computation = SHA256()

  init(
    _ storage: any LogStorage, catalog: LogCatalog, replayAfter: LogPosition,
    limit: LogTail? = nil
  ) {
    self.storage = storage
    self.catalog = catalog
    self.replayAfter = replayAfter
    self.limit = limit
    tail = LogTail(beginningOf: catalog.control.tail.history)
    previousTail = tail
  }

  /// Shows every record behind `replayAfter`; gives what stands behind the last whole batch.
  ///
  /// `progress` gets the totals so far before each segment.
  mutating func run(
    progress: (LogTotals) -> Void = { _ in }, _ visit: (LogRecordView) throws -> Void
  ) throws(LogError) -> UnfinishedBatch? {
    try checkStart()
    for (index, header) in catalog.begun.enumerated() {
      progress(totals)
      try enter(header, isFirst: index == 0)
      let next = index + 1 < catalog.begun.count ? catalog.begun[index + 1] : nil
      var reader = try SegmentReader(
        storage, name: LogFileName.segment(header.number),
        widestByteCount: geometry.batchByteCountMax,
        isDirect: next == nil && !catalog.isLive)
      totals.segmentCount += 1
      if let limit, limit.segmentNumber == header.number {
        guard try readBatches(&reader, upTo: limit.endOffset, visit) == nil, tail == limit else {
          throw damage(header.number, at: tail.endOffset, .endMismatch, upTo: limit.lastPosition)
        }
        return nil
      }
      if let next, next.number == header.number + 1 {
        try readClosed(&reader, upTo: next, visit)
      } else if let next {
        _ = try readBatches(&reader, upTo: geometry.segmentByteCount, visit)
        throw missing(header.number + 1, upTo: next.basePosition)
      } else {
        return try readLast(&reader, visit)
      }
    }
    return nil
  }

  var geometry: LogGeometry { catalog.control.geometry }

  // MARK: Segments

  private func checkStart() throws(LogError) {
    let claimed = catalog.control.tail
    guard let first = catalog.begun.first else {
      if claimed.segmentNumber == 0 { return }
      throw missing(claimed.segmentNumber, upTo: claimed.lastPosition)
    }
    guard first.number == 1 || first.basePosition <= replayAfter else {
      throw .startsTooLate(
        firstPosition: first.basePosition.next, neededPosition: replayAfter.next)
    }
  }

  /// Checks that a segment continues what was read so far.
  private mutating func enter(_ header: SegmentHeader, isFirst: Bool) throws(LogError) {
    // The control file knows the newest history, and the first segment may be of an older one.
    if isFirst { tail = LogTail(beginningOf: header.history) }
    let continues =
      header.predecessorNumber == tail.segmentNumber
      && header.predecessorEndOffset == tail.endOffset
      && header.predecessorLastPosition == tail.lastPosition
      && header.predecessorDigest == tail.digest
      && header.newestServerTimeMilliseconds == tail.newestServerTimeMilliseconds
    let staysInHistory =
      header.history == tail.history && header.basePosition == header.predecessorLastPosition
    let beginsHistory =
      header.history.parent == tail.history.identity
      && header.history.parentPosition == tail.lastPosition
      && header.basePosition == header.history.basePosition
    // Segments before the first may have been removed, behind a snapshot.
    guard isFirst && header.number > 1 || continues && (staysInHistory || beginsHistory) else {
      throw damage(header.number, at: 0, .predecessorMismatch, upTo: nil)
    }
    tail = LogTail(beginningOf: header)
    previousTail = tail
    try compareWithControl()
  }

  /// Reads a segment whose end its successor's header names.
  private mutating func readClosed(
    _ reader: inout SegmentReader, upTo next: SegmentHeader,
    _ visit: (LogRecordView) throws -> Void
  ) throws(LogError) {
    let end = next.predecessorEndOffset
    if let fault = try readBatches(&reader, upTo: end, visit) {
      throw damage(
        next.number - 1, at: tail.endOffset, .batch(fault), upTo: next.predecessorLastPosition)
    }
    guard tail.endOffset == end, tail.lastPosition == next.predecessorLastPosition,
      tail.digest == next.predecessorDigest
    else {
      throw damage(
        next.number - 1, at: tail.endOffset, .endMismatch, upTo: next.predecessorLastPosition)
    }
    if reader.byteCount > end { uncutSegments[next.number - 1] = end }
  }

  /// Reads the segment that may be unfinished.
  private mutating func readLast(
    _ reader: inout SegmentReader, _ visit: (LogRecordView) throws -> Void
  ) throws(LogError) -> UnfinishedBatch? {
    readsPastPageCache = reader.readsPastPageCache
    while true {
      let fault = try readBatches(&reader, upTo: geometry.segmentByteCount, visit)
      do throws(LogError) {
        return try decideEnd(&reader, fault)
      } catch {
        // A batch that was in flight is whole by the time anything stands behind it.
        guard catalog.isLive, try isWholeByNow(&reader) else { throw error }
      }
    }
  }

  private mutating func isWholeByNow(_ reader: inout SegmentReader) throws(LogError) -> Bool {
    reader.forget()
    let outcome = try reader.batch(
      at: tail.endOffset, kind: catalog.control.kind, geometry: geometry, with: &computation)
    guard case .success(let batch) = outcome else { return false }
    return (try? batch.header.check(following: tail)) != nil
  }

  // MARK: Batches

  /// Reads batch after batch; gives why it stopped before the end.
  private mutating func readBatches(
    _ reader: inout SegmentReader, upTo end: Int, _ visit: (LogRecordView) throws -> Void
  ) throws(LogError) -> BlockFault? {
    while tail.endOffset < end {
      let outcome = try reader.batch(
        at: tail.endOffset, kind: catalog.control.kind, geometry: geometry, with: &computation)
      switch outcome {
      case .failure(let fault):
        return fault
      case .success(let batch):
        do throws(BlockFault) {
          try batch.header.check(following: tail)
        } catch {
          return error
        }
        try readRecords(reader, batch, visit)
        previousTail = tail
        tail.advance(over: batch.header, digest: batch.digest)
        totals.batchCount += 1
        totals.byteCount += UInt64(batch.header.extentByteCount)
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
    totals.recordCount += UInt64(header.recordCount)
  }

  /// The control file names a place in the log: what stands there must be what it names.
  private func compareWithControl() throws(LogError) {
    let claimed = catalog.control.tail
    guard claimed.segmentNumber == tail.segmentNumber else { return }
    let isPast = previousTail.endOffset < claimed.endOffset && tail.endOffset > claimed.endOffset
    if isPast || tail.endOffset == claimed.endOffset && tail != claimed {
      throw damage(tail.segmentNumber, at: claimed.endOffset, .endMismatch, upTo: nil)
    }
  }

  // MARK: Damage

  func damage(
    _ number: UInt64, at offset: Int, _ reason: DamageReason, upTo last: LogPosition?
  ) -> LogError {
    let first = tail.lastPosition.next
    return .damaged(
      LogDamage(
        fileName: LogFileName.segment(number), offset: offset, reason: reason,
        firstLostPosition: first, lastLostPosition: last.flatMap { $0 >= first ? $0 : nil }))
  }

  func missing(_ number: UInt64, upTo last: LogPosition) -> LogError {
    damage(number, at: 0, .fileMissing, upTo: last)
  }
}

/// What was read of a log.
public struct LogTotals: Equatable, Sendable {
  public internal(set) var segmentCount = 0
  public internal(set) var batchCount: UInt64 = 0
  public internal(set) var recordCount: UInt64 = 0
  public internal(set) var byteCount: UInt64 = 0
}
