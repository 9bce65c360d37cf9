public import LinuxSystem
public import TLS
public import TransactionModel

/// Why a terminal got no answer, or could not ask: what is wrong, where, and what to do.
///
/// None holds personal data.
public enum TerminalError: Error, Sendable {
  /// Certificate, key or authority cannot be used.
  case credentialsUnusable(TLSError)
  case stateUnusable(path: String, SystemError)
  /// Another process works with the same terminal.
  case stateInUse(path: String, process: Int32?)
  /// The file of the trace number holds no valid one.
  case traceNumberDamaged(path: String)
  /// The file of pending changes cannot be opened with the terminal's key.
  case pendingUnreadable(path: String)
  /// So many changes are pending that no other can be kept.
  case pendingFull(path: String, count: Int)
  /// A reversal is sent until it is answered, and cannot be cancelled itself.
  case notCancellable(SystemTraceAuditNumber)
  /// No pending change has this number.
  case notPending(SystemTraceAuditNumber)
  case unreachable(ServerAddress, NetworkError)
  /// The server's certificate does not prove that it is the server.
  case serverNotTrusted(ServerAddress, TLSFailureReason, text: String)
  /// The server sent a TLS alert.
  case refusedByServer(ServerAddress, alert: UInt8)
  case tlsFailed(ServerAddress, text: String)
  case connectionLost(ServerAddress)
  case timedOut(ServerAddress, Phase, milliseconds: Int32)
  /// A request breaks a rule of the format, and has not been sent.
  case requestMalformed(field: String, ResponseCode)
  /// The server's bytes are no reply, or no reply to what was asked.
  case replyUnusable(ServerAddress, reason: String)
  /// So many requests wait for their answers already.
  case tooManyInFlight(Int)

  public enum Phase: String, Sendable {
    case handshake = "the handshake"
    case sending = "sending"
    case answer = "the answer"
  }
}

extension TerminalError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .credentialsUnusable(let error):
      "\(error): check authority, certificate and key of the terminal's profile"
    case .stateUnusable(let path, let error):
      "\(path): \(error): the state directory must be writable"
    case .stateInUse(let path, let process):
      "\(path) is in use by \(process.map { "process \($0)" } ?? "another process"): "
        + "one program at a time may work as this terminal"
    case .traceNumberDamaged(let path):
      "\(path) holds no valid trace number: remove it, and sign on before anything else"
    case .pendingUnreadable(let path):
      "\(path) cannot be opened: it is damaged, or the terminal's key was replaced while changes "
        + "were pending: put the former key back and forward them first"
    case .pendingFull(let path, let count):
      "\(path): \(count) changes are pending: forward them before there are more"
    case .notCancellable(let number):
      "\(number.rawValue) is a reversal: it is sent until it is answered"
    case .notPending(let number):
      "no change with the trace number \(number.rawValue) is pending"
    case .unreachable(let server, let error):
      "no connection to \(server): \(error): is posd serving there?"
    case .serverNotTrusted(let server, let reason, let text):
      "\(server) is not to be trusted: \(Self.distrust(reason, server) ?? text)"
    case .refusedByServer(let server, let alert):
      "\(server) \(Self.refusal(alert))"
    case .tlsFailed(let server, let text):
      "TLS with \(server) failed: \(text)"
    case .connectionLost(let server):
      "\(server) closed the connection before it answered"
    case .timedOut(let server, let phase, let milliseconds):
      "\(server): \(phase.rawValue) took longer than \(milliseconds) ms"
    case .requestMalformed(let field, let code):
      "not sent: \(field) \(Self.fault(code))"
    case .replyUnusable(let server, let reason):
      "\(server) sent what is no answer to the request: \(reason)"
    case .tooManyInFlight(let count):
      "\(count) requests wait for their answers: receive one first"
    }
  }

  private static func distrust(_ reason: TLSFailureReason, _ server: ServerAddress) -> String? {
    switch reason {
    case .certificateUnknownAuthority: "its certificate is of another authority than the profile's"
    case .certificateExpired: "its certificate has expired"
    case .certificateNotYetValid: "its certificate is not valid yet: check this machine's clock"
    case .certificateWrongPurpose: "its certificate is not that of a server"
    case .certificateWrongHost: "its certificate is not for the host \(server.host)"
    default: nil
    }
  }

  /// What an alert of RFC 8446, section 6.2, means to a terminal.
  private static func refusal(_ alert: UInt8) -> String {
    let refused = "refused this terminal's certificate: "
    return switch alert {
    case TLSAlert.certificateExpired:
      refused + "certificate expired: have a new one issued"
    case TLSAlert.certificateRevoked:
      refused + "certificate revoked"
    case TLSAlert.unknownAuthority:
      refused + "it is of another authority than the server's"
    case TLSAlert.unsupportedCertificate:
      refused + "it is not that of a client"
    case TLSAlert.certificateRequired:
      "wants a certificate, and none was sent"
    case TLSAlert.badCertificate, TLSAlert.certificateUnknown:
      refused + TLSAlert.name(of: alert)
    case TLSAlert.protocolVersion:
      "speaks no TLS version that this terminal allows"
    default:
      "refused the connection with the TLS alert \(TLSAlert.name(of: alert))"
    }
  }

  private static func fault(_ code: ResponseCode) -> String {
    switch code {
    case .textMalformed: "holds a control character, or is no UTF-8"
    case .textAlphabet: "holds a character that may not stand there"
    case .dateImpossible: "is no date that exists"
    case .valueOutOfRange: "is out of range"
    case .requiredFieldAbsent: "is missing"
    case .checkDigitWrong: "has a wrong check digit: type it again"
    case .clearNotAllowed: "cannot be cleared"
    case .frameLengthWrong: "does not fit"
    default: "breaks rule \(code.rawValue) of the format"
    }
  }
}

extension TerminalError {
  /// Whether the request may have been carried out although no answer came.
  public var leavesOutcomeOpen: Bool {
    switch self {
    case .connectionLost, .replyUnusable, .tlsFailed: true
    case .timedOut(_, let phase, _): phase != .handshake
    case .credentialsUnusable, .stateUnusable, .stateInUse, .traceNumberDamaged,
      .pendingUnreadable, .pendingFull, .notCancellable, .notPending, .unreachable,
      .serverNotTrusted, .refusedByServer, .requestMalformed, .tooManyInFlight:
      false
    }
  }
}
