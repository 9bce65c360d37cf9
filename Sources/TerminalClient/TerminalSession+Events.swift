package import TransactionModel
package import WireFormat

/// What happens to a terminal.
package enum TerminalEvent: Equatable, Sendable {
  /// The clerk confirmed a request; its number was never used before.
  case requested(TerminalRequest)
  /// The clerk cancels a pending change; with its reversal, where `needsReversal` asks for one.
  case cancelled(SystemTraceAuditNumber, reversal: TerminalRequest?)
  /// Nobody waits any longer for a request that is not a change.
  case withdrawn(SystemTraceAuditNumber)
  /// What is held is to be tried again.
  case resumed
  /// The connection asked for is there, handshake and all.
  case connected
  /// It did not come about.
  case connectionFailed
  /// It is gone, and with it every answer that was to come on it.
  case connectionLost
  /// The terminal closed it, to be at rest until the next event.
  case closed
  /// A reply came on the connection.
  case received(Reply)
  /// A moment that `nextWakeup` named has come; harmless at any other.
  case timePassed
}

/// What a terminal does next; its owner does them in order.
///
/// A send on a connection that is gone meanwhile is left out: the session has been told, or will
/// be, by `connectionLost`.
package enum TerminalAction: Equatable, Sendable {
  /// Durable before the next action.
  case keep(PendingChange)
  case erase(SystemTraceAuditNumber)
  /// Answered by `connected` or `connectionFailed`, within the time for it.
  case connect(server: Int)
  case disconnect
  case send(TerminalRequest)
  /// Told before it is erased: a crash between the two tells it again, and never loses it.
  case report(RequestResult)
}

extension TerminalRequest {
  /// Whether a reply gives every key field back as it was sent (SPECIFICATION.md, 8.2).
  func isAnswered(by reply: ReplyHeader) -> Bool {
    header.terminal == reply.terminal && header.traceNumber == reply.traceNumber
      && body.messageType.rawValue == reply.rawRequestType
      && header.transactionTime == reply.transactionTime
      && header.environment.rawValue == reply.rawEnvironment
      && header.software == reply.software && header.operatorID == reply.operatorID
  }
}
