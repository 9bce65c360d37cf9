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
  /// Why the log ends there; nil when nothing is damaged.
  let damage: LogError?
  /// The newest position that anything in the directory names.
  let newestKnownPosition: LogPosition

  init(_ storage: any LogStorage, keyring: LogKeyring?) throws(LogError) {
    var catalog = try LogCatalog(salvaging: storage)
    var walk = LogWalk(storage, catalog: catalog, keyring: keyring)
    var damage: LogError?
    do throws(LogError) {
      _ = try walk.run { _ in }
    } catch {
      guard case .damaged = error else { throw error }
      damage = error
    }
    extent = walk.extent
    // What hid the later segments comes first, and the walk stumbles over their absence.
    self.damage = catalog.damage ?? damage
    var newest = max(walk.tail.lastPosition, catalog.control.tail.lastPosition)
    for header in catalog.allHeaders { newest = max(newest, header.basePosition) }
    if self.damage != nil {
      for header in catalog.allHeaders where header.number >= walk.tail.segmentNumber {
        newest = max(newest, try Self.newestPosition(in: header, storage))
      }
    }
    newestKnownPosition = newest
    catalog.damage = nil
    self.catalog = catalog
  }

  /// The last position of any whole batch of a segment, wherever it stands.
  private static func newestPosition(
    in header: SegmentHeader, _ storage: any LogStorage
  ) throws(LogError) -> LogPosition {
    var computation = SHA256()
    var newest = LogPosition.zero
    var reader = try SegmentReader(
      storage, name: LogFileName.segment(header.number),
      widestByteCount: header.geometry.batchByteCountMax, isDirect: true)
    var offset = header.geometry.headerExtent
    while offset < reader.byteCount {
      let outcome = try reader.batch(at: offset, of: header, with: &computation)
      guard case .success(let batch) = outcome, batch.header.history == header.history.identity,
        batch.header.segmentNumber == header.number
      else {
        offset += header.geometry.alignment
        continue
      }
      newest = max(newest, batch.header.lastPosition)
      offset += batch.header.extentByteCount
    }
    return newest
  }
}

extension LogCatalog {
  /// Takes what is there of a damaged log: the segments up to the first whose header does not hold.
  init(salvaging storage: any LogStorage) throws(LogError) {
    var computation = SHA256()
    var controlDamage: LogError?
    var control: ControlBlock?
    do throws(LogError) {
      control = try ControlFile.read(storage, isDirect: true, with: &computation)
    } catch {
      switch error {
      case .damaged, .noLog: controlDamage = error
      default: throw error
      }
    }
    let headers = try Self.headers(storage, with: &computation)
    guard let first = headers.intact.first ?? nil else { throw controlDamage ?? .nothingWhole }
    var block =
      control
      ?? ControlBlock(
        kind: first.kind, environment: first.environment, geometry: first.geometry,
        tail: LogTail(beginningOf: first.history))
    if control == nil { block.isCleanStop = false }
    self.init(control: block)
    allHeaders = headers.intact.compactMap { $0 }
    for header in headers.intact {
      guard let header, header.geometry == block.geometry, header.kind == block.kind,
        header.environment == block.environment
      else { break }
      begun.append(header)
    }
    damage = controlDamage ?? (begun.count < allHeaders.count ? headers.fault : nil)
  }

  /// The headers of all segments, nil for one that does not hold but has one that does behind it.
  private static func headers(
    _ storage: any LogStorage, with computation: inout SHA256
  ) throws(LogError) -> (intact: [SegmentHeader?], fault: LogError?) {
    var found: [SegmentHeader?] = []
    var fault: LogError?
    let names = try attempt(LogFileName.directory) { () throws(SystemError) in
      try storage.names()
    }
    for number in names.compactMap(LogFileName.segmentNumber).sorted() {
      let name = LogFileName.segment(number)
      var reader = try SegmentReader(
        storage, name: name, widestByteCount: LogGeometry.alignmentMax, isDirect: true)
      let start = try reader.load(0..<LogGeometry.alignmentMax)
      do throws(BlockFault) {
        let header = try SegmentHeader(
          reader.bytes.extracting(droppingFirst: start), with: &computation)
        guard header.number == number else { throw .foreign }
        found.append(header)
      } catch {
        found.append(nil)
        let last = found.compactMap { $0 }.last?.basePosition ?? .zero
        fault =
          fault
          ?? .damaged(
            LogDamage(
              fileName: name, offset: 0, reason: .header(error), firstLostPosition: last.next,
              lastLostPosition: nil))
      }
    }
    while let last = found.last, last == nil { found.removeLast() }
    return (found, fault)
  }
}
