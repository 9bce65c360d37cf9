import Cryptography
import LinuxSystem
import TransactionModel

/// What can be saved of a damaged log: a part of it that is whole, and what it builds on.
///
/// That is the beginning of the log or, better, what lies behind its newest snapshot. Nothing else
/// behind a damage is used, whole or not: a record is the state of a card after a change, and the
/// changes between would be missing without anybody seeing it.
struct LogSalvage {
  let control: ControlBlock
  /// What is saved of the files; nil when all of it is in the snapshot.
  let part: WholePart?
  /// How far that goes.
  let tail: LogTail
  /// The snapshots that it has, newest first.
  let snapshots: [String]
  /// What is wrong with the log; nil when nothing is.
  let damage: LogError?
  /// The newest position that anything of this log names.
  let newestKnownPosition: LogPosition
  /// The newest one that anything in the directory names, a snapshot of another log too.
  let givenThrough: LogPosition
  /// The positions whose records are in the original only: the snapshot stands for them.
  let leftBehind: (first: LogPosition, last: LogPosition)?

  init(_ storage: any LogStorage, keyring: LogKeyring) throws(LogError) {
    let remains = try LogRemains(storage, keyring: keyring)
    control = remains.control
    let survey = try SnapshotSurvey(storage, keyring: keyring)
    let found = try remains.wholeParts(storage, keyring: keyring, marks: survey.marks)
    // What hid later segments is named first: the walk stumbles over their absence.
    var damage = try Self.damageOfCatalog(storage) ?? found.damage
    let part = found.parts.enumerated().reversed().first { index, part in
      // What is before the first whole part of a log without snapshots is in nothing else.
      !part.metMarks.isEmpty
        || index == 0 && part.isBeginning && part.firstNumber == remains.segments.first?.number
    }?.element
    let end = part?.extent.tail.lastPosition
    let alone = survey.marks.first {
      $0.lastPosition > end ?? .zero && remains.mayHold($0, found.parts)
    }
    if let alone {
      // Without any damage the log ends too early: its newest segments are gone.
      damage =
        damage
        ?? .snapshotUnfit(
          file: LogSnapshot.name(of: alone.lastPosition), .newerThanLog(end ?? .zero))
      self.part = nil
      tail = alone
    } else if let part {
      self.part = part
      tail = part.extent.tail
    } else if let first = remains.segments.first?.header, first.number > 1 {
      throw .startsTooLate(
        firstPosition: first.predecessorLastPosition.next, neededPosition: .init(rawValue: 1))
    } else {
      throw .nothingWhole
    }
    let met = alone.map { [$0] } ?? part?.metMarks ?? []
    snapshots = survey.summaries(met: met).filter { $0.state == .sound }.map(\.name)
    let (removed, base) = (remains.removedThrough, self.part?.base ?? tail.lastPosition)
    leftBehind = base > removed ? (removed.next, base) : nil
    self.damage = damage
    var newest = max(tail.lastPosition, remains.newestNamedPosition)
    for mark in survey.marks {
      let isMet = found.parts.contains { $0.metMarks.contains(mark) }
      if isMet || remains.mayHold(mark, found.parts) { newest = max(newest, mark.lastPosition) }
    }
    if damage != nil {
      for (number, _) in remains.segments where number >= tail.segmentNumber {
        let position = try Self.newestPosition(in: number, storage, control.geometry)
        newest = max(newest, position)
      }
    }
    newestKnownPosition = newest
    givenThrough = survey.marks.map(\.lastPosition).reduce(newest) { max($0, $1) }
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

extension WholePart {
  private var first: SegmentHeader? { catalog.begun.first }

  fileprivate var firstNumber: UInt64? { first?.number }

  /// Whether it needs no snapshot: the log's beginning, or what may be one.
  fileprivate var isBeginning: Bool { first?.number == 1 || catalog.control.kind.forgetsByAge }

  /// The position before its first record.
  fileprivate var base: LogPosition { first?.predecessorLastPosition ?? .zero }
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
