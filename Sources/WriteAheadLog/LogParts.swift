import Cryptography
import LinuxSystem
public import TransactionModel

/// A log read in parts of bounded size, also by the process that writes it.
///
/// A part is read without those before it: its own header is where its chain begins, and every batch
/// is proven against it and, where it is encrypted, by its tag. That says what the log holds, not
/// that the log is whole: `LogInspector` says that.
public struct LogParts: Sendable {
  private let storage: any LogStorage
  private let keyring: LogKeyring

  public init(directory path: String, keyring: LogKeyring) throws(LogError) {
    self.init(try LogInspector.storage(path), keyring: keyring)
  }

  package init(_ storage: any LogStorage, keyring: LogKeyring) {
    self.storage = storage
    self.keyring = keyring
  }

  /// The numbers of the parts that there are; `nil` of a log without records.
  public func numbers() throws(LogError) -> ClosedRange<UInt64>? {
    let numbers = try sortedNumbers()
    guard let first = numbers.first, let last = try lastBegun(numbers, { _ in true }) else {
      return nil
    }
    return first...last
  }

  /// The part that holds a position, if the log has it; `nil` when the log begins behind it.
  ///
  /// It is found without reading the others: every header names the position before its first.
  public func number(holding position: LogPosition) throws(LogError) -> UInt64? {
    try lastBegun(try sortedNumbers()) { $0.basePosition < position }
  }

  /// Shows the records of a part behind a position and through another one, in order.
  ///
  /// Everything through the latter must be durable: nothing else is looked at.
  public func read(
    _ number: UInt64, after: LogPosition = .zero, through: LogPosition,
    _ body: (LogRecordView) throws -> Void
  ) throws(LogError) {
    var computation = SHA256()
    guard let header = try self.header(number, &computation) else {
      throw damage(number, 0, .header(.blank))
    }
    try keyring.check([header])
    let hasSuccessor = try sortedNumbers().contains(number + 1)
    let successor = hasSuccessor ? try self.header(number + 1, &computation) : nil
    let end = min(through, successor?.predecessorLastPosition ?? through)
    var cipher = try keyring.cipher(of: header)
    var tail = LogTail(beginningOf: header)
    var reader = try SegmentReader(
      storage, name: LogFileName.segment(number),
      widestByteCount: header.geometry.batchByteCountMax, isDirect: false)
    while tail.lastPosition < end {
      let batch = try nextBatch(&reader, header, tail, &computation)
      if batch.header.recordCount > 0, batch.header.lastPosition > after {
        try open(batch, at: tail.endOffset, &reader, &cipher)
        try show(batch, at: tail.endOffset, in: reader, after, through, body)
      }
      tail.advance(over: batch.header, digest: batch.digest)
    }
  }

  private func sortedNumbers() throws(LogError) -> [UInt64] {
    let names = try attempt(LogFileName.directory) { () throws(SystemError) in
      try storage.names()
    }
    return names.compactMap(LogFileName.segmentNumber).sorted()
  }

  /// The last of the segments that were begun and of which something holds, which holds of all
  /// before it too.
  private func lastBegun(
    _ numbers: [UInt64], _ isWanted: (SegmentHeader) -> Bool
  ) throws(LogError) -> UInt64? {
    var computation = SHA256()
    var (start, end) = (0, numbers.count)
    while start < end {
      let middle = (start + end) / 2
      if let header = try header(numbers[middle], &computation), isWanted(header) {
        start = middle + 1
      } else {
        end = middle
      }
    }
    return start > 0 ? numbers[start - 1] : nil
  }

  /// The header of a segment; `nil` when none was finished, as of one that is being prepared.
  private func header(
    _ number: UInt64, _ computation: inout SHA256
  ) throws(LogError) -> SegmentHeader? {
    let name = LogFileName.segment(number)
    let largest = LogGeometry.alignmentMax
    var reader = try SegmentReader(
      storage, name: name, widestByteCount: largest, isDirect: false)
    let start = try reader.load(0..<largest)
    do throws(BlockFault) {
      let header = try SegmentHeader(
        reader.bytes.extracting(droppingFirst: start), with: &computation)
      guard header.number == number else { throw .foreign }
      return header
    } catch {
      guard error.mayBeTorn else { throw damage(number, 0, .header(error)) }
      return nil
    }
  }

  private func nextBatch(
    _ reader: inout SegmentReader, _ header: SegmentHeader, _ tail: LogTail,
    _ computation: inout SHA256
  ) throws(LogError) -> ProvenBatch {
    let outcome = try reader.batch(at: tail.endOffset, of: header, with: &computation)
    do throws(BlockFault) {
      let batch = try outcome.get()
      try batch.header.check(following: tail)
      return batch
    } catch {
      throw damage(header.number, tail.endOffset, .batch(error), behind: tail.lastPosition)
    }
  }

  private func open(
    _ batch: ProvenBatch, at offset: Int, _ reader: inout SegmentReader,
    _ cipher: inout SegmentCipher?
  ) throws(LogError) {
    guard var own = cipher.take() else { return }
    let isOpen = reader.open(batch, with: &own)
    cipher = consume own
    guard isOpen else {
      throw damage(
        batch.header.segmentNumber, offset, .batch(.undecipherable),
        behind: LogPosition(rawValue: batch.header.firstPosition.rawValue - 1))
    }
  }

  private func show(
    _ batch: ProvenBatch, at offset: Int, in reader: borrowing SegmentReader,
    _ after: LogPosition, _ through: LogPosition, _ body: (LogRecordView) throws -> Void
  ) throws(LogError) {
    let start = batch.windowOffset + BatchHeader.byteCount
    var content = reader.bytes.extracting(start..<start + batch.header.contentByteCount)
    var expected = batch.header.firstPosition
    while let record = LogRecordView(frontOf: content), record.position == expected {
      if record.position > after, record.position <= through {
        do { try body(record) } catch {
          throw .replayRefused(record.position, reason: "\(error)")
        }
      }
      expected = expected.next
      content = content.extracting(droppingFirst: record.extent)
    }
    guard content.isEmpty, expected == batch.header.lastPosition.next else {
      throw damage(batch.header.segmentNumber, offset, .record)
    }
  }

  private func damage(
    _ number: UInt64, _ offset: Int, _ reason: DamageReason, behind position: LogPosition = .zero
  ) -> LogError {
    .damaged(
      LogDamage(
        fileName: LogFileName.segment(number), offset: offset, reason: reason,
        firstLostPosition: position.next, lastLostPosition: nil))
  }
}
