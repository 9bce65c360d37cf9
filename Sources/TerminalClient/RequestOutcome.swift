public import WireFormat

/// What became of a request.
public enum RequestOutcome: Equatable, Sendable {
  /// The server looked into it: approved or declined; of what is no change, any answer.
  case answered(Reply)
  /// Refused for good, and never carried out.
  case refused(Reply)
  /// Nobody here can say whether it was carried out: inquire, and begin anew if it is missing.
  ///
  /// With the last refusal; without one the clerk gave it up.
  case unknown(Reply?)
  /// The clerk cancelled it; with the answer to the reversal, without one when it was never sent.
  case cancelled(Reply?)
  /// Refused until the cause is removed, such as an operator who has to sign on; still pending.
  case held(Reply)
  /// Not a change, and given up without an answer.
  case unanswered

  /// Whether this is the last that is heard of the request.
  public var isFinal: Bool {
    if case .held = self { return false }
    return true
  }

  /// The answer that it rests on.
  public var reply: Reply? {
    switch self {
    case .answered(let reply), .refused(let reply), .held(let reply): reply
    case .unknown(let reply), .cancelled(let reply): reply
    case .unanswered: nil
    }
  }
}

/// A request and what became of it.
public struct RequestResult: Equatable, Sendable {
  /// The request as the clerk made it, also when it was cancelled.
  public var request: TerminalRequest
  public var outcome: RequestOutcome

  public init(request: TerminalRequest, outcome: RequestOutcome) {
    self.request = request
    self.outcome = outcome
  }
}
