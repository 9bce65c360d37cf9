import TransactionModel
import WireFormat
import WriteAheadLog

extension DuplicateStore {
  /// Writes each terminal and its answers, oldest first.
  func write(to writer: inout SnapshotWriter) throws(LogError) {
    for (terminal, history) in histories.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      try writer.append(.terminalHistory, 32) { output in
        output.put(terminal.rawValue)
        output.put(history.forgottenThrough.milliseconds)
        output.put(history.newestPosition.rawValue)
        output.put(history.newestTraceNumber)
        output.put(history.largestTraceNumber)
      }
      for index in history.start..<history.start + history.count {
        let answer = history.answers[index % history.answers.count]
        try writer.append(.answer, StoredAnswer.byteCount) { answer.write(to: &$0) }
      }
    }
  }

  /// Begins the window of a terminal that has none, and gives whose it is; nil when the record is
  /// none.
  mutating func restoreHistory(_ reader: inout RecordReader) -> TerminalID? {
    guard let terminal: UInt64 = reader.next(), let forgotten: UInt64 = reader.next(),
      let position: UInt64 = reader.next(), let newest: UInt32 = reader.next(),
      let largest: UInt32 = reader.next(), histories[TerminalID(rawValue: terminal)] == nil
    else { return nil }
    var history = TerminalHistory(countMax: countMax)
    history.forgottenThrough = Instant(milliseconds: forgotten)
    history.newestPosition = LogPosition(rawValue: position)
    history.newestTraceNumber = newest
    history.largestTraceNumber = largest
    histories[TerminalID(rawValue: terminal)] = history
    return TerminalID(rawValue: terminal)
  }

  /// Adds an answer to the window of a terminal that was begun; false when none was.
  mutating func restore(_ answer: StoredAnswer, of terminal: TerminalID) -> Bool {
    guard let place = histories.place(of: terminal) else { return false }
    histories.change(at: place) { $0.restore(answer) }
    return true
  }
}

extension TerminalHistory {
  /// Adds an answer that is newer than the others, and leaves all else as the snapshot has it.
  fileprivate mutating func restore(_ answer: StoredAnswer) {
    let (trace, position, largest) = (newestTraceNumber, newestPosition, largestTraceNumber)
    append(answer)
    (newestTraceNumber, newestPosition, largestTraceNumber) = (trace, position, largest)
  }
}

extension StoredAnswer {
  fileprivate static let byteCount = 240

  fileprivate func write(to output: inout OutputRawSpan) {
    output.put(digest)
    output.put(position.rawValue)
    output.put(transactionTime.milliseconds)
    output.put(serverTime.milliseconds)
    output.put(reversal.rawValue)
    output.put(card.high.byteSwapped)
    output.put(card.low.byteSwapped)
    output.put(traceNumber.rawValue)
    output.put(replyByteCount)
    output.put(frameByteCount)
    output.put(UInt64(hasChangedRecord ? 1 : 0))
    output.put(reply, first: 160)
  }

  init?(_ reader: inout RecordReader) {
    guard let digest: UInt128 = reader.next(), let position: UInt64 = reader.next(),
      let transactionTime: UInt64 = reader.next(), let serverTime: UInt64 = reader.next(),
      let reversal: UInt64 = reader.next(), let card = reader.nextCard(),
      let traceNumber: UInt32 = reader.next(), let replyByteCount: UInt16 = reader.next(),
      let frameByteCount: UInt16 = reader.next(), let hasChanged: UInt64 = reader.next(),
      hasChanged <= 1,
      TransactionRecord.isStoredReply(
        Int(replyByteCount) - HeaderLayout.byteCount, ofFrame: Int(frameByteCount))
        || replyByteCount == 0 && frameByteCount == 0,
      let reply: InlineArray<160, UInt8> = reader.nextBytes()
    else { return nil }
    self.init(
      digest: digest, position: LogPosition(rawValue: position),
      transactionTime: Instant(milliseconds: transactionTime),
      serverTime: Instant(milliseconds: serverTime),
      traceNumber: SystemTraceAuditNumber(rawValue: traceNumber), replyByteCount: replyByteCount,
      frameByteCount: frameByteCount, reply: reply)
    self.card = card
    self.hasChangedRecord = hasChanged == 1
    self.reversal = LogPosition(rawValue: reversal)
  }
}
