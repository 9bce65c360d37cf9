package import TransactionModel

/// What has come of a change, as the server's records have it.
package enum ChangeFate: Equatable, Sendable {
  case notCarriedOut
  case standing
  case undone
}

/// The other end of a simulated line: a model, or the engine itself with a log under it.
///
/// All cards of `SimulatedClerk` are of one client range, and every deactivation and stored inquiry
/// of them counts as carried out when its answer is of class approved.
package protocol SimulatedServer {
  /// The reply to a request; `nil` when the server goes down over it.
  mutating func answer(_ frame: [UInt8], at time: Instant) -> [UInt8]?

  /// Ends as by SIGKILL, and begins again with what was durable.
  mutating func restart()

  /// From here on it refuses nothing that it can do.
  mutating func becomeCalm()

  func fate(of traceNumber: SystemTraceAuditNumber) -> ChangeFate

  /// The changes that were carried out, in their order.
  var carriedOut: [SystemTraceAuditNumber] { get }
}
