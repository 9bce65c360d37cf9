import Cryptography
import LinuxSystem
import TransactionModel

/// What there is of a damaged log: a control file, or what stands for it, and the headers that hold.
struct LogRemains {
  let control: ControlBlock
  /// The segments that have a file, in order; the header is nil where it does not hold.
  let segments: [(number: UInt64, header: SegmentHeader?)]

  init(_ storage: any LogStorage, keyring: LogKeyring) throws(LogError) {
    var computation = SHA256()
    var found: [(number: UInt64, header: SegmentHeader?)] = []
    let names = try attempt(LogFileName.directory) { () throws(SystemError) in
      try storage.names()
    }
    for number in names.compactMap(LogFileName.segmentNumber).sorted() {
      found.append((number, try Self.header(of: number, storage, with: &computation)))
    }
    do throws(LogError) {
      control = try ControlFile.read(storage, isDirect: true, with: &computation)
    } catch {
      switch error {
      case .damaged, .noLog:
        guard let first = found.lazy.compactMap(\.header).first else {
          throw try Self.refusal(storage, keyring)
        }
        var block = ControlBlock(
          kind: first.kind, environment: first.environment, geometry: first.geometry,
          tail: LogTail(beginningOf: first.history))
        block.isCleanStop = false
        control = block
      default: throw error
      }
    }
    let control = control
    segments = found.map { number, header in
      guard let header, header.geometry == control.geometry, header.kind == control.kind,
        header.environment == control.environment
      else { return (number, nil) }
      return (number, header)
    }
  }

  /// The newest position that a header or the control file names.
  var newestNamedPosition: LogPosition {
    segments.compactMap(\.header?.basePosition).reduce(control.tail.lastPosition) { max($0, $1) }
  }

  /// The last position that the log had given up before it was damaged: behind its snapshots.
  var removedThrough: LogPosition {
    // Not known where the first header is damaged: then too much is named, and not too little.
    segments.first?.header?.predecessorLastPosition ?? .zero
  }

  /// The parts of the log that are whole, each from a header on up to the next damage; and the first
  /// damage.
  ///
  /// Where a part begins, its header is taken at its word, as that of any log whose first segments
  /// were removed. `visit` gets the records behind a position.
  func wholeParts(
    _ storage: any LogStorage, keyring: LogKeyring, marks: [LogTail] = [],
    after position: LogPosition = LogPosition(rawValue: .max), limit: LogTail? = nil,
    _ visit: (LogRecordView) throws -> Void = { _ in }
  ) throws(LogError) -> (parts: [WholePart], damage: LogError?) {
    let segments = segments.filter { $0.number <= limit?.segmentNumber ?? .max }
    var parts: [WholePart] = []
    var damage: LogError?
    var index = 0
    while index < segments.count {
      var catalog = LogCatalog(control: control)
      catalog.begun = Array(
        segments[index...].lazy.map(\.header).prefix { $0 != nil }.compactMap { $0 })
      guard let first = catalog.begun.first else {
        index += 1
        continue
      }
      var walk = LogWalk(
        storage, catalog: catalog, keyring: keyring,
        replayAfter: max(position, first.basePosition), limit: limit, marks: marks)
      var last = catalog.begun.last?.number ?? first.number
      do throws(LogError) {
        _ = try walk.run(visit)
      } catch {
        guard case .damaged = error else { throw error }
        damage = damage ?? error
        last = max(first.number, walk.tail.segmentNumber)
      }
      let extent = walk.extent
      if !extent.segments.isEmpty {
        parts.append(WholePart(catalog: catalog, extent: extent, metMarks: walk.metMarks))
      }
      index = segments.firstIndex { $0.number > last } ?? segments.count
    }
    return (parts, damage)
  }

  /// Whether nothing speaks against a snapshot of this log's history whose place is damaged.
  func mayHold(_ mark: LogTail, _ parts: [WholePart]) -> Bool {
    let headers = segments.compactMap(\.header)
    let behind = headers.first { $0.number > mark.segmentNumber }
    let before = headers.last { $0.number <= mark.segmentNumber }
    if let before, before.history != mark.history {
      // Its history may have begun behind that segment, where no header tells, and behind what is
      // known of the one before.
      let read = parts.first { $0.extent.tail.segmentNumber == before.number }?.extent.tail
      var known = read?.lastPosition ?? before.basePosition
      if control.tail.history == before.history { known = max(known, control.tail.lastPosition) }
      guard before.number < mark.segmentNumber, mark.history.parent == before.history.identity,
        mark.history.parentPosition >= known
      else { return false }
    }
    if let behind, behind.number == mark.segmentNumber + 1 { return false }
    if let behind, behind.history != mark.history,
      behind.history.parent != mark.history.identity
        || behind.history.parentPosition < mark.lastPosition
    {
      return false
    }
    if before == nil, behind == nil, control.tail.history != mark.history { return false }
    // Where its place could be read, it would have been met.
    return !parts.contains { part in
      part.extent.segments.contains {
        $0.number == mark.segmentNumber && $0.endOffset >= mark.endOffset
      }
    }
  }

  /// What is said where nothing tells what the log was: a snapshot alone may be another log's.
  private static func refusal(
    _ storage: any LogStorage, _ keyring: LogKeyring
  ) throws(LogError) -> LogError {
    guard let mark = try SnapshotSurvey(storage, keyring: keyring).marks.first else {
      return .nothingWhole
    }
    return .onlySnapshotWhole(file: LogSnapshot.name(of: mark.lastPosition))
  }

  private static func header(
    of number: UInt64, _ storage: any LogStorage, with computation: inout SHA256
  ) throws(LogError) -> SegmentHeader? {
    var reader = try SegmentReader(
      storage, name: LogFileName.segment(number), widestByteCount: LogGeometry.alignmentMax,
      isDirect: true)
    let start = try reader.load(0..<LogGeometry.alignmentMax)
    let header = try? SegmentHeader(
      reader.bytes.extracting(droppingFirst: start), with: &computation)
    return header.flatMap { $0.number == number ? $0 : nil }
  }
}

/// A part of a damaged log that is whole by itself.
struct WholePart {
  let catalog: LogCatalog
  let extent: LogExtent
  /// The points of snapshots that it has, or begins behind.
  let metMarks: [LogTail]
}
