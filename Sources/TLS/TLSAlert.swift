/// The alert descriptions that a refused client needs to tell apart (RFC 8446, section 6).
public enum TLSAlert {
  public static let closeNotify: UInt8 = 0
  public static let handshakeFailure: UInt8 = 40
  public static let badCertificate: UInt8 = 42
  public static let unsupportedCertificate: UInt8 = 43
  public static let certificateRevoked: UInt8 = 44
  public static let certificateExpired: UInt8 = 45
  public static let certificateUnknown: UInt8 = 46
  public static let unknownAuthority: UInt8 = 48
  public static let protocolVersion: UInt8 = 70
  public static let certificateRequired: UInt8 = 116

  /// The standard's name of an alert, or its number.
  public static func name(of number: UInt8) -> String {
    switch number {
    case closeNotify: "close_notify"
    case handshakeFailure: "handshake_failure"
    case badCertificate: "bad_certificate"
    case unsupportedCertificate: "unsupported_certificate"
    case certificateRevoked: "certificate_revoked"
    case certificateExpired: "certificate_expired"
    case certificateUnknown: "certificate_unknown"
    case unknownAuthority: "unknown_ca"
    case protocolVersion: "protocol_version"
    case certificateRequired: "certificate_required"
    default: "alert \(number)"
    }
  }
}
