@testable import TransactionEngine

extension TransactionRecord {
  /// Reads a body that a test holds as an array.
  init?(body: [UInt8]) { self.init(unsafe body.span.bytes) }
}

extension RegisterEntry {
  /// Reads a body that a test holds as an array.
  init?(_ kind: RecordKind, body: [UInt8]) { self.init(kind, unsafe body.span.bytes) }
}
