import Cryptography
import LinuxSystem
public import TransactionModel

/// A copy of a log that can be continued while the log is written.
///
/// It is consistent to a position at every moment: what is copied is proven and made durable before
/// the copy's control file names it. It is a log like any other, for `verify`, `prove` and
/// `restore`; served, it would begin a history of its own.
public struct LogBackup: Sendable {
  private let source: any LogStorage
  private let target: any LogStorage

  /// Of a log's directory, in a directory that is empty, or holds an earlier copy, or is made.
  public init(of source: String, in target: String) throws(LogError) {
    self.init(
      of: try LogInspector.storage(source), in: try LogRestore.emptyDirectory(target))
  }

  package init(of source: any LogStorage, in target: any LogStorage) {
    self.source = source
    self.target = target
  }

  /// Copies all that is durable and not copied yet; gives the position up to which the copy goes.
  public func copyDurable(
    progress: (_ segmentNumber: UInt64) -> Void = { _ in }
  ) throws(LogError) -> LogPosition {
    guard let copied = try copiedTail() else {
      let whole = try LogInspector.verify(source)
      let catalog = try LogCatalog(source, isLive: whole.isInUse)
      var walk = LogWalk(
        source, catalog: catalog, keyring: nil, replayAfter: .init(rawValue: .max),
        limit: whole.tail)
      _ = try walk.run { _ in }
      // Where segments were removed, the oldest that stands for them lets the most be restored.
      let needed = catalog.removedThrough == nil ? nil : whole.soundSnapshots.last
      try source.copyLog(
        catalog, walk.extent, snapshots: needed.map { [$0.name] } ?? [],
        givenThrough: .zero, to: target, progress: progress)
      return whole.lastPosition
    }
    let newer = try LogInspector.verify(source, after: .init(rawValue: .max), resume: copied)
    let end = SegmentExtent(number: newer.tail.segmentNumber, endOffset: newer.tail.endOffset)
    let catalog = try LogCatalog(source, isLive: newer.isInUse)
    return try ship(catalog, from: copied, upTo: end, progress: progress)
  }

  /// Copies the segments that were closed and are not copied yet.
  public func copyClosed(
    progress: (_ segmentNumber: UInt64) -> Void = { _ in }
  ) throws(LogError) -> LogPosition {
    guard let copied = try copiedTail() else { return try copyDurable(progress: progress) }
    let isInUse = try attempt(LogFileName.lock) { () throws(SystemError) in
      try source.isClaimed()
    }
    let catalog = try LogCatalog(source, isLive: isInUse)
    guard let open = catalog.begun.last, open.predecessorNumber >= copied.segmentNumber else {
      return copied.lastPosition
    }
    let end = SegmentExtent(
      number: open.predecessorNumber, endOffset: open.predecessorEndOffset)
    return try ship(catalog, from: copied, upTo: end, progress: progress)
  }

  /// Where the copy ends; nil when there is none yet.
  private func copiedTail() throws(LogError) -> LogTail? {
    var computation = SHA256()
    do throws(LogError) {
      let control = try ControlFile.read(target, isDirect: true, with: &computation)
      guard control.isCopy else { throw .notACopy }
      return control.tail
    } catch {
      if error == .noLog { return nil }
      throw error
    }
  }

  /// Copies what lies between two ends, proves it in its new place, and names the new end.
  private func ship(
    _ catalog: LogCatalog, from copied: LogTail, upTo end: SegmentExtent,
    progress: (_ segmentNumber: UInt64) -> Void
  ) throws(LogError) -> LogPosition {
    guard (copied.segmentNumber, copied.endOffset) < (end.number, end.endOffset) else {
      return copied.lastPosition
    }
    let before = try LogCatalog(target, isLive: false)
    guard before.control.kind == catalog.control.kind,
      before.control.geometry == catalog.control.geometry,
      copied.segmentNumber == 0 && before.begun.isEmpty
        || before.begun.contains(where: {
          $0.number == copied.segmentNumber && catalog.begun.contains($0)
        })
    else { throw .notACopy }
    let copier = SegmentCopier(
      source: source, target: target, geometry: catalog.control.geometry, isLive: catalog.isLive)
    for header in catalog.begun
    where header.number >= max(1, copied.segmentNumber) && header.number <= end.number {
      let endOffset =
        header.number == end.number
        ? end.endOffset : catalog.successor(of: header.number)?.predecessorEndOffset ?? 0
      let segment = SegmentExtent(number: header.number, endOffset: endOffset)
      progress(header.number)
      if header.number == copied.segmentNumber {
        try copier.extend(segment, from: copied.endOffset)
      } else {
        try removeUnnamed(header.number)
        try copier.copy(segment)
      }
    }
    return try name(end, from: copied)
  }

  /// Removes what a copy that was interrupted has left: the control file does not name it.
  private func removeUnnamed(_ number: UInt64) throws(LogError) {
    try attempt(LogFileName.segment(number)) { () throws(SystemError) in
      let names = try target.names()
      for name in [LogFileName.segment(number), LogFileName.temporary] where names.contains(name) {
        try target.remove(name)
      }
    }
  }

  private func name(_ end: SegmentExtent, from copied: LogTail) throws(LogError) -> LogPosition {
    var computation = SHA256()
    let catalog = try LogCatalog(target, isLive: false)
    var walk = LogWalk(
      target, catalog: catalog, keyring: nil, replayAfter: .init(rawValue: .max), resume: copied)
    _ = try walk.run { _ in }
    let tail = walk.tail
    guard tail.segmentNumber == end.number, tail.endOffset == end.endOffset else {
      throw .damaged(
        LogDamage(
          fileName: LogFileName.segment(tail.segmentNumber), offset: tail.endOffset,
          reason: .endMismatch, firstLostPosition: tail.lastPosition.next, lastLostPosition: nil))
    }
    var control = try ControlFile(storage: target, continuing: catalog.control)
    do throws(SystemError) {
      try control.write(tail, isCleanStop: false, with: &computation)
    } catch {
      throw .system(error, file: LogFileName.control)
    }
    return tail.lastPosition
  }
}
