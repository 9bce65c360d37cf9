import COpenSSL

/// Why a context, a session or a certificate cannot be made, as an operator needs it.
public enum TLSError: Error, Hashable, Sendable {
  case certificateUnreadable(source: String, reason: String)
  case privateKeyUnreadable(source: String, reason: String)
  /// The private key is not that of the certificate.
  case privateKeyMismatch(source: String)
  case authorityUnreadable(source: String, reason: String)
  /// A host name, address or identity URI that cannot stand in a certificate.
  case nameUnusable(String)
  /// OpenSSL refused a step that no input of ours should make it refuse.
  case libraryFailed(step: String, reason: String)
}

extension TLSError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .certificateUnreadable(let source, let reason): "certificate in \(source): \(reason)"
    case .privateKeyUnreadable(let source, let reason): "private key in \(source): \(reason)"
    case .privateKeyMismatch(let source): "the private key in \(source) is another certificate's"
    case .authorityUnreadable(let source, let reason): "authority in \(source): \(reason)"
    case .nameUnusable(let name): "\(name) cannot be named in a certificate"
    case .libraryFailed(let step, let reason): "OpenSSL, \(step): \(reason)"
    }
  }

  /// The error of a step that OpenSSL has just refused.
  static func library(_ step: StaticString) -> TLSError {
    .libraryFailed(step: step.description, reason: takeErrorText())
  }
}

/// Empties OpenSSL's error queue of this thread and gives its reasons as text, the first one first.
func takeErrorText() -> String {
  var reasons: [String] = []
  while case let code = ERR_get_error(), code != 0 {
    if let text = unsafe ERR_reason_error_string(code) {
      reasons.append(unsafe String(cString: text))
    } else {
      reasons.append("error \(code)")
    }
  }
  return reasons.isEmpty ? "no reason given" : reasons.joined(separator: ", ")
}

/// Answers OpenSSL's question for a passphrase with none, where it would ask at the terminal.
func refusePassphrase(
  _: UnsafeMutablePointer<CChar>?, _: Int32, _: Int32, _: UnsafeMutableRawPointer?
) -> Int32 { -1 }
