public import AuditTrail
public import Observability
import TLS

extension HandshakeFailure: CounterKey {}

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
