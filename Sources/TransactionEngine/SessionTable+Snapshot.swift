import TransactionModel
import WriteAheadLog

extension SessionTable {
  /// Writes the open sessions, by terminal and by when each began: their places tell nothing more.
  func write(to writer: inout SnapshotWriter) throws(LogError) {
    for (terminal, first) in firstPlaces.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      let open = sessions[first..<first + Self.operatorsPerTerminalMax]
        .filter { $0.position != .zero }.sorted { $0.position < $1.position }
      for session in open {
        try writer.append(.session, 32) { output in
          output.put(terminal.rawValue)
          output.put(session.operatorID.rawValue)
          output.put(session.lastActive.milliseconds)
          output.put(session.position.rawValue)
        }
      }
    }
  }

  /// Opens a session that a snapshot has; false when the record is none.
  mutating func restore(_ reader: inout RecordReader) -> Bool {
    guard let terminal: UInt64 = reader.next(), let person: UInt64 = reader.next(),
      let lastActive: UInt64 = reader.next(), let position: UInt64 = reader.next(), position != 0
    else { return false }
    begin(
      OperatorID(rawValue: person), at: TerminalID(rawValue: terminal),
      Instant(milliseconds: lastActive), position: LogPosition(rawValue: position))
    return true
  }
}
