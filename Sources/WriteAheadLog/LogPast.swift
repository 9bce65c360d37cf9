import Cryptography
import LinuxSystem
import TransactionModel

/// The closed segments of a log: what snapshots are made of, also while the log is written.
public enum LogPast {
  /// Shows the records of the closed segments that lie behind a snapshot, and gives their end.
  ///
  /// Nil when nothing was closed since; then nothing was shown.
  public static func replay(
    directory path: String, keyring: LogKeyring, behind point: LogPoint?,
    _ body: (LogRecordView) throws -> Void
  ) throws(LogError) -> LogPoint? {
    try replay(try LogInspector.storage(path), keyring: keyring, behind: point, body)
  }

  package static func replay(
    _ storage: any LogStorage, keyring: LogKeyring, behind point: LogPoint?,
    _ body: (LogRecordView) throws -> Void
  ) throws(LogError) -> LogPoint? {
    // As if its owner were at work, whether it is or not: the open segment is left alone.
    let catalog = try LogCatalog(storage, isLive: true)
    guard let end = catalog.endOfClosed,
      point.map({ $0.tail.segmentNumber < end.segmentNumber }) ?? true
    else { return nil }
    var walk = LogWalk(
      storage, catalog: catalog, keyring: keyring, replayAfter: point?.position ?? .zero,
      limit: end, origin: point?.tail)
    _ = try walk.run(body)
    return LogPoint(tail: walk.tail)
  }

  /// How many segments were closed, behind a snapshot if there is one.
  public static func closedCount(
    directory path: String, behind point: LogPoint?
  ) throws(LogError) -> Int {
    let catalog = try LogCatalog(try LogInspector.storage(path), isLive: true)
    guard let end = catalog.endOfClosed else { return 0 }
    return catalog.begun.count {
      $0.number <= end.segmentNumber && $0.number > point?.tail.segmentNumber ?? 0
    }
  }
}

extension LogCatalog {
  /// Where the last segment but the open one ends; nil when there is none.
  var endOfClosed: LogTail? {
    guard let open = begun.last,
      let closed = begun.first(where: { $0.number == open.predecessorNumber })
    else { return nil }
    var tail = LogTail(beginningOf: closed)
    tail.endOffset = open.predecessorEndOffset
    tail.batchNumber = open.predecessorBatchCount
    tail.lastPosition = open.predecessorLastPosition
    tail.digest = open.predecessorDigest
    tail.newestServerTimeMilliseconds = open.newestServerTimeMilliseconds
    return tail
  }
}
