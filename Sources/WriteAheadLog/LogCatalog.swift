import Cryptography
import LinuxSystem
import TransactionModel

/// What a log's directory holds, before any batch is read.
struct LogCatalog {
  let control: ControlBlock
  /// Whether another process writes the log, so that a segment may be begun or cut at any moment.
  let isLive: Bool
  /// The segments that were begun, in order.
  var begun: [SegmentHeader] = []
  /// Segments without a valid header, in order; they hold no batch.
  var blank: [BlankSegment] = []
  /// What was never finished, to be removed.
  var temporaryNames: [String] = []

  init(control: ControlBlock) {
    self.control = control
    isLive = false
  }

  /// Reads the control file and the header of every segment: past the page cache, unless another
  /// process is at work on it.
  init(_ storage: any LogStorage, isLive: Bool) throws(LogError) {
    var computation = SHA256()
    self.isLive = isLive
    control = try ControlFile.read(storage, isDirect: !isLive, with: &computation)
    let names = try attempt(LogFileName.directory) { () throws(SystemError) in
      try storage.names()
    }
    temporaryNames = names.filter { $0 == LogFileName.temporary }
    let largest = control.geometry.headerExtent
    for number in names.compactMap(LogFileName.segmentNumber).sorted() {
      let name = LogFileName.segment(number)
      var reader = try SegmentReader(
        storage, name: name, widestByteCount: largest, isDirect: !isLive)
      let start = try reader.load(0..<largest)
      do throws(BlockFault) {
        let header = try SegmentHeader(
          reader.bytes.extracting(droppingFirst: start), with: &computation)
        guard header.number == number, header.geometry == control.geometry,
          header.kind == control.kind, header.environment == control.environment
        else { throw .foreign }
        begun.append(header)
      } catch {
        if case .unknownVersion(let version) = error { throw .otherVersion(version, file: name) }
        let isClaimed = number <= control.tail.segmentNumber
        guard error.mayBeTorn, !isClaimed, try holdsNothing(storage, name) else {
          throw damage(name, .header(error))
        }
        let front = try reader.load(0..<largest)
        let isZero = reader.bytes.isZero(
          in: front..<min(reader.bytes.byteCount, front + largest))
        blank.append(
          BlankSegment(number: number, byteCount: reader.byteCount, isHeaderTorn: !isZero))
      }
    }
    try checkOrder()
  }

  /// The header of the segment behind another one.
  func successor(of number: UInt64) -> SegmentHeader? { begun.first { $0.number > number } }

  /// The last position of the segments that were removed; nil when the first one is there.
  var removedThrough: LogPosition? {
    begun.first.flatMap { $0.number > 1 ? $0.predecessorLastPosition : nil }
  }

  /// The last position that is rightly gone without a snapshot; `zero` when none is.
  var forgottenThrough: LogPosition {
    control.kind.forgetsByAge ? removedThrough ?? .zero : .zero
  }

  private func checkOrder() throws(LogError) {
    guard let last = begun.last, let early = blank.first(where: { $0.number < last.number }) else {
      return
    }
    throw damage(LogFileName.segment(early.number), .header(.blank))
  }

  private func holdsNothing(_ storage: any LogStorage, _ name: String) throws(LogError) -> Bool {
    // Where another process is at work, it may have been begun by now.
    if isLive { return true }
    var reader = try SegmentReader(
      storage, name: name, widestByteCount: control.geometry.batchByteCountMax, isDirect: true)
    return try reader.endOfNonZero(from: control.geometry.headerExtent) == nil
  }

  /// Nothing of a segment can be read without its header, nor what follows it.
  private func damage(_ name: String, _ reason: DamageReason) -> LogError {
    .damaged(
      LogDamage(
        fileName: name, offset: 0, reason: reason,
        firstLostPosition: begun.last?.basePosition.next ?? control.tail.history.basePosition.next,
        lastLostPosition: nil))
  }
}

/// A segment file that was prepared and not begun, or not to the end of its header.
struct BlankSegment: Equatable {
  let number: UInt64
  let byteCount: Int
  let isHeaderTorn: Bool
}
