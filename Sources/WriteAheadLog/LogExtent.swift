import Cryptography
import LinuxSystem
import TransactionModel

/// A segment up to the end of its last batch.
struct SegmentExtent: Equatable {
  let number: UInt64
  let endOffset: Int
}

/// A proven part of a log, from its first segment on, as parts of the files.
struct LogExtent {
  let segments: [SegmentExtent]
  let tail: LogTail
}

/// Copies segments to another storage.
///
/// The files of a copy have their full length, zeros behind what was copied; those zeros take no
/// room on file systems that know holes.
struct SegmentCopier {
  private static let stepByteCount = 1 << 20

  let source: any LogStorage
  let target: any LogStorage
  let geometry: LogGeometry
  /// Whether another process writes the source.
  let isLive: Bool

  /// Makes a file of a segment, up to an offset; durable when it returns.
  func copy(_ segment: SegmentExtent) throws(LogError) {
    let name = LogFileName.segment(segment.number)
    let file = try attempt(name) { () throws(SystemError) in
      try target.createFile(LogFileName.temporary)
    }
    try write(segment.number, 0..<segment.endOffset, to: file)
    try attempt(name) { () throws(SystemError) in
      try file.truncate(to: geometry.segmentByteCount)
      try file.synchronize()
      try target.rename(LogFileName.temporary, to: name)
      try target.synchronizeNames()
    }
  }

  /// Adds to a file that was copied up to an offset; durable when it returns.
  func extend(_ segment: SegmentExtent, from start: Int) throws(LogError) {
    let name = LogFileName.segment(segment.number)
    let file = try attempt(name) { () throws(SystemError) in
      try target.openFile(name, .readWrite)
    }
    try write(segment.number, start..<segment.endOffset, to: file)
    try attempt(name) { () throws(SystemError) in try file.synchronize() }
  }

  private func write(
    _ number: UInt64, _ range: Range<Int>, to file: any LogStorageFile
  ) throws(LogError) {
    let name = LogFileName.segment(number)
    var reader = try SegmentReader(
      source, name: name, widestByteCount: Self.stepByteCount, isDirect: !isLive)
    var offset = range.lowerBound
    while offset < range.upperBound {
      let count = min(Self.stepByteCount, range.upperBound - offset)
      let start = try reader.load(offset..<offset + count)
      guard reader.bytes.byteCount >= start + count else {
        throw .damaged(
          LogDamage(
            fileName: name, offset: offset, reason: .fileCut(byteCount: reader.byteCount),
            firstLostPosition: .zero, lastLostPosition: nil))
      }
      do throws(SystemError) {
        try file.write(reader.bytes.extracting(start..<start + count), at: offset)
      } catch {
        throw .system(error, file: name)
      }
      offset += count
    }
  }
}

extension LogStorage {
  /// Makes a copy of a proven part of a log in an empty storage, and proves the copy.
  ///
  /// It becomes a log with the last step, the control file, which says that it is a copy. Of
  /// snapshots those named are copied first. A history that the copy begins lies above
  /// `givenThrough`, also when nobody but a start goes on with what was made.
  func copyLog(
    _ catalog: LogCatalog, _ extent: LogExtent, snapshots: [String], givenThrough: LogPosition,
    to target: any LogStorage, progress: (_ segmentNumber: UInt64) -> Void
  ) throws(LogError) {
    try copySnapshots(snapshots, toEmpty: target)
    let copier = SegmentCopier(
      source: self, target: target, geometry: catalog.control.geometry, isLive: catalog.isLive)
    for segment in extent.segments {
      progress(segment.number)
      try copier.copy(segment)
    }
    try target.becomeCopy(
      of: catalog.control, upTo: extent.tail, givenThrough: givenThrough)
  }

  /// Copies snapshots and nothing else: the newest, whose point is given, is all there is.
  ///
  /// A segment without records stands where the point's successor was, so that the log begins as one
  /// does whose first segments were removed.
  func copySnapshots(
    _ snapshots: [String], behind point: LogTail, of control: ControlBlock,
    givenThrough: LogPosition, keyring: LogKeyring, clockMilliseconds: UInt64,
    to target: any LogStorage
  ) throws(LogError) {
    try copySnapshots(snapshots, toEmpty: target)
    var header = SegmentHeader(
      kind: control.kind, environment: control.environment, geometry: control.geometry,
      number: point.segmentNumber + 1, createdMilliseconds: clockMilliseconds,
      history: point.history, following: point)
    if let key = keyring.newest {
      header.hide(with: key, salt: SecureRandom.bytes(count: SegmentCipher.saltByteCount))
    }
    var computation = SHA256()
    var buffer = FileBuffer(byteCount: control.geometry.headerExtent)
    do {
      var bytes = buffer.mutableBytes
      header.store(into: &bytes, with: &computation)
    }
    let name = LogFileName.segment(header.number)
    do throws(SystemError) {
      _ = try target.makeDurableFile(name) { file throws(SystemError) in
        try file.fillWithZeros(byteCount: control.geometry.segmentByteCount)
        try file.write(buffer.bytes, at: 0)
      }
    } catch {
      throw .system(error, file: name)
    }
    try target.becomeCopy(
      of: control, upTo: LogTail(beginningOf: header), givenThrough: givenThrough)
  }

  private func copySnapshots(
    _ names: [String], toEmpty target: any LogStorage
  ) throws(LogError) {
    let present = try attempt(LogFileName.directory) { () throws(SystemError) in
      try target.names()
    }
    guard present.isEmpty else { throw .directoryNotEmpty }
    for name in names { try LogSnapshot.copy(name, from: self, to: target) }
  }

  /// Makes the control file of what was copied, and proves it.
  private func becomeCopy(
    of control: ControlBlock, upTo tail: LogTail, givenThrough: LogPosition
  ) throws(LogError) {
    var block = ControlBlock(
      kind: control.kind, environment: control.environment, geometry: control.geometry, tail: tail)
    block.isCopy = true
    block.isCleanStop = false
    block.givenThrough = max(control.givenThrough, givenThrough)
    let made = block
    try attempt(LogFileName.control) { () throws(SystemError) in
      try ControlFile.create(made, in: self)
    }
    let copied = try LogCatalog(self, isLive: false)
    // A log whose first segments were removed has a copy that begins where it does.
    var walk = LogWalk(
      self, catalog: copied, keyring: nil, replayAfter: LogPosition(rawValue: .max))
    let rest = try walk.run { _ in }
    guard rest == nil, walk.tail == tail else {
      throw walk.damage(
        walk.tail.segmentNumber, at: walk.tail.endOffset, .endMismatch, upTo: tail.lastPosition)
    }
  }
}
