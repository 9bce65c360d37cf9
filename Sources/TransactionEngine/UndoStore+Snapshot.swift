import EligibilityIndex
import TransactionModel
import WriteAheadLog

extension UndoStore {
  private static let fixedByteCount = 32

  /// What is known of the record before a change.
  private enum Before: UInt64 {
    /// The change cannot be reversed any more; it only takes a place.
    case forgotten = 0
    case image = 1
    /// The card had no record.
    case nothing = 2
  }

  /// Writes what is kept, oldest first.
  func write(to writer: inout SnapshotWriter) throws(LogError) {
    for sequence in start..<end {
      let entry = entries[sequence % countMax]
      let before: Before =
        sequences[entry.ordinal] != sequence + 1
        ? .forgotten : entry.hasImage ? .image : .nothing
      let imageByteCountMax = before == .image ? RecordImage.byteCountMax : 0
      try writer.append(.undo, Self.fixedByteCount + imageByteCountMax) { output in
        output.put(UInt64(entry.ordinal))
        output.put(entry.position.rawValue)
        output.put(entry.serverTime.milliseconds)
        output.put(before.rawValue)
        if before == .image { RecordImage.write(images[sequence % countMax], to: &output) }
      }
    }
  }

  /// Takes the next entry in; false when it is none, or of no record of so many.
  mutating func restore(_ reader: inout RecordReader, recordCount: Int) -> Bool {
    guard let rawOrdinal: UInt64 = reader.next(), let ordinal = Int(exactly: rawOrdinal),
      ordinal > 0, ordinal <= recordCount, let position: UInt64 = reader.next(),
      let serverTime: UInt64 = reader.next(), let rawBefore: UInt64 = reader.next(),
      let before = Before(rawValue: rawBefore)
    else { return false }
    var record: EligibilityRecord?
    if before == .image {
      record = RecordImage.read(&reader)
      guard record != nil else { return false }
    }
    insert(
      record, at: ordinal, position: LogPosition(rawValue: position),
      serverTime: Instant(milliseconds: serverTime))
    if before == .forgotten { forget(ordinal) }
    return true
  }
}
