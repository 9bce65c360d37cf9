import LinuxSystem
import TLS

/// Certificates made for one test, as files.
final class TestCertificates: Sendable {
  let path: String

  private static let day: UInt64 = 86_400_000

  /// `server` and `terminal` are as they should be; `expired` and `stranger` are terminals with an
  /// expired certificate and with one of another authority, `elsewhere` a server of another name,
  /// `impostor` a server of the other authority.
  init(in directory: TemporaryDirectory) throws {
    path = directory.path
    let now = WallClock.nowMilliseconds
    let valid = CertificateValidity(
      notBeforeMilliseconds: now - Self.day, notAfterMilliseconds: now + Self.day)
    let past = CertificateValidity(
      notBeforeMilliseconds: now - 2 * Self.day, notAfterMilliseconds: now - Self.day)
    let authority = try CertificateAuthority(commonName: "test", validity: valid)
    let other = try CertificateAuthority(commonName: "other", validity: valid)
    try directory.write(try authority.certificatePEM(), to: "authority.pem")
    let uri = "posd://test/terminal/1001"
    let issued = [
      (
        "server",
        try authority.issueServerCertificate(
          commonName: "server", dnsNames: ["localhost"], addresses: ["127.0.0.1"],
          validity: valid)
      ),
      (
        "elsewhere",
        try authority.issueServerCertificate(
          commonName: "elsewhere", dnsNames: ["elsewhere.example"], addresses: [],
          validity: valid)
      ),
      (
        "impostor",
        try other.issueServerCertificate(
          commonName: "impostor", dnsNames: ["localhost"], addresses: ["127.0.0.1"],
          validity: valid)
      ),
      (
        "terminal",
        try authority.issueClientCertificate(
          commonName: "terminal", identityURI: uri, validity: valid)
      ),
      (
        "expired",
        try authority.issueClientCertificate(
          commonName: "expired", identityURI: uri, validity: past)
      ),
      (
        "stranger",
        try other.issueClientCertificate(
          commonName: "stranger", identityURI: uri, validity: valid)
      ),
    ]
    for (name, certificate) in issued {
      try directory.write(certificate.certificatePEM, to: "\(name).pem")
      try directory.write(certificate.privateKeyPEM, to: "\(name).key")
    }
  }

  var authority: String { "\(path)/authority.pem" }

  func certificate(_ name: String) -> String { "\(path)/\(name).pem" }

  func key(_ name: String) -> String { "\(path)/\(name).key" }
}
