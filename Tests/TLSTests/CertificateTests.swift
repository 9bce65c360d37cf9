import Testing

@testable import TLS

@Suite("A certificate")
struct CertificateTests {
  /// Made by OpenSSL's own tool with these values; its key was thrown away.
  private static let sample = """
    -----BEGIN CERTIFICATE-----
    MIIBlDCCATqgAwIBAgIGAKGyw9TlMAoGCCqGSM49BAMCMBIxEDAOBgNVBAMMB2V4
    YW1wbGUwIBcNMjAwMTAyMDMwNDA1WhgPMjA2MDA3MDgwOTEwMTFaMBIxEDAOBgNV
    BAMMB2V4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARmf/rKIiElZMDx
    Er+ap/ThVfIIN8FpXihVvZ8YQEcFUJgvjhzOiVIzJbU7mqKMLGHhy/l4MZRDi+V+
    RW+a0XLBo3oweDBXBgNVHREEUDBOhhlwb3NkOi8vdGVzdC90ZXJtaW5hbC8xMDAx
    ggtleGFtcGxlLm9yZ4YecG9zZDovL3Rlc3QvZ2F0ZXdheS8xMjM0NTY3ODkzhwTA
    AAIBMB0GA1UdDgQWBBSzm1QgFfycr8Qm+3fCoU/iX3xZqzAKBggqhkjOPQQDAgNI
    ADBFAiEAnJy7+EUP5QkfSNSdmt5YneX0oZhgtLr5N0gr6dKQLtoCIHgZIMmkxEVl
    11bBlf/YLBJMkjpUXHnDiJzx1DcxFnRJ
    -----END CERTIFICATE-----
    """

  @Test("is summed up as it is")
  func summary() throws {
    let summary = try CertificateSummary(pem: Array(Self.sample.utf8))
    #expect(
      summary.subjectAlternativeURIs == [
        "posd://test/terminal/1001", "posd://test/gateway/1234567893",
      ])
    // 2020-01-02 03:04:05 and 2060-07-08 09:10:11 UTC.
    #expect(summary.notBeforeMilliseconds == 1_577_934_245_000)
    #expect(summary.notAfterMilliseconds == 2_856_503_411_000)
    #expect(summary.serialNumber == "a1b2c3d4e5")
    #expect(
      summary.fingerprint == "1aedbcf239012a4707ef03d9fb05514e3e1d6ab12f63eb20e3acd9cbd2e1dc2c")
  }

  @Test(
    "is unreadable if anything is missing", arguments: ["", "text", String(sample.prefix(300))])
  func unreadable(pem: String) {
    let error = #expect(throws: TLSError.self) { _ = try CertificateSummary(pem: Array(pem.utf8)) }
    guard case .certificateUnreadable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("is issued with the period and the names asked for, and a serial number of its own")
  func issued() throws {
    let authority = try CertificateAuthority(commonName: "authority", validity: period)
    var serialNumbers: Set<String> = []
    for number in 1...20 {
      let uri = "posd://test/terminal/\(number)"
      let issued = try authority.issueClientCertificate(
        commonName: "terminal \(number)", identityURI: uri, validity: period)
      let summary = try CertificateSummary(pem: issued.certificatePEM)
      #expect(summary.subjectAlternativeURIs == [uri])
      #expect(summary.notBeforeMilliseconds == period.notBeforeMilliseconds)
      #expect(summary.notAfterMilliseconds == period.notAfterMilliseconds)
      #expect(summary.serialNumber.utf8.count == 32)
      serialNumbers.insert(summary.serialNumber)
    }
    #expect(serialNumbers.count == 20)
  }

  @Test("is not issued under a name that it cannot hold")
  func namesUnusable() throws {
    let authority = try CertificateAuthority(commonName: "authority", validity: period)
    for name in ["", "two words", "new\nline", "zero\0", "Zürich"] {
      #expect(throws: TLSError.nameUnusable(name)) {
        _ = try authority.issueClientCertificate(
          commonName: "terminal", identityURI: name, validity: period)
      }
      #expect(throws: TLSError.nameUnusable(name)) {
        _ = try authority.issueServerCertificate(
          commonName: "server", dnsNames: [name], addresses: [], validity: period)
      }
    }
    for address in ["", "localhost", "1.2.3", "127.0.0.1\0"] {
      #expect(throws: TLSError.nameUnusable(address)) {
        _ = try authority.issueServerCertificate(
          commonName: "server", dnsNames: [], addresses: [address], validity: period)
      }
    }
    let long = String(repeating: "a", count: 65)
    #expect(throws: TLSError.nameUnusable(long)) {
      _ = try CertificateAuthority(commonName: long, validity: period)
    }
  }

  @Test("names what looks like another extension as one name")
  func noInjection() throws {
    let authority = try CertificateAuthority(commonName: "authority", validity: period)
    let uri = "posd://test/terminal/1,URI:posd://test/terminal/2"
    let issued = try authority.issueClientCertificate(
      commonName: "terminal/CN=other", identityURI: uri, validity: period)
    #expect(try CertificateSummary(pem: issued.certificatePEM).subjectAlternativeURIs == [uri])
  }

  @Test("keeps its key out of every print")
  func keyIsNotPrinted() throws {
    let authority = try CertificateAuthority(commonName: "authority", validity: period)
    let issued = try authority.issueClientCertificate(
      commonName: "terminal", identityURI: "posd://test/terminal/1", validity: period)
    var dumped = ""
    dump(issued, to: &dumped)
    for text in ["\(issued)", String(reflecting: issued), dumped] {
      #expect(!text.contains("45, 45, 45") && !text.contains("PRIVATE"))
    }
    #expect(String(decoding: issued.privateKeyPEM, as: UTF8.self).contains("BEGIN PRIVATE KEY"))
  }

  private var period: CertificateValidity {
    CertificateValidity(
      notBeforeMilliseconds: 1_700_000_000_000, notAfterMilliseconds: 4_000_000_000_000)
  }
}

@Suite("An authority")
struct CertificateAuthorityTests {
  private let period = TestCertificates.Period.current.validity

  @Test("goes on from its files where it was")
  func reloaded() throws {
    let made = try CertificateAuthority(commonName: "authority", validity: period)
    let loaded = try CertificateAuthority(
      certificatePEM: made.certificatePEM(), privateKeyPEM: made.privateKeyPEM())
    let (first, second) = (try made.certificatePEM(), try loaded.certificatePEM())
    #expect(first == second)
    _ = try loaded.issueClientCertificate(
      commonName: "terminal", identityURI: "posd://test/terminal/1", validity: period)
  }

  @Test("is none without its own key, or without the right to certify")
  func unusable() throws {
    let made = try CertificateAuthority(commonName: "authority", validity: period)
    let other = try CertificateAuthority(commonName: "authority", validity: period)
    let (certificate, otherKey) = (try made.certificatePEM(), try other.privateKeyPEM())
    #expect(throws: TLSError.privateKeyMismatch(source: "PEM")) {
      _ = try CertificateAuthority(certificatePEM: certificate, privateKeyPEM: otherKey)
    }
    let issued = try made.issueClientCertificate(
      commonName: "terminal", identityURI: "posd://test/terminal/1", validity: period)
    let error = #expect(throws: TLSError.self) {
      _ = try CertificateAuthority(
        certificatePEM: issued.certificatePEM, privateKeyPEM: issued.privateKeyPEM)
    }
    guard case .authorityUnreadable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}

@Suite("A context")
struct ContextTests {
  private let certificates: TestCertificates

  init() throws { certificates = try TestCertificates() }

  private func server(
    _ files: TestCertificates.Files, authorityFile: String? = nil
  ) throws -> TLSServerContext {
    try TLSServerContext(
      certificateChainFile: files.certificate, privateKeyFile: files.key,
      clientAuthorityFile: authorityFile ?? certificates.authorityFile)
  }

  @Test("names the file that it cannot use")
  func wrongFiles() throws {
    let good = try certificates.files(certificates.serverProfile())
    let other = try certificates.files(certificates.serverProfile())
    let empty = try certificates.write("empty", [])
    let mixed = TestCertificates.Files(certificate: good.certificate, key: other.key)
    #expect(throws: TLSError.privateKeyMismatch(source: other.key)) { _ = try server(mixed) }

    for file in [empty, "/nonexistent/file", good.key] {
      let wrong = TestCertificates.Files(certificate: file, key: good.key)
      let error = #expect(throws: TLSError.self) { _ = try server(wrong) }
      guard case .certificateUnreadable(file, let reason) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(!reason.isEmpty)
    }
    for file in [empty, "/nonexistent/file", good.certificate] {
      let wrong = TestCertificates.Files(certificate: good.certificate, key: file)
      let error = #expect(throws: TLSError.self) { _ = try server(wrong) }
      guard case .privateKeyUnreadable(file, _) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    for file in [empty, "/nonexistent/file", good.key] {
      let error = #expect(throws: TLSError.self) { _ = try server(good, authorityFile: file) }
      guard case .authorityUnreadable(file, _) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test("does not ask at the terminal for the passphrase of a key")
  func passphrase() throws {
    let good = try certificates.files(certificates.serverProfile())
    let text = """
      -----BEGIN EC PRIVATE KEY-----
      Proc-Type: 4,ENCRYPTED
      DEK-Info: AES-128-CBC,00000000000000000000000000000000

      AAAAAAAAAAAAAAAAAAAAAA==
      -----END EC PRIVATE KEY-----

      """
    let key = try certificates.write("locked.key", Array(text.utf8))
    let error = #expect(throws: TLSError.self) {
      _ = try server(TestCertificates.Files(certificate: good.certificate, key: key))
    }
    guard case .privateKeyUnreadable(key, let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains("bad password read") && !reason.contains("getting password"))
  }

  @Test("is not made for a host that cannot be checked", arguments: ["", "a b", "a\0b"])
  func hostUnusable(host: String) {
    #expect(throws: TLSError.nameUnusable(host)) {
      _ = try certificates.clientContext(nil, host: host)
    }
  }
}
