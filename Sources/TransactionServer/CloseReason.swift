import Observability

/// Why a connection that had been let in is over.
enum CloseReason: Int, CounterKey {
  /// The peer said that it was done.
  case peerClosed
  /// The peer's connection is gone, or it does not answer any more.
  case peerVanished
  case idle
  /// The peer takes no replies.
  case writeStalled
  /// A frame length that cannot be.
  case frameLength
  /// A reply, where only requests may come.
  case direction
  /// What came is not TLS any more.
  case tlsFailed
  /// The server stops.
  case shutdown
  /// The system had no room to watch it.
  case notWatchable
}
