public import LinuxSystem

/// Why the server cannot start, as an operator needs it.
public enum ServerError: Error, Hashable, Sendable {
  /// Limits that do not fit together, one sentence each.
  case limitsContradict([String])
  case systemCallFailed(SystemError)
  case network(NetworkError)
}

extension ServerError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .limitsContradict(let sentences): "limits: " + sentences.joined(separator: "; ")
    case .systemCallFailed(let error): error.description
    case .network(let error): error.description
    }
  }
}
