import Administration
import AuditTrail
import Installation
import TransactionModel
import WriteAheadLog

/// The entries of an audit log, one line of JSON each, masked.
enum AuditDump {
  static func write(
    _ directory: String, _ keyring: LogKeyring, after: LogPosition, limit: Int
  ) throws(LogError) {
    let verification = try LogInspector.verify(
      directory: directory, keyring: keyring, after: LogPosition(rawValue: .max))
    let parts = try LogParts(directory: directory, keyring: keyring)
    guard verification.lastPosition > after, let numbers = try parts.numbers() else { return }
    var remaining = limit
    for number in numbers {
      try parts.read(number, after: after, through: verification.lastPosition) { record in
        guard remaining > 0 else { return }
        remaining -= 1
        StandardStreams.write(line(record))
      }
    }
  }

  static func line(_ record: borrowing LogRecordView) -> String {
    guard let entry = AuditEntry(record) else {
      return JSONValue.object([
        "audit_position": .integer(record.position.rawValue),
        "kind": .integer(UInt64(record.kind)), "malformed": .bool(true),
      ]).line
    }
    return JSONValue.object(AuditFinding(entry).members(isRevealing: false)).line
  }
}
