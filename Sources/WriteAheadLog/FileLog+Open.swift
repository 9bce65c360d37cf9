import Cryptography
import LinuxSystem
public import TransactionModel

/// What a start expects of the log it opens.
public struct LogExpectation: Sendable {
  public var kind = LogKind.state
  public var environment: UInt8 = 0
  /// Free space that the preparation of segments never takes.
  public var reserveByteCount: UInt64 = 64 << 20
  /// The position up to which a snapshot already has everything; zero replays all.
  public var replayAfter = LogPosition.zero
  /// Where a snapshot was taken whose records the caller has: nothing before it is read.
  public var replayFrom: LogPoint?
  /// The log's keys; none for a log in the clear.
  public var keyring = LogKeyring.none
  /// Gives the time that segments are stamped with, and that must not be behind the log's.
  public var clockMilliseconds: @Sendable () -> UInt64
  /// Lets a copy that is still being made be written to in its original's history.
  package var continuesCopy = false
  /// Gives what nobody can foresee; a test may foresee it.
  package var randomBytes: @Sendable (Int) -> [UInt8] = { SecureRandom.bytes(count: $0) }

  public init(clockMilliseconds: @escaping @Sendable () -> UInt64) {
    self.clockMilliseconds = clockMilliseconds
  }
}

extension FileLog {
  /// Opens a log: claims it, proves and replays it, and begins a new segment.
  ///
  /// When there is no room for a segment the log opens all the same, without taking changes.
  ///
  /// `replay` gets every record behind `replayAfter`, in order; what it built is of no worth when
  /// the opening fails. Acknowledged records that cannot be read are the error `damaged`, and then
  /// nothing is written.
  public static func open(
    directory path: String, _ expectation: LogExpectation,
    replay: (LogRecordView) throws -> Void
  ) throws(LogError) -> FileLog {
    let storage = try attempt(LogFileName.directory) { () throws(SystemError) in
      try DirectoryStorage(path: path)
    }
    let log = try open(storage, expectation, replay: replay)
    try log.startPreparing()
    return log
  }

  /// Opens a log without the thread that prepares segments.
  package static func open(
    _ storage: any LogStorage, _ expectation: LogExpectation,
    replay: (LogRecordView) throws -> Void
  ) throws(LogError) -> FileLog {
    let start = MonotonicClock.nowNanoseconds
    // A directory without a log is not made to look like one by a lock file.
    var computation = SHA256()
    _ = try ControlFile.read(storage, isDirect: false, with: &computation)
    try storage.claimForLog()
    let catalog = try LogCatalog(storage, isLive: false)
    guard
      catalog.control.kind == expectation.kind,
      catalog.control.environment == expectation.environment
    else {
      throw .foreignLog(kind: catalog.control.kind, environment: catalog.control.environment)
    }
    var walk = LogWalk(
      storage, catalog: catalog, keyring: expectation.keyring,
      replayAfter: max(expectation.replayAfter, expectation.replayFrom?.position ?? .zero),
      origin: expectation.replayFrom?.tail)
    let unfinished = try walk.run(replay)
    var tail = walk.tail
    let now = expectation.clockMilliseconds()
    guard now >= tail.newestServerTimeMilliseconds else {
      throw .clockBehindLog(
        clockMilliseconds: now, newestMilliseconds: tail.newestServerTimeMilliseconds)
    }
    let recovery = Recovery(storage: storage, catalog: catalog)
    let setAside = try recovery.secure(tail, unfinished)
    let preparer = try recovery.preparer(
      after: tail, reserveByteCount: expectation.reserveByteCount)
    for (number, byteCount) in walk.uncutSegments {
      if try recovery.mayCut(number, at: byteCount) { preparer.cut(number, to: byteCount) }
    }
    var block = catalog.control
    if block.isCopy, !expectation.continuesCopy {
      // A copy knows nothing of what the original did since: no position may be given twice.
      guard preparer.admission.canAcceptChanges else {
        throw .noRoom(neededByteCount: UInt64(block.geometry.segmentByteCount), freeByteCount: 0)
      }
      tail.history = LogHistory(
        identity: HistoryIdentity(rawValue: SecureRandom.identity()),
        parent: tail.history.identity, parentPosition: tail.lastPosition)
      block.isCopy = false
    }
    let report = RecoveryReport(
      totals: walk.totals, lastPosition: tail.lastPosition,
      newestServerTimeMilliseconds: tail.newestServerTimeMilliseconds, history: tail.history,
      wasCleanStop: catalog.control.isCleanStop && catalog.control.tail == walk.tail,
      wasCopy: catalog.control.isCopy && !block.isCopy,
      setAside: setAside, readsPastPageCache: walk.readsPastPageCache,
      canAcceptChanges: preparer.admission.canAcceptChanges,
      durationNanoseconds: MonotonicClock.nowNanoseconds - start)
    var log = FileLog(
      storage, control: try ControlFile(storage: storage, continuing: block),
      preparer: preparer, tail: tail, recovery: report, expectation: expectation)
    if preparer.admission.canAcceptChanges { try log.beginSegment() }
    return log
  }
}

/// What a start does to the files once the log is proven, and before anything is served.
struct Recovery {
  let storage: any LogStorage
  let catalog: LogCatalog

  /// Makes durable what was accepted, and copies aside what was not.
  func secure(
    _ tail: LogTail, _ unfinished: UnfinishedBatch?
  ) throws(LogError) -> RecoveryReport.SetAside? {
    for name in catalog.temporaryNames {
      try attempt(name) { () throws(SystemError) in try storage.remove(name) }
    }
    if tail.segmentNumber > 0 {
      // The process that wrote the last batch may have been killed before its sync.
      let name = LogFileName.segment(tail.segmentNumber)
      try attempt(name) { () throws(SystemError) in
        try storage.openFile(name, .readWrite).synchronizeData()
      }
    }
    try attempt(LogFileName.directory) { () throws(SystemError) in
      try storage.synchronizeNames()
    }
    guard let unfinished else { return nil }
    let range = unfinished.offset..<unfinished.endOffset
    return RecoveryReport.SetAside(
      segmentNumber: unfinished.segmentNumber, offset: unfinished.offset, byteCount: range.count,
      fileName: try copyAside(unfinished.segmentNumber, range),
      firstPosition: unfinished.firstPosition, lastPosition: unfinished.lastPosition)
  }

  /// Makes a preparer that has a segment if one can be had, from an earlier run or new.
  func preparer(
    after tail: LogTail, reserveByteCount: UInt64
  ) throws(LogError) -> SegmentPreparer {
    let next = tail.segmentNumber + 1
    let preparer = try attempt(LogFileName.directory) { () throws(SystemError) in
      try SegmentPreparer(
        storage, geometry: catalog.control.geometry, reserveByteCount: reserveByteCount,
        nextNumber: next)
    }
    for blank in catalog.blank {
      let name = LogFileName.segment(blank.number)
      if blank.isHeaderTorn {
        _ = try copyAside(blank.number, 0..<catalog.control.geometry.headerExtent)
      }
      if blank.number == next, blank.byteCount == catalog.control.geometry.segmentByteCount {
        try attempt(name) { () throws(SystemError) in
          // The earlier run may have died between the file's naming and the sync of the name.
          try storage.rename(name, to: LogFileName.temporary)
          try storage.rename(LogFileName.temporary, to: name)
          try storage.synchronizeNames()
          preparer.adopt(
            PreparedSegment(number: next, file: try storage.openFile(name, .readWrite)))
        }
      } else {
        try attempt(name) { () throws(SystemError) in try storage.remove(name) }
      }
    }
    do throws(SystemError) {
      try preparer.step()
    } catch {
      guard error.isNoSpace else { throw .system(error, file: LogFileName.segment(next)) }
    }
    return preparer
  }

  /// Whether nothing but zeros or bytes with a copy stand behind the end of a closed segment.
  func mayCut(_ number: UInt64, at end: Int) throws(LogError) -> Bool {
    let names = try attempt(LogFileName.directory) { () throws(SystemError) in
      try storage.names()
    }
    if names.contains(LogFileName.setAside(segment: number, offset: end)) { return true }
    var reader = try SegmentReader(
      storage, name: LogFileName.segment(number),
      widestByteCount: catalog.control.geometry.batchByteCountMax,
      isDirect: false)
    return try reader.endOfNonZero(from: end) == nil
  }

  /// Copies bytes of a segment to a file of their own: its name, or nil when there is no room.
  private func copyAside(_ number: UInt64, _ range: Range<Int>) throws(LogError) -> String? {
    let name = LogFileName.setAside(segment: number, offset: range.lowerBound)
    var reader = try SegmentReader(
      storage, name: LogFileName.segment(number),
      widestByteCount: catalog.control.geometry.batchByteCountMax,
      isDirect: true)
    let start = try reader.load(range)
    do throws(SystemError) {
      let bytes = reader.bytes.extracting(start..<start + range.count)
      _ = try storage.makeDurableFile(name) { file throws(SystemError) in
        try file.write(bytes, at: 0)
      }
    } catch {
      // A start that found no room for a segment has made this copy already.
      if error.isExisting { return name }
      if error.isNoSpace { return nil }
      throw .system(error, file: name)
    }
    return name
  }
}
