public import LinuxSystem
public import TLS

/// Why an installation could not be made.
public enum InstallationError: Error, Hashable, Sendable, CustomStringConvertible {
  case directoryNotEmpty(String)
  case cannotWrite(path: String, SystemError)
  case certificateNotMade(holder: String, TLSError)

  public var description: String {
    switch self {
    case .directoryNotEmpty(let path):
      "\(path) is not empty: name a directory that is empty or does not exist"
    case .cannotWrite(let path, let error):
      "\(path): \(error)"
    case .certificateNotMade(let holder, let error):
      "certificate of \(holder): \(error)"
    }
  }
}
