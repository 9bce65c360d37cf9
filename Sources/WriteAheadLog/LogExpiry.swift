import LinuxSystem
public import TransactionModel

/// The oldest segments of an audit log, which nothing stands for and which go by their age.
public enum LogExpiry {
  /// Removes the closed segments whose newest record is older than a period; gives how many.
  ///
  /// The oldest go first, each removal durable before the next, so that whatever ends the process
  /// leaves no gap. A log of any other kind is refused: its segments go behind snapshots only.
  public static func removeSegments(
    directory path: String, keeping milliseconds: UInt64, at now: Instant
  ) throws(LogError) -> Int {
    try removeSegments(try LogInspector.storage(path), keeping: milliseconds, at: now)
  }

  /// The log's own time bounds what a clock may say that is ahead: its age alone removes nothing.
  package static func removeSegments(
    _ storage: any LogStorage, keeping milliseconds: UInt64, at now: Instant
  ) throws(LogError) -> Int {
    let catalog = try LogCatalog(storage, isLive: true)
    let newest = min(now.milliseconds, catalog.begun.last?.newestServerTimeMilliseconds ?? 0)
    guard newest > milliseconds else { return 0 }
    return try removeSegments(
      storage, olderThan: Instant(milliseconds: newest - milliseconds))
  }

  package static func removeSegments(
    _ storage: any LogStorage, olderThan time: Instant
  ) throws(LogError) -> Int {
    let catalog = try LogCatalog(storage, isLive: true)
    guard catalog.control.kind == .audit else {
      throw .foreignLog(kind: catalog.control.kind, environment: catalog.control.environment)
    }
    var count = 0
    for (header, next) in zip(catalog.begun, catalog.begun.dropFirst()) {
      // The header behind a segment says how new the segment's newest record is.
      guard next.newestServerTimeMilliseconds < time.milliseconds else { break }
      try storage.removeDurably(LogFileName.segment(header.number))
      count += 1
    }
    return count
  }
}

extension LogInspector {
  /// What a log says it is for, without reading more of it.
  public static func kind(directory path: String) throws(LogError) -> LogKind {
    try LogCatalog(try storage(path), isLive: true).control.kind
  }

  /// The beginning of the last segment but one, or of the only one, so that a start need not read
  /// years of records.
  ///
  /// What is replayed from there on is proven; what lies before, `verify` proves. Nil when there is
  /// no such segment, and then all is read.
  public static func lateBeginning(directory path: String) throws(LogError) -> LogPoint? {
    try lateBeginning(try storage(path))
  }

  package static func lateBeginning(_ storage: any LogStorage) throws(LogError) -> LogPoint? {
    let begun = try LogCatalog(storage, isLive: true).begun
    return begun.suffix(2).first.map { LogPoint(tail: LogTail(beginningOf: $0)) }
  }

  /// The first part of a log that may hold a record of a time or later.
  public static func part(
    directory path: String, holding time: Instant
  ) throws(LogError) -> UInt64 {
    let begun = try LogCatalog(try storage(path), isLive: true).begun
    // A header says how new the newest record before its segment is.
    return begun.last { $0.newestServerTimeMilliseconds < time.milliseconds }?.number ?? 0
  }
}
