import LinuxSystem
import TLS

/// A connection in the hands of the handshake thread: before it is let in, or after it is over.
final class PendingConnection {
  let socket: ConnectionSocket
  /// nil: the connection is over and what still comes is discarded.
  var session: TLSSession?
  /// By the monotonic clock.
  let deadlineMilliseconds: UInt64
  var token: UInt64 = 0
  var interest = ReadinessInterest.readable
  /// The bytes that are still taken in before the connection is closed.
  var discardByteCountLeft = 0

  /// Begins a handshake.
  init(_ socket: ConnectionSocket, session: consuming TLSSession, deadlineMilliseconds: UInt64) {
    self.socket = socket
    self.session = consume session
    self.deadlineMilliseconds = deadlineMilliseconds
  }

  /// Ends a connection in a way that lets the peer read the last words.
  init(lingering socket: ConnectionSocket, deadlineMilliseconds: UInt64, byteCountMax: Int) {
    self.socket = socket
    session = nil
    self.deadlineMilliseconds = deadlineMilliseconds
    discardByteCountLeft = byteCountMax
  }

  var isInHandshake: Bool {
    switch session {
    case .some: true
    case .none: false
    }
  }
}
