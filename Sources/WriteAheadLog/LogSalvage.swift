import Cryptography
import LinuxSystem
import TransactionModel

/// What can be saved of a damaged log: all that is whole from its beginning on.
///
/// Nothing behind the first damage is used, whole or not: a record is the state of a card after a
/// change, and the changes between would be missing without anybody seeing it.
struct LogSalvage {
  let catalog: LogCatalog
  let extent: LogExtent
  /// The snapshot that stands for what was removed before the first segment, if there is one.
  let snapshots: [String]
  /// Why the log ends there; nil when nothing is damaged.
  let damage: LogError?
  /// The newest position that anything in the directory names.
  let newestKnownPosition: LogPosition

  init(_ storage: any LogStorage, keyring: LogKeyring?) throws(LogError) {
    var damage = try Self.damageOfCatalog(storage)
    catalog = try LogCatalog(salvaging: storage)
    let survey = try SnapshotSurvey(storage)
    var walk = LogWalk(
      storage, catalog: catalog, keyring: keyring,
      replayAfter: survey.marks.isEmpty
        ? catalog.forgottenThrough : catalog.removedThrough ?? .zero,
      marks: survey.marks)
    do throws(LogError) {
      _ = try walk.run { _ in }
    } catch {
      guard case .damaged = error else { throw error }
      // What hid later segments is named first: the walk stumbles over their absence.
      damage = damage ?? error
    }
    extent = walk.extent
    let sound = survey.summaries(met: walk.metMarks).filter { $0.state == .sound }
    snapshots = sound.first.map { [$0.name] } ?? []
    if let removed = catalog.removedThrough, snapshots.isEmpty, catalog.forgottenThrough == .zero {
      throw .startsTooLate(firstPosition: removed.next, neededPosition: .init(rawValue: 1))
    }
    self.damage = damage
    var newest = max(walk.tail.lastPosition, catalog.control.tail.lastPosition)
    for header in catalog.allHeaders { newest = max(newest, header.basePosition) }
    if damage != nil {
      let names = try attempt(LogFileName.directory) { () throws(SystemError) in
        try storage.names()
      }
      for number in names.compactMap(LogFileName.segmentNumber)
      where number >= walk.tail.segmentNumber {
        let position = try Self.newestPosition(in: number, storage, catalog.control.geometry)
        newest = max(newest, position)
      }
    }
    newestKnownPosition = newest
  }

  /// What a start would say of the control file and the headers.
  private static func damageOfCatalog(_ storage: any LogStorage) throws(LogError) -> LogError? {
    do throws(LogError) {
      _ = try LogCatalog(storage, isLive: false)
      return nil
    } catch {
      switch error {
      case .damaged, .noLog: return error
      default: throw error
      }
    }
  }

  /// The last position of any whole batch of a segment, wherever it stands.
  private static func newestPosition(
    in number: UInt64, _ storage: any LogStorage, _ geometry: LogGeometry
  ) throws(LogError) -> LogPosition {
    var computation = SHA256()
    var newest = LogPosition.zero
    var reader = try SegmentReader(
      storage, name: LogFileName.segment(number), widestByteCount: geometry.batchByteCountMax,
      isDirect: true)
    var offset = geometry.headerExtent
    while offset < reader.byteCount {
      if let header = try reader.intactHeader(at: offset, geometry: geometry, with: &computation),
        header.segmentNumber == number
      {
        newest = max(newest, header.lastPosition)
        offset += header.extentByteCount
      } else {
        offset += geometry.alignment
      }
    }
    return newest
  }
}

extension SegmentReader {
  /// The header of a batch whose digest is right, whatever segment or place it belongs to.
  fileprivate mutating func intactHeader(
    at offset: Int, geometry: LogGeometry, with computation: inout SHA256
  ) throws(LogError) -> BatchHeader? {
    guard case .success(let header) = try headerFields(at: offset, geometry: geometry) else {
      return nil
    }
    let start = try load(offset..<offset + header.extentByteCount)
    let extent = start..<start + header.extentByteCount
    guard bytes.byteCount >= extent.upperBound,
      SealedBlock.digest(ifIntact: bytes, in: extent, with: &computation) != nil
    else { return nil }
    return header
  }
}

extension LogCatalog {
  /// Takes what is there of a damaged log: the segments up to the first whose header does not hold.
  init(salvaging storage: any LogStorage) throws(LogError) {
    var computation = SHA256()
    let headers = try Self.headers(storage, with: &computation)
    guard let first = headers.first ?? nil else { throw .nothingWhole }
    var block: ControlBlock
    do throws(LogError) {
      block = try ControlFile.read(storage, isDirect: true, with: &computation)
    } catch {
      switch error {
      case .damaged, .noLog:
        block = ControlBlock(
          kind: first.kind, environment: first.environment, geometry: first.geometry,
          tail: LogTail(beginningOf: first.history))
        block.isCleanStop = false
      default: throw error
      }
    }
    self.init(control: block)
    allHeaders = headers.compactMap { $0 }
    for header in headers {
      guard let header, header.geometry == block.geometry, header.kind == block.kind,
        header.environment == block.environment
      else { break }
      begun.append(header)
    }
  }

  /// The headers of all segments in order, nil for one that does not hold.
  private static func headers(
    _ storage: any LogStorage, with computation: inout SHA256
  ) throws(LogError) -> [SegmentHeader?] {
    var found: [SegmentHeader?] = []
    let names = try attempt(LogFileName.directory) { () throws(SystemError) in
      try storage.names()
    }
    for number in names.compactMap(LogFileName.segmentNumber).sorted() {
      var reader = try SegmentReader(
        storage, name: LogFileName.segment(number), widestByteCount: LogGeometry.alignmentMax,
        isDirect: true)
      let start = try reader.load(0..<LogGeometry.alignmentMax)
      let header = try? SegmentHeader(
        reader.bytes.extracting(droppingFirst: start), with: &computation)
      found.append(header.flatMap { $0.number == number ? $0 : nil })
    }
    return found
  }
}
