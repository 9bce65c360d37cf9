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
  /// The segment that it is in; 0 in a log that has none.
  public var segmentNumber: UInt64 { tail.segmentNumber }
  public var head: LogHead { LogHead(tail) }
}

/// What the header of a snapshot says, and how large it is.
public struct SnapshotInformation: Sendable {
  public let name: String
  public let point: LogPoint
  public let createdMilliseconds: UInt64
  public let byteCount: Int
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
  /// What `body` built is of no worth when this throws: the last record is proven with the end. What
  /// is not whole is `damaged`; what is whole and of another environment `snapshotUnfit`.
  public static func read(
    directory path: String, _ name: String, keyring: LogKeyring, environment: UInt8,
    _ body: (LogRecordView) throws -> Void
  ) throws(LogError) -> LogPoint {
    try read(
      try LogInspector.storage(path), name, keyring: keyring, environment: environment, body)
  }

  package static func read(
    _ storage: any LogStorage, _ name: String, keyring: LogKeyring, environment: UInt8? = nil,
    _ body: (LogRecordView) throws -> Void
  ) throws(LogError) -> LogPoint {
    let (file, header) = try open(storage, name)
    guard environment == nil || environment == header.environment else {
      throw .snapshotUnfit(file: name, .environment(header.environment))
    }
    try keyring.check([header], in: name)
    let reader = try reader(file, header, name, openedBy: keyring)
    try reader.read { buffer, batch, offset throws(LogError) in
      try show(batch, in: buffer, name, offset, body)
    }
    return header.point
  }

  /// Proves that a snapshot is whole, without looking at what is encrypted.
  public static func prove(directory path: String, _ name: String) throws(LogError) {
    _ = try prove(try LogInspector.storage(path), name)
  }

  /// What the header of a snapshot says.
  public static func information(
    directory path: String, _ name: String
  ) throws(LogError) -> SnapshotInformation {
    let (file, header) = try open(try LogInspector.storage(path), name)
    let byteCount = try attempt(name) { () throws(SystemError) in try file.byteCount() }
    return SnapshotInformation(
      name: name, point: header.point, createdMilliseconds: header.createdMilliseconds,
      byteCount: byteCount)
  }

  /// Proves that a snapshot is whole, without looking at what is encrypted.
  static func prove(_ storage: any LogStorage, _ name: String) throws(LogError) -> LogPoint {
    let (file, header) = try open(storage, name)
    try reader(file, header, name, openedBy: nil).read { _, _, _ in }
    return header.point
  }

  /// The point that a snapshot's header names.
  static func point(_ storage: any LogStorage, _ name: String) throws(LogError) -> LogPoint {
    try open(storage, name).header.point
  }

  private static func open(
    _ storage: any LogStorage, _ name: String
  ) throws(LogError) -> (file: any LogStorageFile, header: SegmentHeader) {
    var computation = SHA256()
    let file = try attempt(name) { () throws(SystemError) in try storage.openFile(name, .readOnly) }
    var buffer = FileBuffer(byteCount: LogGeometry.alignmentMax)
    let count: Int
    do throws(SystemError) {
      count = try buffer.withOutput(in: 0..<LogGeometry.alignmentMax) {
        output throws(SystemError) in
        try file.read(at: 0, into: &output)
      }
    } catch {
      throw .system(error, file: name)
    }
    do throws(BlockFault) {
      let header = try SegmentHeader(buffer.bytes.extracting(first: count), with: &computation)
      guard header.kind == .snapshot, Self.name(of: header.predecessorLastPosition) == name,
        header.geometry.batchByteCountMax <= LogGeometry.batchByteCountMaxDefault
      else { throw .foreign }
      return (file, header)
    } catch {
      if case .unknownVersion(let version) = error { throw .otherVersion(version, file: name) }
      throw damage(name, 0, .header(error))
    }
  }

  private static func reader(
    _ file: any LogStorageFile, _ header: SegmentHeader, _ name: String,
    openedBy keyring: LogKeyring?
  ) throws(LogError) -> SnapshotReader {
    try attempt(name) { () throws(SystemError) in
      try SnapshotReader(file, byteCount: try file.byteCount(), header, openedBy: keyring)
    }
  }

  private static func show(
    _ batch: BatchHeader, in buffer: borrowing FileBuffer, _ name: String, _ offset: Int,
    _ body: (LogRecordView) throws -> Void
  ) throws(LogError) {
    let start = BatchHeader.byteCount
    var content = buffer.bytes.extracting(start..<start + batch.contentByteCount)
    var expected = batch.firstPosition
    while let record = LogRecordView(frontOf: content), record.position == expected {
      do { try body(record) } catch {
        throw .replayRefused(record.position, reason: "\(name): \(error)")
      }
      expected = expected.next
      content = content.extracting(droppingFirst: record.extent)
    }
    guard content.isEmpty, expected == batch.lastPosition.next else {
      throw damage(name, offset, .record)
    }
  }

  static func damage(_ name: String, _ offset: Int, _ reason: DamageReason) -> LogError {
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
