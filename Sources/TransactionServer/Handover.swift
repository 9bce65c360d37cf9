import LinuxSystem
import Synchronization
import TLS
import TransactionModel

/// A connection whose handshake is done, on its way to the reactor that will own it.
final class Handover: Sendable {
  let socket: ConnectionSocket
  let identity: CertificateIdentity
  /// Milliseconds since 1970 UTC, by the real clock: of the last second it is valid in.
  let certificateEndMilliseconds: UInt64
  private let session: Mutex<TLSSession?>

  init(
    socket: ConnectionSocket, session: consuming TLSSession, identity: CertificateIdentity,
    certificateEndMilliseconds: UInt64
  ) {
    self.socket = socket
    self.identity = identity
    self.certificateEndMilliseconds = certificateEndMilliseconds
    self.session = Mutex(session)
  }

  /// The session, which is handed over once.
  func takeSession() -> TLSSession {
    guard let session = session.withLock({ $0.take() }) else {
      preconditionFailure("a session was handed over twice")
    }
    return session
  }
}
