import Glibc

/// What one accept from a non-blocking listening socket gave.
public enum AcceptOutcome<Peer: Sendable>: ~Copyable, Sendable {
  /// A connection, non-blocking and closed on exec, and who made it.
  case accepted(OwnedDescriptor, Peer)
  /// Nobody waits; poll.
  case wouldBlock
  /// A connection failed before it was accepted; accept again.
  case connectionLost
  /// The process or the system is out of descriptors or memory.
  ///
  /// The connection still waits and the socket stays readable: an owner that polls on without
  /// having closed something spins.
  case resourcesExhausted(SystemError)
  case failed(SystemError)
}

extension AcceptOutcome {
  init(failure error: SystemError) {
    switch error.errorNumber {
    case EAGAIN:
      self = .wouldBlock
    // accept(2): Linux also hands on errors that are already pending on the new connection.
    case ECONNABORTED, ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
      ENETUNREACH, EPERM:
      self = .connectionLost
    case EMFILE, ENFILE, ENOBUFS, ENOMEM:
      self = .resourcesExhausted(error)
    default:
      self = .failed(error)
    }
  }
}
