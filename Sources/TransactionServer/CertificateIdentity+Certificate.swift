import AuditTrail
import TLS
import TransactionModel

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
