public import LinuxSystem
public import TLS

/// Why a load test does not run, or does not go on.
public enum LoadError: Error {
  case planUnusable([String])
  /// Neither loopback nor expressly allowed.
  case hostNotLocal(String)
  /// Load changes records: it is for test installations.
  case notForProduction
  case installationUnusable(path: String, reason: String)
  case unreachable(NetworkError)
  case credentialsUnusable(TLSError)
  case tooFewDescriptors(wanted: Int, allowed: Int)
  case system(SystemError)
  /// The server refused to sign an operator on.
  case signOnRefused(terminal: UInt64, code: UInt16)
  /// No connection for so long.
  case serverGone(seconds: Double, reason: String)
  /// More was due and not sent than `LoadLimits.backlogMax`.
  case serverOverrun
  case fileUnusable(path: String, reason: String)
  case journalUnusable(line: Int, reason: String)
}

extension LoadError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .planUnusable(let sentences):
      "the plan does not fit together: " + sentences.joined(separator: "; ")
    case .hostNotLocal(let host):
      "\(host) is not this machine: --allow-remote if it is yours to load"
    case .notForProduction:
      "the installation is for production, and a load test changes records"
    case .installationUnusable(let path, let reason): "\(path): \(reason)"
    case .unreachable(let error): "\(error)"
    case .credentialsUnusable(let error): "\(error)"
    case .tooFewDescriptors(let wanted, let allowed):
      "\(wanted) connections want more open files than the limit of \(allowed)"
    case .system(let error): "\(error)"
    case .signOnRefused(let terminal, let code):
      "terminal \(terminal) was not signed on: code \(code)"
    case .serverGone(let seconds, let reason):
      "no connection for \(seconds) s: \(reason)"
    case .serverOverrun:
      "more than \(LoadLimits.backlogMax) requests are due and cannot be sent: a lower rate"
    case .fileUnusable(let path, let reason): "\(path): \(reason)"
    case .journalUnusable(let line, let reason): "the journal, line \(line): \(reason)"
    }
  }
}

/// Passes a failed system call on as the reason of a load test.
func reporting<Value: ~Copyable>(
  _ body: () throws(SystemError) -> Value
) throws(LoadError) -> Value {
  do throws(SystemError) { return try body() } catch { throw .system(error) }
}
