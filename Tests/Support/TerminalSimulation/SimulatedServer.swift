package import TransactionModel

/// What has come of a change, as the server's records have it.
package enum ChangeFate: Equatable, Sendable {
  case notCarriedOut
  case standing
  case undone

  /// What a change has come to that was answered with this code, and not reversed since.
  ///
  /// One that is found ineligible changes the record all the same (SPECIFICATION.md, 14.7 to 14.9).
  package init(_ code: ResponseCode, of type: MessageType) {
    switch (type, code) {
    case (.activate, .activated), (.recertify, .recertified), (.update, .updated),
      (.deactivate, .deactivated), (.inquiry, .eligible), (.reverse, .reversed),
      (.reverse, .reversalRemembered), (.activate, .ineligibleIncome),
      (.recertify, .ineligibleIncome), (.update, .ineligibleIncome):
      self = .standing
    default: self = .notCarriedOut
    }
  }
}

/// The other end of a simulated line: a model, or the engine itself with a log under it.
package protocol SimulatedServer {
  /// The replies that may leave once a request has come, to it and to earlier ones; `nil` when the
  /// server goes down over it.
  mutating func answer(_ frame: [UInt8], at time: Instant) -> [[UInt8]]?

  /// Ends as by SIGKILL, and begins again with what was durable.
  mutating func restart()

  /// From here on it refuses nothing that it can do.
  mutating func becomeCalm()

  func fate(of traceNumber: SystemTraceAuditNumber) -> ChangeFate

  /// The terminal's changes that were carried out, in their order.
  var carriedOut: [SystemTraceAuditNumber] { get }
}
