import LinuxSystem
import Testing

@testable import TLS

/// A client that a server must turn away, why, and what the client is told.
private struct Refusal: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var usage: CertificateProfile.Usage? = .client
  var period = TestCertificates.Period.current
  var isByOther = false
  var reason: TLSFailureReason
  var alert: UInt8
  /// TLS 1.2 has no alert of its own for some.
  var alert12: UInt8?

  static let all = [
    Refusal(
      testDescription: "no certificate", usage: nil, reason: .noClientCertificate,
      alert: TLSAlert.certificateRequired, alert12: TLSAlert.handshakeFailure),
    Refusal(
      testDescription: "another authority's", isByOther: true,
      reason: .certificateUnknownAuthority, alert: TLSAlert.unknownAuthority),
    Refusal(
      testDescription: "expired", period: .past, reason: .certificateExpired,
      alert: TLSAlert.certificateExpired),
    Refusal(
      testDescription: "not yet valid", period: .future, reason: .certificateNotYetValid,
      alert: TLSAlert.badCertificate),
    Refusal(
      testDescription: "a server's", usage: .server, reason: .certificateWrongPurpose,
      alert: TLSAlert.unsupportedCertificate),
    Refusal(
      testDescription: "one without a named use", usage: CertificateProfile.Usage.none,
      reason: .certificateWrongPurpose, alert: TLSAlert.unsupportedCertificate),
  ]
}

@Suite("A handshake")
struct RefusalTests {
  private let certificates: TestCertificates

  init() throws { certificates = try TestCertificates() }

  @Test(
    "is refused for a wrong client certificate, and the client can read why",
    arguments: Refusal.all, TLSVersion.allCases)
  fileprivate func refusesClient(_ refusal: Refusal, version: TLSVersion) throws {
    let files = try refusal.usage.map {
      try certificates.files(
        certificates.clientProfile($0, period: refusal.period), byOther: refusal.isByOther)
    }
    let loopback = try Loopback()
    var client = try Endpoint(
      certificates.clientContext(files, versions: version...version), over: loopback.client)
    var server = try Endpoint(
      certificates.serverContext(minimumVersion: version), over: loopback.server)

    let result = handshake(&client, &server)
    #expect(result.server == .failed)
    #expect(server.session.failure?.reason == refusal.reason)
    #expect(server.session.peerCertificate == nil)
    #expect(server.session.handshake() == .failed)
    #expect(server.session.shutdownWrite() == .failed)
    server.descriptor.shutdownWrite()

    if version == .tls13 {
      // The client has finished before the server looked at its certificate.
      #expect(result.client == .complete)
      _ = client.writeOnce([1, 2, 3])
      #expect(client.read(byteCount: 1).outcome == .failed)
    } else {
      #expect(result.client == .failed)
    }
    let alert = version == .tls12 ? refusal.alert12 ?? refusal.alert : refusal.alert
    #expect(client.session.failure?.reason == .peerAlert(number: alert))
  }

  @Test("is refused by the client for another host", arguments: ["pos.example.org", "127.0.0.2"])
  func refusesHost(_ host: String) throws {
    try refusesServer(host: host, reason: .certificateWrongHost)
  }

  @Test("is refused by the client for a certificate not meant for servers")
  func refusesServerUsage() throws {
    try refusesServer(usage: .client, reason: .certificateWrongPurpose)
    try refusesServer(usage: CertificateProfile.Usage.none, reason: .certificateWrongPurpose)
  }

  @Test("is refused by the client for a server of another authority")
  func refusesServerAuthority() throws {
    try refusesServer(trustsOther: true, reason: .certificateUnknownAuthority)
  }

  @Test(
    "succeeds for each name and address in the server's certificate",
    arguments: ["localhost", "pos.example", "127.0.0.1", "::1"])
  func acceptsHost(_ host: String) throws {
    let files = try certificates.files(certificates.clientProfile())
    let loopback = try Loopback()
    var client = try Endpoint(
      certificates.clientContext(files, host: host), over: loopback.client)
    var server = try Endpoint(certificates.serverContext(), over: loopback.server)
    #expect(
      handshake(&client, &server) == HandshakeResult(client: .complete, server: .complete))
  }

  private func refusesServer(
    usage: CertificateProfile.Usage = .server, host: String = "localhost",
    trustsOther: Bool = false, reason: TLSFailureReason
  ) throws {
    let files = try certificates.files(certificates.clientProfile())
    let loopback = try Loopback()
    var client = try Endpoint(
      certificates.clientContext(files, host: host, trustsOther: trustsOther),
      over: loopback.client)
    var server = try Endpoint(certificates.serverContext(usage: usage), over: loopback.server)
    let result = handshake(&client, &server)
    #expect(result == HandshakeResult(client: .failed, server: .failed))
    #expect(client.session.failure?.reason == reason)
    guard case .peerAlert = server.session.failure?.reason else {
      Issue.record("the server was not told: \(String(describing: server.session.failure))")
      return
    }
  }

  @Test("in TLS 1.2 is refused by default")
  func refusesTLS12() throws {
    let files = try certificates.files(certificates.clientProfile())
    let loopback = try Loopback()
    var client = try Endpoint(
      certificates.clientContext(files, versions: .tls12 ... .tls12), over: loopback.client)
    var server = try Endpoint(certificates.serverContext(), over: loopback.server)
    let result = handshake(&client, &server)
    #expect(result == HandshakeResult(client: .failed, server: .failed))
    #expect(server.session.failure?.reason == .protocolVersion)
    #expect(client.session.failure?.reason == .peerAlert(number: TLSAlert.protocolVersion))
  }

  @Test("in TLS 1.2 succeeds where it is allowed, with forward secrecy")
  func acceptsTLS12() throws {
    let files = try certificates.files(certificates.clientProfile())
    let loopback = try Loopback()
    var client = try Endpoint(
      certificates.clientContext(files, versions: .tls12 ... .tls12), over: loopback.client)
    var server = try Endpoint(
      certificates.serverContext(minimumVersion: .tls12), over: loopback.server)
    let result = handshake(&client, &server)
    #expect(result == HandshakeResult(client: .complete, server: .complete))
    #expect(server.session.protocolVersion == .tls12)
    #expect(server.session.cipherSuiteName?.hasPrefix("TLS_ECDHE_ECDSA_WITH_AES_128_GCM") == true)
  }
}
