import Observability
import TLS

/// Why a connection was not let in.
enum HandshakeFailure: Int, CounterKey, Error {
  case notTLS
  case protocolVersion
  /// The deadline passed.
  case stalled
  case noCertificate
  case unknownAuthority
  case expired
  case notYetValid
  case wrongPurpose
  case otherCertificate
  /// The certificate has no alternative name that is a URI.
  case noIdentity
  case severalIdentities
  /// The URI is of neither of the two forms of an identity.
  case badIdentity
  case wrongEnvironment
  /// The client refused the server's certificate, or what it was offered.
  case refusedByPeer
  case peerClosed
  case tooManyOfAddress
  case shutdown
  case other
}

extension HandshakeFailure {
  init(_ failure: TLSFailure?) {
    switch failure?.reason {
    case .notTLS: self = .notTLS
    case .noClientCertificate: self = .noCertificate
    case .certificateUnknownAuthority: self = .unknownAuthority
    case .certificateExpired: self = .expired
    case .certificateNotYetValid: self = .notYetValid
    case .certificateWrongPurpose: self = .wrongPurpose
    case .certificateOther, .certificateWrongHost: self = .otherCertificate
    case .protocolVersion: self = .protocolVersion
    case .peerAlert: self = .refusedByPeer
    case .peerClosed: self = .peerClosed
    case .other, nil: self = .other
    }
  }
}
