/// When a certificate is valid.
public struct CertificateValidity: Hashable, Sendable {
  /// Milliseconds since 1970 UTC; a certificate holds whole seconds.
  public let notBeforeMilliseconds: UInt64
  /// Milliseconds since 1970 UTC, of the last second it is valid in.
  public let notAfterMilliseconds: UInt64

  public init(notBeforeMilliseconds: UInt64, notAfterMilliseconds: UInt64) {
    precondition(notBeforeMilliseconds <= notAfterMilliseconds)
    self.notBeforeMilliseconds = notBeforeMilliseconds
    self.notAfterMilliseconds = notAfterMilliseconds
  }
}

/// What a certificate says of its holder.
struct CertificateProfile {
  enum Usage: String {
    case server = "serverAuth"
    case client = "clientAuth"
    /// No named usage at all, which no end accepts.
    case none
  }

  /// For people who read a list of certificates; nothing is decided by it.
  ///
  /// At most 64 characters.
  var commonName: String
  var usage: Usage
  var dnsNames: [String] = []
  var addresses: [String] = []
  var uris: [String] = []
  var validity: CertificateValidity
}

/// A certificate and its private key, to be written to files.
public struct IssuedCertificate: Sendable {
  public let certificatePEM: [UInt8]
  /// PKCS#8, not encrypted: its file is readable to its owner only from the moment it is made.
  public let privateKeyPEM: [UInt8]
}

extension IssuedCertificate: CustomStringConvertible, CustomReflectable {
  /// Never the key, nor in a dump of the value.
  public var description: String { "certificate with private key" }

  public var customMirror: Mirror { Mirror(self, children: []) }
}
