import Cryptography
import LinuxSystem
import TransactionModel

/// Reads a log from its first segment to where it ends, proving every step.
///
/// The one procedure behind recovery, verification and streaming. LOG_FORMAT.md has it in words,
/// under "Deciding how a log ends".
struct LogWalk: ~Copyable {
  /// How far the log was proven whole.
  var tail: LogTail
  /// The tail before the last batch that was read.
  var previousTail: LogTail
  var totals = LogTotals()
  /// Closed segments whose files are longer than what belongs to them.
  private(set) var uncutSegments: [UInt64: Int] = [:]
  private(set) var readsPastPageCache = true
  /// Whether every record could be looked at: not without the keys of an encrypted log.
  private(set) var hasReadRecords = true
  /// The segment that is being read.
  var segment: SegmentHeader?
  var cipher: SegmentCipher?

  private let storage: any LogStorage
  let catalog: LogCatalog
  /// Nil proves the log without looking at what is encrypted.
  let keyring: LogKeyring?
  let replayAfter: LogPosition
  /// Where to stop, on the word of an earlier walk; nil to find the end.
  private let limit: LogTail?
  /// Where to begin, on the word of an earlier walk; nil to begin at the first segment.
  let resume: LogTail?
  /// A batch with a record behind this position is not read, nor anything after it.
  let lastPosition: LogPosition?
  /// Whether it ended before such a batch.
  var hasReachedLast = false
  /// What is looked for on the way.
  var watch: LogWatch?
  /// The point of a snapshot whose records the caller has: nothing before its segment is read, and
  /// the log must have it.
  let origin: LogTail?
  var hasOrigin = false
  /// Points of snapshots to be looked for, and those of them that the log has.
  let marks: [LogTail]
  var metMarks: [LogTail] = []
  /// Where the segments end that were read to their ends, in order.
  private var segmentEnds: [SegmentExtent] = []
  var computation = SHA256()

  init(
    _ storage: any LogStorage, catalog: LogCatalog, keyring: LogKeyring?,
    replayAfter: LogPosition = .zero, limit: LogTail? = nil, resume: LogTail? = nil,
    lastPosition: LogPosition? = nil, watch: LogWatch? = nil, origin: LogTail? = nil,
    marks: [LogTail] = []
  ) {
    self.storage = storage
    self.keyring = keyring
    self.catalog = catalog
    self.replayAfter = replayAfter
    self.limit = limit
    self.resume = resume.flatMap { $0.segmentNumber > 0 ? $0 : nil }
    self.lastPosition = lastPosition
    self.watch = watch
    self.origin = origin.flatMap { $0.segmentNumber > 0 ? $0 : nil }
    self.marks = marks
    tail = LogTail(beginningOf: catalog.control.tail.history)
    previousTail = tail
  }

  /// Shows every record behind `replayAfter`; gives what stands behind the last whole batch.
  ///
  /// `progress` gets the totals so far before each segment.
  mutating func run(
    progress: (LogTotals) -> Void = { _ in }, _ visit: (LogRecordView) throws -> Void
  ) throws(LogError) -> UnfinishedBatch? {
    let start = try startIndex()
    try keyring?.check(Array(catalog.begun[start...]))
    let rest = try run(from: start, progress: progress, visit)
    if let origin, !hasOrigin, !hasReachedLast {
      throw .snapshotUnfit(
        file: LogSnapshot.name(of: origin.lastPosition), .newerThanLog(tail.lastPosition))
    }
    return rest
  }

  private mutating func run(
    from start: Int, progress: (LogTotals) -> Void, _ visit: (LogRecordView) throws -> Void
  ) throws(LogError) -> UnfinishedBatch? {
    for (index, header) in catalog.begun.enumerated().dropFirst(start) {
      if let lastPosition, header.basePosition > lastPosition {
        hasReachedLast = true
        return nil
      }
      progress(totals)
      if let resume, header.number == resume.segmentNumber {
        try takeUp(resume, in: header)
      } else {
        try enter(header, isFirst: index == start && !hasOrigin)
      }
      let next = index + 1 < catalog.begun.count ? catalog.begun[index + 1] : nil
      var reader = try SegmentReader(
        storage, name: LogFileName.segment(header.number),
        widestByteCount: geometry.batchByteCountMax,
        isDirect: next == nil && !catalog.isLive)
      totals.segmentCount += 1
      if let limit, limit.segmentNumber == header.number {
        let fault = try readBatches(&reader, upTo: limit.endOffset, visit)
        guard fault == nil, hasReachedLast || tail == limit else {
          throw damage(header.number, at: tail.endOffset, .endMismatch, upTo: limit.lastPosition)
        }
        return nil
      }
      if let next, next.number == header.number + 1 {
        try readClosed(&reader, upTo: next, visit)
        if hasReachedLast { return nil }
        segmentEnds.append(SegmentExtent(number: header.number, endOffset: tail.endOffset))
      } else if let next {
        _ = try readBatches(&reader, upTo: geometry.segmentByteCount, visit)
        if hasReachedLast { return nil }
        throw missing(header.number + 1, upTo: next.basePosition)
      } else {
        return try readLast(&reader, visit)
      }
    }
    return nil
  }

  var geometry: LogGeometry { catalog.control.geometry }

  /// What was proven, as parts of the files.
  var extent: LogExtent {
    var segments = segmentEnds
    if tail.segmentNumber > 0, segments.last?.number != tail.segmentNumber {
      segments.append(SegmentExtent(number: tail.segmentNumber, endOffset: tail.endOffset))
    }
    return LogExtent(segments: segments, tail: tail)
  }

  // MARK: Segments

  /// Goes on where an earlier walk ended.
  private mutating func takeUp(
    _ resume: LogTail, in header: SegmentHeader
  ) throws(LogError) {
    guard header.history == resume.history else {
      throw damage(header.number, at: 0, .predecessorMismatch, upTo: nil)
    }
    try begin(header, at: resume)
  }

  private mutating func begin(
    _ header: SegmentHeader, at place: LogTail
  ) throws(LogError) {
    tail = place
    previousTail = place
    segment = header
    cipher = try keyring?.cipher(of: header)
    if header.cipher != .none, keyring == nil { hasReadRecords = false }
    watch?.meet(place, at: 0, positions: nil)
    meetPoints()
    try meetOrigin()
  }

  /// Checks that a segment continues what was read so far.
  private mutating func enter(_ header: SegmentHeader, isFirst: Bool) throws(LogError) {
    // The control file knows the newest history, and the first segment may be of an older one.
    if isFirst { tail = LogTail(beginningOf: header.history) }
    // Segments before the first may have been removed, behind a snapshot.
    guard isFirst && header.number > 1 || header.follows(tail) else {
      throw damage(header.number, at: 0, .predecessorMismatch, upTo: nil)
    }
    // The point of a snapshot may be the end of one that was.
    if isFirst { meetPoints { header.follows($0) } }
    try begin(header, at: LogTail(beginningOf: header))
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
    if hasReachedLast { return }
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
      if hasReachedLast { return nil }
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
    guard let segment else { return false }
    let outcome = try reader.batch(at: tail.endOffset, of: segment, with: &computation)
    guard case .success(let batch) = outcome else { return false }
    return (try? batch.header.check(following: tail)) != nil
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
