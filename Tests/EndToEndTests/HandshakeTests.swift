import Foundation
import LinuxSystem
import ProgramSupport
import TLS
import Testing
import WireFormat

@Suite(
  "A connection that is no terminal's", .showsDaemons, .served(["limits.handshake_seconds": 1]))
struct HandshakeTests {
  @Test(
    "is closed when its bytes are not TLS, and others go on",
    arguments: [
      Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8),
      // An echo without TLS.
      [0x00, 0x30, 0x01, 0x03, 0x02] + Array(repeating: 0x01, count: 43),
      Array(repeating: 0xFF, count: 600),
    ])
  func notTLS(_ bytes: [UInt8]) throws {
    let service = try Served.current()
    let other = try service.connect()
    let countBefore = try service.count("handshake_failed_not_tls")
    var connection = try PlainConnection(port: service.daemon.port)
    try connection.send(bytes)
    let answer = try connection.receiveToEnd()
    #expect(answer.count < 16, "an alert at most")
    #expect(try service.count("handshake_failed_not_tls") > countBefore)
    #expect(try other.isServed())
  }

  @Test(
    "is closed when it stalls, and others go on",
    arguments: [[], [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01]])
  func stalled(_ bytes: [UInt8]) throws {
    let service = try Served.current()
    let countBefore = try service.count("handshake_failed_stalled")
    var connection = try PlainConnection(port: service.daemon.port)
    if !bytes.isEmpty { try connection.send(bytes) }
    let other = try service.connect()
    #expect(try other.isServed())
    _ = try connection.receiveToEnd()
    #expect(try other.isServed())
    #expect(try service.count("handshake_failed_stalled") > countBefore)
  }

  private static let alertTryCount = 20

  enum Credentials: CaseIterable {
    case none, ofOtherAuthority, expired, notYetValid, ofServer

    var alert: UInt8 {
      switch self {
      case .none: TLSAlert.certificateRequired
      case .ofOtherAuthority: TLSAlert.unknownAuthority
      case .expired: TLSAlert.certificateExpired
      case .notYetValid: TLSAlert.badCertificate
      case .ofServer: TLSAlert.unsupportedCertificate
      }
    }

    var counter: String {
      switch self {
      case .none: "handshake_failed_no_certificate"
      case .ofOtherAuthority: "handshake_failed_unknown_authority"
      case .expired: "handshake_failed_expired"
      case .notYetValid: "handshake_failed_not_yet_valid"
      case .ofServer: "handshake_failed_wrong_purpose"
      }
    }
  }

  @Test("is told by an alert what is wrong with its certificate", arguments: Credentials.allCases)
  func alert(_ credentials: Credentials) throws {
    let service = try Served.current()
    let installation = service.installation
    let folder = try TemporaryFolder()
    let context = try context(credentials, installation, folder)
    let countBefore = try service.count(credentials.counter)
    // Often: a server that closes too soon is found out by chance only.
    for _ in 0..<Self.alertTryCount {
      let connection = try WireConnection(port: service.daemon.port, context)
      var requests = Requests()
      // A client that has completed its handshake sends at once: its frame must not be what makes
      // the alert unreadable.
      _ = try? connection.send(requests.next(.echo))
      #expect(connection.receive() == .failed(.peerAlert(number: credentials.alert)))
    }
    #expect(try service.count(credentials.counter) == countBefore + Self.alertTryCount)
  }

  private func context(
    _ credentials: Credentials, _ installation: TestInstallation, _ folder: TemporaryFolder
  ) throws -> TLSClientContext {
    let hour: UInt64 = 3_600_000
    let now = WallClock.nowMilliseconds
    var validity = CertificateValidity(
      notBeforeMilliseconds: now - hour, notAfterMilliseconds: now + hour)
    let authority: CertificateAuthority
    switch credentials {
    case .none:
      return try installation.context(certificate: nil, key: nil)
    case .ofServer:
      return try installation.context(
        certificate: installation.path("tls/server.pem"),
        key: installation.path("tls/server.key"))
    case .ofOtherAuthority:
      // Of the same name: a name alone must not be trusted.
      authority = try CertificateAuthority(commonName: "posd test authority", validity: validity)
    case .expired:
      validity = CertificateValidity(
        notBeforeMilliseconds: now - 2 * hour, notAfterMilliseconds: now - hour)
      authority = try installation.authority()
    case .notYetValid:
      validity = CertificateValidity(
        notBeforeMilliseconds: now + hour, notAfterMilliseconds: now + 2 * hour)
      authority = try installation.authority()
    }
    let issued = try authority.issueClientCertificate(
      commonName: "terminal 1001", identityURI: "posd://test/terminal/1001", validity: validity)
    return try installation.context(
      certificate: folder.write(issued.certificatePEM, to: "terminal.pem"),
      key: folder.write(issued.privateKeyPEM, to: "terminal.key"))
  }
}
