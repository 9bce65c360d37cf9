import TransactionModel
import WriteAheadLog

extension UndoStore {
  private static let fixedByteCount = 32

  /// Writes what is kept, oldest first; of a change that cannot be reversed any more only that it
  /// takes a place.
  func write(to writer: inout SnapshotWriter) throws(LogError) {
    for sequence in start..<end {
      let entry = entries[sequence % countMax]
      let isLive = sequences[entry.ordinal] == sequence + 1
      try writer.append(.undo, Self.fixedByteCount + (isLive ? RecordImage.byteCount : 0)) {
        output in
        output.put(UInt64(entry.ordinal))
        output.put(entry.position.rawValue)
        output.put(entry.serverTime.milliseconds)
        output.put(UInt64(isLive ? 1 : 0))
        if isLive { RecordImage.write(entry.before, to: &output) }
      }
    }
  }

  /// Takes the next entry in; false when it is none.
  mutating func restore(_ reader: inout RecordReader) -> Bool {
    guard let rawOrdinal: UInt64 = reader.next(), let ordinal = Int(exactly: rawOrdinal),
      ordinal <= Int(UInt32.max), let position: UInt64 = reader.next(),
      let serverTime: UInt64 = reader.next(), let live: UInt64 = reader.next(), live <= 1
    else { return false }
    var before = EligibilityRecord(card: .blank)
    if live == 1 {
      guard let image = RecordImage.read(&reader) else { return false }
      before = image
    }
    insert(
      before, at: ordinal, position: LogPosition(rawValue: position),
      serverTime: Instant(milliseconds: serverTime))
    if live == 0 { forget(ordinal) }
    return true
  }
}
