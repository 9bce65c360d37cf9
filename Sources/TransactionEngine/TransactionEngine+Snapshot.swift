import Cryptography
import EligibilityIndex
import TransactionModel
public import WriteAheadLog

extension TransactionEngine {
  /// How many cards have records.
  public var cardCount: Int { index.count }

  /// Cards in one record.
  private static let cardsPerRecord = 64
  /// Entries of the keys' table in one record.
  private static let keysPerRecord = 8_192

  /// Writes all that replay has built, so that equal states give equal bytes.
  ///
  /// For an engine that was replayed and never served: what a session's operator did last is not all
  /// in the log.
  public mutating func write(to writer: inout SnapshotWriter) throws(LogError) {
    let keys = index.keyEntries()
    let head = SnapshotHead(
      keyMark: confirmations.image(of: 0), indexSeed: index.seed,
      registerPosition: registerPosition.rawValue,
      newestServerTime: newestServerTime.milliseconds,
      droppedThrough: undoStore.droppedThrough.rawValue, cardCount: UInt64(index.count),
      keyCount: UInt64(keys.count), environment: settings.environment.rawValue)
    try writer.append(.head, SnapshotHead.byteCount) { head.write(to: &$0) }
    try register.write(to: &writer)
    try credentials.write(to: &writer)
    try sessions.write(to: &writer)
    try policyJournal.write(to: &writer)
    for start in stride(from: 0, to: index.count, by: Self.cardsPerRecord) {
      let end = min(index.count, start + Self.cardsPerRecord)
      try writer.append(.cards, (end - start) * RecordImage.byteCountMax) { output in
        for ordinal in start..<end {
          RecordImage.write(index[index.slot(at: ordinal + 1)], to: &output)
        }
      }
    }
    for start in stride(from: 0, to: keys.count, by: Self.keysPerRecord) {
      let part = keys[start..<min(keys.count, start + Self.keysPerRecord)]
      try writer.append(.keys, part.count * 8) { output in
        for entry in part { output.put(entry) }
      }
    }
    try duplicates.write(to: &writer)
    try undoStore.write(to: &writer)
  }
}

extension SnapshotWriter {
  mutating func append(
    _ kind: SnapshotRecordKind, _ byteCount: Int, _ body: (inout OutputRawSpan) -> Void
  ) throws(LogError) {
    try append(kind: kind.rawValue, maximumByteCount: byteCount, body)
  }
}
