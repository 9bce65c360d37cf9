import TLS
import TransactionModel

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

extension CertificateIdentity {
  /// Reads whom a verified certificate speaks for, in the environment that is served.
  init(
    _ certificate: CertificateSummary, in environment: Environment
  ) throws(HandshakeFailure) {
    let uris = certificate.subjectAlternativeURIs
    guard let uri = uris.first else { throw .noIdentity }
    guard uris.count == 1 else { throw .severalIdentities }
    guard let identity = CertificateIdentity(uri: uri) else { throw .badIdentity }
    guard identity.environment == environment else { throw .wrongEnvironment }
    self = identity
  }
}
