import TransactionModel
import WireFormat

/// Which requests wait for an answer, and whose answer a reply is.
///
/// The key is terminal and trace number. A reply with the key of nobody who waits is a stray: the
/// late answer to a request that was given up, never that to the next one.
struct ReplyMatcher {
  enum Match: Equatable {
    case answer
    case stray
    /// The key is that of a request that waits, but this field is not as it was sent.
    case contradiction(String)
  }

  private var waiting: [TerminalRequest] = []

  var count: Int { waiting.count }

  func isWaiting(_ traceNumber: SystemTraceAuditNumber) -> Bool {
    waiting.contains { $0.traceNumber == traceNumber }
  }

  /// Begins to wait for the answer to a request; once, however often it is repeated.
  mutating func expect(_ request: TerminalRequest) {
    guard !isWaiting(request.traceNumber) else { return }
    waiting.append(request)
  }

  /// No longer waits for an answer.
  mutating func abandon(_ traceNumber: SystemTraceAuditNumber) {
    waiting.removeAll { $0.traceNumber == traceNumber }
  }

  /// Finds whose answer a reply is; that request then waits no longer.
  mutating func match(_ reply: ReplyHeader) -> Match {
    guard
      let index = waiting.firstIndex(where: {
        $0.traceNumber == reply.traceNumber && $0.header.terminal == reply.terminal
      })
    else { return .stray }
    let request = waiting[index]
    if let field = Self.contradiction(between: request, and: reply) {
      return .contradiction(field)
    }
    waiting.remove(at: index)
    return .answer
  }

  /// The first key field that a reply does not give back as it was sent.
  private static func contradiction(
    between request: TerminalRequest, and reply: ReplyHeader
  ) -> String? {
    let header = request.header
    guard reply.rawRequestType == request.body.messageType.rawValue else { return "message_type" }
    guard reply.rawEnvironment == header.environment.rawValue else { return "environment" }
    guard reply.software == header.software else { return "software_id" }
    guard reply.transactionTime == header.transactionTime else { return "transaction_time" }
    guard reply.operatorID == header.operatorID else { return "operator_id" }
    return nil
  }
}
