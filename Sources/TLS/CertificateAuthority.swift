import COpenSSL

/// The authority that a site's servers and terminals are certified by.
///
/// Keys are ECDSA on P-256, signatures with SHA-256, serial numbers random. It signs end
/// certificates only (path length 0).
public struct CertificateAuthority: ~Copyable, Sendable {
  private let certificate: CertificateHandle
  private let key: KeyHandle

  /// Makes a new authority, with a new key and a certificate that it signs itself.
  public init(commonName: String, validity: CertificateValidity) throws(TLSError) {
    let key = try KeyHandle()
    let builder = try CertificateBuilder(
      commonName: commonName, validity: validity, subjectKey: key)
    try builder.setIssuer(builder.certificate)
    try builder.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0")
    try builder.add(NID_key_usage, "critical,keyCertSign,cRLSign")
    try builder.add(NID_subject_key_identifier, "hash")
    try builder.addAuthorityKeyIdentifier(of: builder.certificate)
    certificate = try builder.signed(by: key)
    self.key = key
  }

  /// Takes up an authority that was made before, from its PEM texts.
  public init(certificatePEM: [UInt8], privateKeyPEM: [UInt8]) throws(TLSError) {
    let certificate = try CertificateHandle(pem: certificatePEM)
    let key = try KeyHandle(pem: privateKeyPEM)
    guard certificate.belongs(to: key) else { throw .privateKeyMismatch(source: "PEM") }
    guard certificate.isAuthority else {
      throw .authorityUnreadable(source: "PEM", reason: "not a certificate of an authority")
    }
    self.certificate = certificate
    self.key = key
  }

  /// The authority's own certificate, which its clients and servers trust.
  public func certificatePEM() throws(TLSError) -> [UInt8] { try certificate.pem() }

  /// The authority's key as PKCS#8, not encrypted: it belongs off the machine that serves.
  public func privateKeyPEM() throws(TLSError) -> [UInt8] { try key.pem() }

  /// Certifies a server under its host names and IP addresses, of which there is at least one.
  public func issueServerCertificate(
    commonName: String, dnsNames: [String], addresses: [String], validity: CertificateValidity
  ) throws(TLSError) -> IssuedCertificate {
    precondition(!(dnsNames.isEmpty && addresses.isEmpty), "a server without a name")
    return try issue(
      CertificateProfile(
        commonName: commonName, usage: .server, dnsNames: dnsNames, addresses: addresses,
        validity: validity))
  }

  /// Certifies a client under its identity, such as `posd://test/terminal/1001`.
  public func issueClientCertificate(
    commonName: String, identityURI: String, validity: CertificateValidity
  ) throws(TLSError) -> IssuedCertificate {
    try issue(
      CertificateProfile(
        commonName: commonName, usage: .client, uris: [identityURI], validity: validity))
  }

  func issue(_ profile: CertificateProfile) throws(TLSError) -> IssuedCertificate {
    let subjectKey = try KeyHandle()
    let builder = try CertificateBuilder(
      commonName: profile.commonName, validity: profile.validity, subjectKey: subjectKey)
    try builder.setIssuer(certificate)
    try builder.add(NID_basic_constraints, "critical,CA:FALSE")
    try builder.add(NID_key_usage, "critical,digitalSignature")
    if profile.usage != .none { try builder.add(NID_ext_key_usage, profile.usage.rawValue) }
    try builder.add(NID_subject_key_identifier, "hash")
    try builder.addAuthorityKeyIdentifier(of: certificate)
    try builder.addAlternativeNames(profile)
    let issued = try builder.signed(by: key)
    return IssuedCertificate(
      certificatePEM: try issued.pem(), privateKeyPEM: try subjectKey.pem())
  }
}
