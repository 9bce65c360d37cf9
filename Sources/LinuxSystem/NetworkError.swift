import Glibc

/// Why an address cannot be listened on or a peer cannot be reached, as an operator needs it.
public enum NetworkError: Error, Hashable, Sendable {
  /// Another process, perhaps this daemon's earlier self, listens there.
  case addressInUse(String)
  /// The text is not an IP address, or not one that this machine has.
  case addressUnusable(String)
  case hostNotFound(host: String, reason: String)
  case timedOut(peer: String)
  /// What the service manager handed over is not one listening stream socket.
  case inheritedDescriptorsUnusable(reason: String)
  /// The path is longer than the 107 bytes that the kernel takes.
  case pathTooLong(String)
  case systemCallFailed(String, SystemError)
}

extension NetworkError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .addressInUse(let address): "\(address) is in use by another process"
    case .addressUnusable(let address): "\(address) is not an address of this machine"
    case .hostNotFound(let host, let reason): "host \(host) not found: \(reason)"
    case .timedOut(let peer): "no answer from \(peer) in time"
    case .inheritedDescriptorsUnusable(let reason): "inherited descriptors: \(reason)"
    case .pathTooLong(let path): "\(path) is too long for a socket"
    case .systemCallFailed(let subject, let error): "\(subject): \(error)"
    }
  }
}

extension NetworkError {
  /// Whether the peer's machine is there, and nobody listens on the port.
  public var isRefusal: Bool {
    guard case .systemCallFailed(_, let reason) = self else { return false }
    return reason.errorNumber == ECONNREFUSED
  }
}
