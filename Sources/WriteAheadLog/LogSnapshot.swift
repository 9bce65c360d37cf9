import Cryptography
import LinuxSystem
public import TransactionModel

/// A place in a log that replay can begin at: the end of a batch, and what the next must match.
public struct LogPoint: Equatable, Sendable {
  let tail: LogTail

  /// The last position before it.
  public var position: LogPosition { tail.lastPosition }
  public var newestServerTimeMilliseconds: UInt64 { tail.newestServerTimeMilliseconds }
  public var history: LogHistory { tail.history }
  public var head: LogHead { LogHead(tail) }
}

/// The state that a log had built at a point, as records, in a file of its own.
///
/// It is laid out, sealed, chained and encrypted as a segment is (LOG_FORMAT.md), of the kind
/// snapshot: the header's predecessor is the point in the log, records are counted from 1, and the
/// first batch without records is its end, with nothing behind it. So it is whole or it is refused,
/// and there is no second format and no second reader.
public enum LogSnapshot {
  private static let suffix = ".snapshot"
  private static let digitCount = 20
  /// The most bytes of a file of it.
  static let byteCountMax = 1 << 40

  /// The names of the snapshots in a directory, newest first.
  public static func names(directory path: String) throws(LogError) -> [String] {
    try names(try LogInspector.storage(path))
  }

  package static func names(_ storage: any LogStorage) throws(LogError) -> [String] {
    let names = try attempt(LogFileName.directory) { () throws(SystemError) in
      try storage.names()
    }
    return names.filter { position(of: $0) != nil }.sorted(by: >)
  }

  /// The position that a file's name says it stands for.
  public static func position(of name: String) -> LogPosition? {
    guard name.hasSuffix(suffix), name.count == digitCount + suffix.count else { return nil }
    return UInt64(name.dropLast(suffix.count)).map(LogPosition.init)
  }

  static func name(of position: LogPosition) -> String {
    let digits = String(position.rawValue)
    return String(repeating: "0", count: digitCount - digits.count) + digits + suffix
  }

  /// Shows the records of a snapshot in order, and gives the point where the log goes on.
  ///
  /// What `body` built is of no worth when this throws: the last record is proven with the end.
  public static func read(
    directory path: String, _ name: String, keyring: LogKeyring,
    _ body: (LogRecordView) throws -> Void
  ) throws(LogError) -> LogPoint {
    try read(try LogInspector.storage(path), name, keyring: keyring, body)
  }

  package static func read(
    _ storage: any LogStorage, _ name: String, keyring: LogKeyring,
    _ body: (LogRecordView) throws -> Void
  ) throws(LogError) -> LogPoint {
    var computation = SHA256()
    var reader = try SegmentReader(
      storage, name: name, widestByteCount: LogGeometry.batchByteCountMaxDefault, isDirect: true)
    let start = try reader.load(0..<LogGeometry.alignmentMax)
    let header: SegmentHeader
    do throws(BlockFault) {
      header = try SegmentHeader(
        reader.bytes.extracting(droppingFirst: start), with: &computation)
      guard header.kind == .snapshot,
        Self.name(of: header.predecessorLastPosition) == name,
        header.geometry.batchByteCountMax <= LogGeometry.batchByteCountMaxDefault
      else { throw .foreign }
    } catch {
      throw damage(name, 0, .header(error))
    }
    try keyring.check([header], in: name)
    var cipher = try keyring.cipher(of: header)
    var tail = LogTail(beginningOf: header)
    while true {
      let batch = try nextBatch(&reader, header, tail, &cipher, &computation)
      if batch.header.recordCount == 0 {
        guard batch.header.contentByteCount == 0,
          tail.endOffset + batch.header.extentByteCount == reader.byteCount
        else { throw damage(name, tail.endOffset, .endMismatch) }
        return header.point
      }
      try show(batch, in: reader, body)
      tail.advance(over: batch.header, digest: batch.digest)
    }
  }

  private static func nextBatch(
    _ reader: inout SegmentReader, _ header: SegmentHeader, _ tail: LogTail,
    _ cipher: inout SegmentCipher?, _ computation: inout SHA256
  ) throws(LogError) -> ProvenBatch {
    let outcome = try reader.batch(at: tail.endOffset, of: header, with: &computation)
    do throws(BlockFault) {
      let batch = try outcome.get()
      try batch.header.check(following: tail)
      guard header.cipher != .none else { return batch }
      guard var own = cipher.take() else { preconditionFailure("no cipher of the snapshot") }
      let isOpen = reader.open(batch, with: &own)
      cipher = consume own
      guard isOpen else { throw .undecipherable }
      return batch
    } catch {
      throw damage(reader.name, tail.endOffset, .batch(error))
    }
  }

  private static func show(
    _ batch: ProvenBatch, in reader: borrowing SegmentReader,
    _ body: (LogRecordView) throws -> Void
  ) throws(LogError) {
    let start = batch.windowOffset + BatchHeader.byteCount
    var content = reader.bytes.extracting(start..<start + batch.header.contentByteCount)
    var expected = batch.header.firstPosition
    while let record = LogRecordView(frontOf: content), record.position == expected {
      do { try body(record) } catch {
        throw .replayRefused(record.position, reason: "\(error)")
      }
      expected = expected.next
      content = content.extracting(droppingFirst: record.extent)
    }
    guard content.isEmpty, expected == batch.header.lastPosition.next else {
      throw damage(reader.name, 0, .record)
    }
  }

  private static func damage(_ name: String, _ offset: Int, _ reason: DamageReason) -> LogError {
    .damaged(
      LogDamage(
        fileName: name, offset: offset, reason: reason, firstLostPosition: .zero,
        lastLostPosition: nil))
  }
}

extension SegmentHeader {
  /// The point of the log that a snapshot stands for.
  fileprivate var point: LogPoint {
    var tail = LogTail(beginningOf: history)
    tail.segmentNumber = predecessorNumber
    tail.endOffset = predecessorEndOffset
    tail.batchNumber = predecessorBatchCount
    tail.lastPosition = predecessorLastPosition
    tail.digest = predecessorDigest
    tail.newestServerTimeMilliseconds = newestServerTimeMilliseconds
    return LogPoint(tail: tail)
  }
}
