import Cryptography
import LinuxSystem
public import TransactionModel

/// Up to where a log is restored.
public enum RestorePoint: Sendable {
  case end
  case position(LogPosition)
  /// The last record with this server time or an earlier one.
  case time(milliseconds: UInt64)
}

/// What a restore or a repair has made.
public struct LogRestoration: Sendable {
  /// The last position that the new log has of the old one.
  public let lastPosition: LogPosition
  public let newestServerTimeMilliseconds: UInt64
  /// The history that the new log goes on in, and where it left the old one.
  public let history: LogHistory
  /// The first position that the new log gives.
  public let firstNewPosition: LogPosition
  /// The newest position that the old log is known to have had.
  public let newestKnownPosition: LogPosition
  /// The positions whose records only the old log has; nil when the new one begins where it does.
  ///
  /// What they changed is in a snapshot that the new log begins with.
  public internal(set) var leftBehind: (first: LogPosition, last: LogPosition)?

  /// The positions that the new log does not have; nil when it has all that is known of.
  public var givenUp: (first: LogPosition, last: LogPosition)? {
    newestKnownPosition > lastPosition ? (lastPosition.next, newestKnownPosition) : nil
  }
}

/// Makes a log from another one, without touching that: from a backup, or from what is whole of a
/// damaged log.
///
/// The new log begins a history of its own behind the next multiple of 2^32 above everything that the
/// old one is known to have given, so that positions and confirmations are never given again.
public enum LogRestore {
  /// Restores a log up to a point, into an empty directory.
  ///
  /// The source may be in use; then it is restored up to what is durable.
  public static func restore(
    from source: String, into target: String, keyring: LogKeyring, upTo point: RestorePoint,
    clockMilliseconds: UInt64, progress: (_ segmentNumber: UInt64) -> Void = { _ in }
  ) throws(LogError) -> LogRestoration {
    try restore(
      from: try LogInspector.storage(source), into: try emptyDirectory(target), keyring: keyring,
      upTo: point, clockMilliseconds: clockMilliseconds, progress: progress)
  }

  /// Saves what is whole of a damaged log, into an empty directory: what lies behind its newest
  /// snapshot up to the next damage, or the log up to the first one.
  ///
  /// Nothing is made when nothing is damaged. The owner must have stopped.
  public static func repair(
    _ source: String, into target: String, keyring: LogKeyring, clockMilliseconds: UInt64,
    progress: (_ segmentNumber: UInt64) -> Void = { _ in }
  ) throws(LogError) -> (damage: LogError, made: LogRestoration)? {
    try repair(
      try LogInspector.storage(source), into: { () throws(LogError) in try emptyDirectory(target) },
      keyring: keyring, clockMilliseconds: clockMilliseconds, progress: progress)
  }

  package static func restore(
    from source: any LogStorage, into target: any LogStorage, keyring: LogKeyring,
    upTo point: RestorePoint, clockMilliseconds: UInt64,
    progress: (_ segmentNumber: UInt64) -> Void = { _ in }
  ) throws(LogError) -> LogRestoration {
    let whole = try LogInspector.verify(source, keyring: keyring, after: .init(rawValue: .max))
    let last = try position(of: point, in: source, keyring, whole)
    let catalog = try LogCatalog(source, isLive: whole.isInUse)
    var walk = LogWalk(
      source, catalog: catalog, keyring: keyring, replayAfter: .init(rawValue: .max),
      limit: whole.tail, lastPosition: last)
    _ = try walk.run { _ in }
    try source.copyLog(
      catalog, walk.extent, snapshots: try snapshots(of: whole, upTo: walk.tail.lastPosition),
      givenThrough: whole.lastPosition, to: target, progress: progress)
    if walk.tail.lastPosition < last {
      try addRecords(
        after: walk.tail, upTo: last, of: source, whole, to: target, keyring, clockMilliseconds)
    }
    return try finish(
      target, catalog.control, keyring, clockMilliseconds,
      newestKnownPosition: whole.lastPosition)
  }

  package static func repair(
    _ source: any LogStorage, into makeTarget: () throws(LogError) -> any LogStorage,
    keyring: LogKeyring, clockMilliseconds: UInt64,
    progress: (_ segmentNumber: UInt64) -> Void = { _ in }
  ) throws(LogError) -> (damage: LogError, made: LogRestoration)? {
    // The owner may neither be at work nor begin meanwhile.
    try source.claimForLog()
    defer { source.release() }
    let salvage = try LogSalvage(source, keyring: keyring)
    guard let damage = salvage.damage else { return nil }
    let target = try makeTarget()
    if let part = salvage.part {
      try source.copyLog(
        part.catalog, part.extent, snapshots: salvage.snapshots,
        givenThrough: salvage.givenThrough, to: target, progress: progress)
    } else {
      try source.copySnapshots(
        salvage.snapshots, behind: salvage.tail, of: salvage.control,
        givenThrough: salvage.givenThrough, keyring: keyring,
        clockMilliseconds: clockMilliseconds, to: target)
    }
    var made = try finish(
      target, salvage.control, keyring, clockMilliseconds,
      newestKnownPosition: salvage.newestKnownPosition)
    made.leftBehind = salvage.leftBehind
    return (damage, made)
  }

  // MARK: Steps

  private static func position(
    of point: RestorePoint, in source: any LogStorage, _ keyring: LogKeyring,
    _ whole: LogVerification
  ) throws(LogError) -> LogPosition {
    switch point {
    case .end: return whole.lastPosition
    case .position(let position):
      guard let first = whole.segments.first, position > first.basePosition,
        position <= whole.lastPosition
      else { throw .nothingThere }
      _ = try snapshots(of: whole, upTo: position)
      return position
    case .time(let milliseconds):
      var last: LogPosition?
      let start = whole.segments.first?.basePosition ?? .zero
      let catalog = try LogCatalog(source, isLive: whole.isInUse)
      var walk = LogWalk(
        source, catalog: catalog, keyring: keyring, replayAfter: start, limit: whole.tail)
      _ = try walk.run { record in
        if record.serverTimeMilliseconds <= milliseconds { last = record.position }
      }
      guard let last else { throw .nothingThere }
      _ = try snapshots(of: whole, upTo: last)
      return last
    }
  }

  /// The snapshot that a log restored to a position begins with: the newest that is not behind it.
  ///
  /// - Throws: `nothingThere` where one is needed and none is old enough.
  private static func snapshots(
    of whole: LogVerification, upTo position: LogPosition
  ) throws(LogError) -> [String] {
    let name = whole.soundSnapshots.first { $0.position <= position }?.name
    guard whole.removedThrough == nil || name != nil || whole.kind.forgetsByAge else {
      throw .nothingThere
    }
    return name.map { [$0] } ?? []
  }

  /// Adds the first records of the batch that the restored log ends within.
  private static func addRecords(
    after tail: LogTail, upTo last: LogPosition, of source: any LogStorage,
    _ whole: LogVerification, to target: any LogStorage, _ keyring: LogKeyring,
    _ clockMilliseconds: UInt64
  ) throws(LogError) {
    var log = try open(target, whole.kind, whole.environment, keyring, clockMilliseconds, true)
    var batch = LogBatch(
      byteCapacity: log.batchByteCountMax, after: log.durablePosition,
      newestServerTimeMilliseconds: log.newestServerTimeMilliseconds)
    let catalog = try LogCatalog(source, isLive: whole.isInUse)
    var walk = LogWalk(
      source, catalog: catalog, keyring: keyring, replayAfter: tail.lastPosition,
      limit: whole.tail, resume: tail)
    _ = try walk.run { record in
      guard record.position <= last else { return }
      let position = batch.append(
        kind: record.kind, serverTimeMilliseconds: record.serverTimeMilliseconds,
        maximumByteCount: record.body.byteCount
      ) { output in
        for offset in record.body.byteOffsets {
          output.append(record.body.integer(at: offset, as: UInt8.self))
        }
      }
      precondition(position == record.position, "a part of a batch is larger than the batch")
    }
    if !batch.isEmpty {
      try log.append(&batch, expecting: log.durablePosition.next)
      _ = try log.waitUntilDurable()
    }
    try log.close()
  }

  /// Opens the copy as a start would, which begins its own history.
  private static func finish(
    _ target: any LogStorage, _ control: ControlBlock, _ keyring: LogKeyring,
    _ clockMilliseconds: UInt64, newestKnownPosition: LogPosition
  ) throws(LogError) -> LogRestoration {
    var log = try open(
      target, control.kind, control.environment, keyring, clockMilliseconds, false)
    let recovery = log.recovery
    let firstNewPosition = log.durablePosition.next
    try log.close()
    return LogRestoration(
      lastPosition: recovery.lastPosition,
      newestServerTimeMilliseconds: recovery.newestServerTimeMilliseconds,
      history: recovery.history, firstNewPosition: firstNewPosition,
      newestKnownPosition: newestKnownPosition)
  }

  private static func open(
    _ target: any LogStorage, _ kind: LogKind, _ environment: UInt8, _ keyring: LogKeyring,
    _ clockMilliseconds: UInt64, _ continuesCopy: Bool
  ) throws(LogError) -> FileLog {
    // A test installation's records may be of a clock that was set ahead.
    let newest = try LogInspector.verify(target).newestServerTimeMilliseconds
    var expectation = LogExpectation { max(clockMilliseconds, newest) }
    expectation.kind = kind
    expectation.environment = environment
    expectation.keyring = keyring
    expectation.reserveByteCount = 0
    expectation.continuesCopy = continuesCopy
    expectation.replayAfter = LogPosition(rawValue: .max)
    return try FileLog.open(target, expectation) { _ in }
  }

  static func emptyDirectory(_ path: String) throws(LogError) -> DirectoryStorage {
    try attempt(LogFileName.directory) { () throws(SystemError) in
      do throws(SystemError) {
        try Directory.create(path: path)
      } catch {
        guard error.isExisting else { throw error }
      }
      return try DirectoryStorage(path: path)
    }
  }
}
