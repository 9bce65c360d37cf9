import Cryptography
import LinuxSystem
public import TransactionModel

/// Reads a log without claiming or changing it, while its owner may be at work on it.
///
/// Under a running owner it stops at the last batch that something proves durable: the next batch,
/// or the control file. The batch in flight is neither shown nor called damage.
public enum LogInspector {
  /// Whether a process has the log claimed; asking takes no claim.
  public static func isInUse(directory path: String) throws(LogError) -> Bool {
    let storage = try storage(path)
    return try attempt(LogFileName.lock) { () throws(SystemError) in try storage.isClaimed() }
  }

  /// Proves the whole log and gives where it ends.
  ///
  /// Without a keyring all but the records of an encrypted log is proven. `progress` gets the totals so far before each segment. Damage is the error that
  /// `FileLog.open` gives for it.
  public static func verify(
    directory path: String, keyring: LogKeyring? = nil, after position: LogPosition = .zero,
    progress: (LogTotals) -> Void = { _ in }
  ) throws(LogError) -> LogVerification {
    try verify(try storage(path), keyring: keyring, after: position, progress: progress)
  }

  /// Proves the whole log and shows its durable records behind a position, in order.
  public static func stream(
    directory path: String, keyring: LogKeyring, after position: LogPosition = .zero,
    _ body: (LogRecordView) throws -> Void
  ) throws(LogError) -> LogVerification {
    try stream(try storage(path), keyring: keyring, after: position, body)
  }

  package static func stream(
    _ storage: any LogStorage, keyring: LogKeyring = .none, after position: LogPosition,
    _ body: (LogRecordView) throws -> Void
  ) throws(LogError) -> LogVerification {
    let verification = try verify(
      storage, keyring: keyring, after: position, progress: { _ in })
    let catalog = try LogCatalog(storage, isLive: verification.isInUse)
    var walk = LogWalk(
      storage, catalog: catalog, keyring: keyring,
      replayAfter: max(position, verification.removedThrough ?? .zero), limit: verification.tail)
    _ = try walk.run(body)
    return verification
  }

  /// Shows what can be read of a damaged log behind a position: the records of every part of it that
  /// is whole, each from a segment's header on up to the next damage.
  ///
  /// Where the log is in use, up to what its control file names.
  public static func streamWhole(
    directory path: String, keyring: LogKeyring, after position: LogPosition = .zero,
    _ body: (LogKind, LogRecordView) throws -> Void
  ) throws(LogError) {
    try streamWhole(try storage(path), keyring: keyring, after: position, body)
  }

  package static func streamWhole(
    _ storage: any LogStorage, keyring: LogKeyring, after position: LogPosition,
    _ body: (LogKind, LogRecordView) throws -> Void
  ) throws(LogError) {
    let isInUse = try attempt(LogFileName.lock) { () throws(SystemError) in
      try storage.isClaimed()
    }
    let remains = try LogRemains(storage, keyring: keyring)
    let control = remains.control
    _ = try remains.wholeParts(
      storage, keyring: keyring, after: position, limit: isInUse ? control.tail : nil
    ) { try body(control.kind, $0) }
  }

  static func verify(
    _ storage: any LogStorage, keyring: LogKeyring? = nil, after position: LogPosition = .zero,
    resume: LogTail? = nil, watch: LogWatch? = nil, progress: (LogTotals) -> Void = { _ in }
  ) throws(LogError) -> LogVerification {
    let isInUse = try attempt(LogFileName.lock) { () throws(SystemError) in
      try storage.isClaimed()
    }
    let catalog = try LogCatalog(storage, isLive: isInUse)
    let survey = resume == nil ? try SnapshotSurvey(storage) : nil
    let position = max(position, catalog.forgottenThrough)
    // What was removed is there all the same where a snapshot stands for it.
    let removedThrough = catalog.removedThrough
    let isVouchedFor = survey?.marks.isEmpty == false
    var walk = LogWalk(
      storage, catalog: catalog, keyring: keyring,
      replayAfter: isVouchedFor ? max(position, removedThrough ?? .zero) : position,
      resume: resume, watch: watch, marks: survey?.marks ?? [])
    let unfinished = try walk.run(progress: progress) { _ in }
    let snapshots = survey?.summaries(met: walk.metMarks) ?? []
    if let removedThrough, position < removedThrough, resume == nil,
      !snapshots.contains(where: { $0.state == .sound })
    {
      throw .startsTooLate(firstPosition: removedThrough.next, neededPosition: position.next)
    }
    var tail = walk.tail
    if isInUse {
      var computation = SHA256()
      let control = try ControlFile.read(storage, isDirect: false, with: &computation)
      let vouched = (control.tail.segmentNumber, control.tail.endOffset)
      if vouched < (tail.segmentNumber, tail.endOffset) { tail = walk.previousTail }
    }
    return LogVerification(
      kind: catalog.control.kind, environment: catalog.control.environment,
      geometry: catalog.control.geometry, totals: walk.totals, isInUse: isInUse,
      hasReadRecords: walk.hasReadRecords,
      isCopy: catalog.control.isCopy,
      unfinishedByteCount: unfinished.map { $0.endOffset - $0.offset } ?? 0,
      segments: catalog.begun.map(LogSegmentSummary.init), removedThrough: removedThrough,
      snapshots: snapshots, tail: tail, watch: walk.watch)
  }

  static func storage(_ path: String) throws(LogError) -> DirectoryStorage {
    try attempt(LogFileName.directory) { () throws(SystemError) in
      try DirectoryStorage(path: path)
    }
  }
}

/// What a log was proven to hold.
public struct LogVerification: Sendable {
  public let kind: LogKind
  public let environment: UInt8
  public let geometry: LogGeometry
  public let totals: LogTotals
  /// Whether a process had the log claimed meanwhile.
  public let isInUse: Bool
  /// Whether the records were looked at too: not without the keys of an encrypted log.
  public let hasReadRecords: Bool
  /// Whether it is a copy, which begins a history of its own before it is written to.
  public let isCopy: Bool
  /// Bytes of a batch that is in flight or was never finished, behind the last whole one.
  public let unfinishedByteCount: Int
  /// The segments, oldest first.
  public let segments: [LogSegmentSummary]
  /// The last position of segments that were removed; nil when there are none.
  public let removedThrough: LogPosition?
  /// The snapshots, newest first; of a log whose first segments were removed, one is sound.
  public let snapshots: [SnapshotSummary]
  let tail: LogTail
  let watch: LogWatch?

  /// The position of the last durable record.
  public var lastPosition: LogPosition { tail.lastPosition }
  public var newestServerTimeMilliseconds: UInt64 { tail.newestServerTimeMilliseconds }
  public var history: LogHistory { tail.history }

  /// The end of the chain of digests: it names every byte of the log before it.
  public var head: LogHead { LogHead(tail) }

  /// The snapshots that a start could begin with, newest first.
  var soundSnapshots: [SnapshotSummary] { snapshots.filter { $0.state == .sound } }

  /// Its end, as a point that replay can begin at.
  public var point: LogPoint { LogPoint(tail: tail) }
}
