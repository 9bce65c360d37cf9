import COpenSSL
import Glibc

/// Why a TLS connection failed, sorted as a server counts it.
public enum TLSFailureReason: Hashable, Sendable {
  /// What came is not TLS at all.
  case notTLS
  /// The client sent no certificate where one is required.
  case noClientCertificate
  case certificateUnknownAuthority
  case certificateExpired
  case certificateNotYetValid
  /// The certificate is not meant for this end of a connection.
  case certificateWrongPurpose
  /// The server's certificate is for another host.
  case certificateWrongHost
  case certificateOther
  /// The two ends have no protocol version in common.
  case protocolVersion
  /// The peer refused, with this alert description (RFC 8446, section 6; `TLSAlert` has names).
  case peerAlert(number: UInt8)
  /// The connection ended without close_notify.
  case peerClosed
  case other
}

/// Why a TLS connection failed, with OpenSSL's words for the log.
public struct TLSFailure: Error, Hashable, Sendable, CustomStringConvertible {
  public let reason: TLSFailureReason
  /// Reasons only: nothing that the peer wrote.
  public let text: String

  public var description: String { text }
}

extension TLSFailure {
  /// Reads the failure of the call that has just ended with SSL_ERROR_SSL, and empties the queue.
  static func takeProtocolFailure(of session: OpaquePointer) -> TLSFailure {
    let code = ERR_peek_error()
    let number = COpenSSL_reason_of(code)
    let verification = unsafe SSL_get_verify_result(session)
    var text = takeErrorText()
    guard COpenSSL_is_tls_error(code) == 1 else { return TLSFailure(reason: .other, text: text) }
    if number == SSL_R_CERTIFICATE_VERIFY_FAILED,
      let detail = unsafe X509_verify_cert_error_string(verification)
    {
      text += unsafe ": \(String(cString: detail))"
    }
    return TLSFailure(reason: reason(number, verification: Int32(verification)), text: text)
  }

  /// The failure of a call that ended in the socket; errno 0 is an end without close_notify.
  static func socketFailure(errorNumber: Int32) -> TLSFailure {
    switch errorNumber {
    case 0: TLSFailure(reason: .peerClosed, text: "closed without close_notify")
    case ECONNRESET, EPIPE: TLSFailure(reason: .peerClosed, text: "connection reset")
    default: TLSFailure(reason: .other, text: "socket error \(errorNumber)")
    }
  }

  private static func reason(_ number: Int32, verification: Int32) -> TLSFailureReason {
    switch number {
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      certificateReason(verification)
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      .noClientCertificate
    case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST,
      SSL_R_UNEXPECTED_MESSAGE, SSL_R_BAD_RECORD_TYPE, SSL_R_PACKET_LENGTH_TOO_LONG,
      SSL_R_ENCRYPTED_LENGTH_TOO_LONG, SSL_R_RECORD_LENGTH_MISMATCH, SSL_R_RECORD_TOO_SMALL:
      .notTLS
    case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW, SSL_R_VERSION_TOO_HIGH,
      SSL_R_WRONG_SSL_VERSION, SSL_R_NO_PROTOCOLS_AVAILABLE:
      .protocolVersion
    case SSL_R_UNEXPECTED_EOF_WHILE_READING:
      .peerClosed
    case SSL_AD_REASON_OFFSET...(SSL_AD_REASON_OFFSET + 255):
      .peerAlert(number: UInt8(number - SSL_AD_REASON_OFFSET))
    default:
      .other
    }
  }

  private static func certificateReason(_ verification: Int32) -> TLSFailureReason {
    switch verification {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
      X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      .certificateUnknownAuthority
    case X509_V_ERR_CERT_HAS_EXPIRED:
      .certificateExpired
    case X509_V_ERR_CERT_NOT_YET_VALID:
      .certificateNotYetValid
    case X509_V_ERR_INVALID_PURPOSE:
      .certificateWrongPurpose
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
      .certificateWrongHost
    default:
      .certificateOther
    }
  }
}
