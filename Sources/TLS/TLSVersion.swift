import COpenSSL

/// A protocol version that posd speaks.
public enum TLSVersion: Comparable, Sendable, CaseIterable {
  /// Only with forward secrecy and authenticated encryption.
  case tls12
  case tls13

  var number: Int32 {
    switch self {
    case .tls12: TLS1_2_VERSION
    case .tls13: TLS1_3_VERSION
    }
  }
}
