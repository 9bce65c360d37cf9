public import TransactionModel
public import WriteAheadLog

/// The kinds of records of the audit log.
public enum AuditKind: UInt16, Sendable {
  case request = 1
  case handshakes = 2
  case command = 3
}

/// One entry of the audit log, read back.
public struct AuditEntry: Hashable, Sendable {
  public enum Body: Hashable, Sendable {
    case request(AuditRequest)
    case handshakes(AuditHandshakes)
    case command(AuditCommand)
  }

  /// Its place in the audit log.
  public let position: LogPosition
  public let serverTime: Instant
  public let body: Body

  /// Reads a record; nil when it is of no known kind, or breaks its layout.
  public init?(_ record: borrowing LogRecordView) {
    let body: Body?
    switch AuditKind(rawValue: record.kind) {
    case .request: body = AuditRequest(record.body).map(Body.request)
    case .handshakes: body = AuditHandshakes(record.body).map(Body.handshakes)
    case .command: body = AuditCommand(record.body).map(Body.command)
    case nil: body = nil
    }
    guard let body else { return nil }
    self.body = body
    position = record.position
    serverTime = Instant(milliseconds: record.serverTimeMilliseconds)
  }
}
