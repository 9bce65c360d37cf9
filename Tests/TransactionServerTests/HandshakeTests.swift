import LinuxSystem
import Observability
import TLS
import Testing
import TransactionModel

@testable import TransactionServer

@Suite("The way in")
struct HandshakeTests {
  enum Visitor: CaseIterable {
    case withoutCertificate
    case ofForeignAuthority
    case expired
    case notYetValid
    case gatewayOfOtherEnvironment
    case terminalOfOtherEnvironment
    case withoutIdentity
    case ofTwoIdentities
    case ofOtherIdentity
    case ofMalformedIdentity
    case ofServer

    func context(_ certificates: CertificateFolder) throws -> TLSClientContext {
      switch self {
      case .withoutCertificate: try certificates.clientContextWithoutCertificate()
      case .ofForeignAuthority: try certificates.clientContextOfForeignAuthority()
      case .expired: try certificates.clientContext(validity: CertificateFolder.expired)
      case .notYetValid: try certificates.clientContext(validity: CertificateFolder.notYet)
      case .gatewayOfOtherEnvironment:
        try certificates.clientContext(uri: "posd://production/gateway/1234567893")
      case .terminalOfOtherEnvironment:
        try certificates.clientContext(uri: "posd://production/terminal/1001")
      case .withoutIdentity: try certificates.clientContext(uris: [])
      case .ofTwoIdentities:
        try certificates.clientContext(
          uris: ["posd://test/terminal/1001", "posd://test/terminal/1002"])
      case .ofServer:
        try certificates.clientContext(uris: ["posd://test/terminal/1001"], isServer: true)
      case .ofOtherIdentity: try certificates.clientContext(uri: "https://clinic.example/")
      case .ofMalformedIdentity: try certificates.clientContext(uri: "posd://test/terminal/01001")
      }
    }

    var counter: String {
      switch self {
      case .withoutCertificate: "no_certificate"
      case .ofForeignAuthority: "unknown_authority"
      case .expired: "expired"
      case .notYetValid: "not_yet_valid"
      case .gatewayOfOtherEnvironment, .terminalOfOtherEnvironment: "wrong_environment"
      case .withoutIdentity: "no_identity"
      case .ofTwoIdentities: "several_identities"
      case .ofOtherIdentity, .ofMalformedIdentity: "bad_identity"
      case .ofServer: "wrong_purpose"
      }
    }

    /// What it reads: the alert that says why, where TLS has one.
    var reading: TestClient.Reading {
      switch self {
      case .withoutCertificate: .failed(.peerAlert(number: TLSAlert.certificateRequired))
      case .ofForeignAuthority: .failed(.peerAlert(number: TLSAlert.unknownAuthority))
      case .expired: .failed(.peerAlert(number: TLSAlert.certificateExpired))
      case .notYetValid: .failed(.peerAlert(number: TLSAlert.badCertificate))
      case .ofServer: .failed(.peerAlert(number: TLSAlert.unsupportedCertificate))
      default: .closed
      }
    }
  }

  @Test("who is not let in reads why, and is counted by reason", arguments: Visitor.allCases)
  func refused(visitor: Visitor) throws {
    let server = try TestServer()
    let context = try visitor.context(server.certificates)
    // As often as it takes for a reset to overtake the alert, if the connection were closed at once.
    let count: UInt64 = 20
    for _ in 0..<count {
      let client = try TestClient(port: server.server.port, context: context)
      // A TLS 1.3 client may send before it learns that it was refused.
      _ = client.sendNow(client.echo())
      #expect(client.receive() == visitor.reading)
    }
    #expect(server.comesAbout { server.count("handshake_failed_\(visitor.counter)") == count })
    #expect(server.count("reactors_connections") == 0)
    #expect(server.comesAbout { server.count("connections_open") == 0 })
  }

  @Test("what is not TLS gets an orderly end, and time to read it")
  func notTLS() throws {
    let server = try TestServer()
    let connection = try server.plainConnection()
    let request = Array("GET / HTTP/1.1\r\nHost: posd\r\n\r\n".utf8)
    _ = unsafe connection.send(request.span.bytes)
    let end = receiveUntilEnd(connection)
    let hasTime = takesMore(connection)
    #expect(end.isOrderly && hasTime)
    #expect(server.count("handshake_failed_not_tls") == 1)
  }

  @Test("a handshake that stalls is closed by its deadline, and others are served meanwhile")
  func stalled() throws {
    var limits = TestServer.limits
    limits.handshakeDeadlineMilliseconds = 1
    let server = try TestServer()
    let impatient = try TestServer(limits: limits, certificates: server.certificates)
    let stalled = try impatient.plainConnection()
    #expect(receiveUntilEnd(stalled).bytes.isEmpty)
    #expect(impatient.count("handshake_failed_stalled") == 1)

    var waiting: [Box] = []
    for _ in 0..<20 { waiting.append(Box(try server.plainConnection())) }
    let client = try server.client()
    try client.send(client.echo())
    #expect(ReplySummary(client.receive()) != nil)
    #expect(server.count("handshake_thread_accepted") == 21)
    withExtendedLifetime(waiting) {}
  }

  @Test("a full server takes the next connection when one has gone")
  func connectionLimit() throws {
    var limits = TestServer.limits
    limits.connectionCountMax = 2
    limits.handshakesInFlightMax = 2
    let server = try TestServer(limits: limits)
    let first = try server.client()
    let second = try server.client()
    for client in [first, second] {
      try client.send(client.echo())
      #expect(ReplySummary(client.receive()) != nil)
    }
    // The kernel has completed this connection; nobody has accepted it.
    let third = try server.plainConnection()
    let wakeUps = server.count("handshake_thread_wake_ups")
    for _ in 0..<50 {
      try first.send(first.echo())
      #expect(ReplySummary(first.receive()) != nil)
    }
    #expect(server.count("handshake_thread_accepted") == 2)
    #expect(server.count("handshake_thread_wake_ups") - wakeUps < 50)
    second.close()
    #expect(server.comesAbout { server.count("handshake_thread_accepted") == 3 })
    withExtendedLifetime(third.rawValue) {}
  }

  @Test("an address that has all it may have is turned away")
  func addressLimit() throws {
    var limits = TestServer.limits
    limits.connectionsPerAddressMax = 1
    let server = try TestServer(limits: limits)
    let first = try server.client()
    let second = try server.plainConnection()
    #expect(receiveUntilEnd(second).bytes.isEmpty)
    #expect(server.count("handshake_failed_too_many_of_address") == 1)
    try first.send(first.echo())
    #expect(ReplySummary(first.receive()) != nil)
  }

  @Test("a certificate that runs out while connected is refused frame by frame")
  func expiresWhileConnected() throws {
    let end = CertificateFolder.valid.notAfterMilliseconds / 1_000 * 1_000
    let certificates = try CertificateFolder()
    // The last second that it is valid in belongs to it.
    for (time, code) in [(end - 60_000, ResponseCode.approved), (end + 1_000, .certificateExpired)]
    {
      let clock = try #require(
        DaemonClock(settingTo: Instant(milliseconds: time), environment: .test))
      let server = try TestServer(certificates: certificates, certificateClock: clock)
      let client = try server.client()
      for _ in 0..<2 {
        try client.send(client.echo())
        #expect(ReplySummary(client.receive())?.code == code)
      }
      #expect(server.count("refusals_2004") == (code == .approved ? 0 : 2))
    }
  }
}

/// Holds a descriptor for an array.
private final class Box {
  let descriptor: OwnedDescriptor

  init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }
}
