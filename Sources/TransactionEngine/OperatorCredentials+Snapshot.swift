import TransactionModel
import WriteAheadLog

extension OperatorCredentials {
  func write(to writer: inout SnapshotWriter) throws(LogError) {
    for (person, credential) in credentials.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      try writer.append(.credential, 48) { output in
        output.put(credential.digest)
        output.put(person.rawValue)
        output.put(credential.issued.milliseconds)
        output.put(credential.position.rawValue)
        output.put(UInt32(clamping: credential.wrongCount))
        output.put(UInt32(credential.hasSecret ? 1 : 0))
      }
    }
  }

  mutating func restore(_ reader: inout RecordReader) -> Bool {
    guard let digest: UInt128 = reader.next(), let person: UInt64 = reader.next(),
      let issued: UInt64 = reader.next(), let position: UInt64 = reader.next(),
      let wrongCount: UInt32 = reader.next(), let hasSecret: UInt32 = reader.next(),
      hasSecret <= 1
    else { return false }
    var credential = Credential()
    credential.digest = digest
    credential.issued = Instant(milliseconds: issued)
    credential.hasSecret = hasSecret == 1
    credential.wrongCount = Int(wrongCount)
    credential.position = LogPosition(rawValue: position)
    credentials[OperatorID(rawValue: person)] = credential
    return true
  }
}
