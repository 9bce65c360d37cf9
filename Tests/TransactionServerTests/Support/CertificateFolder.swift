import Foundation

@testable import TLS

/// Certificates made for a test, as files in a folder of their own, which goes with it.
final class CertificateFolder: Sendable {
  private let folder: URL
  private let authority: CertificateAuthority
  private let foreignAuthority: CertificateAuthority

  static let anHour: UInt64 = 3_600_000
  static let now = UInt64(Date().timeIntervalSince1970 * 1_000)
  static let valid = CertificateValidity(
    notBeforeMilliseconds: now - anHour, notAfterMilliseconds: now + 24 * anHour)
  static let expired = CertificateValidity(
    notBeforeMilliseconds: now - 2 * anHour, notAfterMilliseconds: now - anHour)
  static let notYet = CertificateValidity(
    notBeforeMilliseconds: now + anHour, notAfterMilliseconds: now + 2 * anHour)

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("posd-server-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    authority = try CertificateAuthority(commonName: "Test authority", validity: Self.valid)
    foreignAuthority = try CertificateAuthority(commonName: "Foreign", validity: Self.valid)
    try write("authority", authority.certificatePEM())
    try write(
      "server",
      authority.issueServerCertificate(
        commonName: "server", dnsNames: ["localhost"], addresses: ["127.0.0.1"],
        validity: Self.valid))
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func serverContext() throws -> TLSServerContext {
    try TLSServerContext(
      certificateChainFile: path("server.pem"), privateKeyFile: path("server.key"),
      clientAuthorityFile: path("authority.pem"))
  }

  /// A context for a client with a certificate of the authority that the server trusts.
  func clientContext(
    uri: String = "posd://test/terminal/1001", validity: CertificateValidity = valid
  ) throws -> TLSClientContext {
    try clientContext(
      authority.issueClientCertificate(
        commonName: "client", identityURI: uri, validity: validity))
  }

  /// A context for a client whose certificate says something that no terminal's says.
  func clientContext(uris: [String], isServer: Bool = false) throws -> TLSClientContext {
    try clientContext(
      authority.issue(
        CertificateProfile(
          commonName: "client", usage: isServer ? .server : .client, uris: uris,
          validity: Self.valid)))
  }

  func clientContextOfForeignAuthority() throws -> TLSClientContext {
    try clientContext(
      foreignAuthority.issueClientCertificate(
        commonName: "client", identityURI: "posd://test/terminal/1001", validity: Self.valid))
  }

  private func clientContext(_ issued: IssuedCertificate) throws -> TLSClientContext {
    let name = "client-\(UUID().uuidString)"
    try write(name, issued)
    return try TLSClientContext(
      authorityFile: path("authority.pem"), certificateFile: path("\(name).pem"),
      privateKeyFile: path("\(name).key"), expectedHost: "127.0.0.1")
  }

  func clientContextWithoutCertificate() throws -> TLSClientContext {
    try TLSClientContext(authorityFile: path("authority.pem"), expectedHost: "127.0.0.1")
  }

  private func write(_ name: String, _ issued: IssuedCertificate) throws {
    try write(name, issued.certificatePEM)
    try Data(issued.privateKeyPEM).write(to: URL(fileURLWithPath: path("\(name).key")))
  }

  private func write(_ name: String, _ certificate: [UInt8]) throws {
    try Data(certificate).write(to: URL(fileURLWithPath: path("\(name).pem")))
  }
}
