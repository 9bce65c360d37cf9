import TransactionModel
import WriteAheadLog

extension PolicyJournal {
  private static let positionByteCount = 8
  private static let activationByteCount = 24

  func write(to writer: inout SnapshotWriter) throws(LogError) {
    let files = documents.sorted { $0.key < $1.key }
    for (position, document) in files {
      try writer.append(.policyFile, Self.positionByteCount + document.recordByteCount) { output in
        output.put(position.rawValue)
        document.write(to: &output)
      }
    }
    guard let active else { return }
    // What was noted since stands behind the activation.
    let named = files.filter { $0.key < active.position }
    try writer.append(.policyActivation, Self.activationByteCount + named.count * 8) { output in
      output.put(active.position.rawValue)
      output.put(active.since.milliseconds)
      output.put(UInt32(named.count))
      output.put(UInt32(active.isCompiledIn ? 1 : 0))
      for (position, _) in named { output.put(position.rawValue) }
    }
  }

  mutating func restoreFile(_ reader: inout RecordReader) -> Bool {
    guard let position: UInt64 = reader.next(), let document = PolicyDocument(&reader) else {
      return false
    }
    note(document, at: LogPosition(rawValue: position))
    return true
  }

  mutating func restoreActivation(_ reader: inout RecordReader) -> Bool {
    guard let position: UInt64 = reader.next(), let since: UInt64 = reader.next(),
      let count: UInt32 = reader.next(), count <= PolicyActivationEntry.fileCountMax,
      let isCompiledIn: UInt32 = reader.next(), isCompiledIn <= 1
    else { return false }
    var named: [PolicyDocument] = []
    for _ in 0..<count {
      guard let file: UInt64 = reader.next(), let document = documents[LogPosition(rawValue: file)]
      else { return false }
      named.append(document)
    }
    active = ActivePolicy(
      isCompiledIn: isCompiledIn == 1, documents: named.sorted { $0.name < $1.name },
      since: Instant(milliseconds: since), position: LogPosition(rawValue: position))
    return true
  }
}
