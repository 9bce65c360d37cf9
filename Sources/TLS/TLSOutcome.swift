/// How one step of a TLS connection over a non-blocking descriptor ended.
public enum TLSOutcome: Equatable, Sendable {
  /// The step is done; of a read, that at least one byte came, of a write, that at least one went.
  case complete
  /// Repeat the step when the descriptor is readable. A write can want this too.
  case wantsRead
  /// Repeat the step when the descriptor is writable. A read can want this too.
  case wantsWrite
  /// The peer sent close_notify, or its connection is gone; nothing more comes.
  case peerClosed
  /// The connection is of no further use; the session's `failure` says why.
  case failed
}
