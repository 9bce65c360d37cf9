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
        ? .forgotten : entry.before.version == 0 ? .nothing : .image
      let imageByteCount = before == .image ? RecordImage.byteCount : 0
      try writer.append(.undo, Self.fixedByteCount + imageByteCount) { output in
        output.put(UInt64(entry.ordinal))
        output.put(entry.position.rawValue)
        output.put(entry.serverTime.milliseconds)
        output.put(before.rawValue)
        if before == .image { RecordImage.write(entry.before, to: &output) }
      }
    }
  }

  /// Takes the next entry in; false when it is none, or of no record of the index.
  mutating func restore(
    _ reader: inout RecordReader, _ index: borrowing EligibilityIndex
  ) -> Bool {
    guard let rawOrdinal: UInt64 = reader.next(), let ordinal = Int(exactly: rawOrdinal),
      ordinal > 0, ordinal <= index.count, let position: UInt64 = reader.next(),
      let serverTime: UInt64 = reader.next(), let rawBefore: UInt64 = reader.next(),
      let before = Before(rawValue: rawBefore)
    else { return false }
    var record = EligibilityRecord(card: index[index.slot(at: ordinal)].card)
    if before == .image {
      guard let image = RecordImage.read(&reader) else { return false }
      record = image
    }
    insert(
      record, at: ordinal, position: LogPosition(rawValue: position),
      serverTime: Instant(milliseconds: serverTime))
    if before == .forgotten { forget(ordinal) }
    return true
  }
}
