public import Observability
import TransactionModel

/// What the server's threads have counted, added up when somebody asks.
public final class ServerStatistics: Sendable {
  let reactors: [ReactorCounters]
  let handshakes = HandshakeCounters()
  let allowance: ConnectionAllowance

  init(reactorCount: Int, allowance: ConnectionAllowance) {
    reactors = (0..<reactorCount).map { _ in ReactorCounters() }
    self.allowance = allowance
  }

  /// All counts at this moment, by name.
  public var listing: CounterListing {
    var listing = CounterListing()
    listing.add("connections_open", UInt64(allowance.openCount))
    listing.add(handshakes.events, prefix: "handshake_thread_")
    listing.add(handshakes.failures, prefix: "handshake_failed_")
    for counters in reactors {
      listing.add(counters.events, prefix: "reactors_")
      listing.add(counters.frames, prefix: "frames_")
      listing.add(counters.replies, prefix: "replies_")
      listing.add(counters.refusals, prefix: "refusals_", omittingZeros: true)
      listing.add(counters.closes, prefix: "closed_")
    }
    return listing
  }
}
