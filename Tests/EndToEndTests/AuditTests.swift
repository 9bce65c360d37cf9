import Foundation
import ProgramSupport
import Testing
import TransactionModel
import WireFormat

/// Who looked at this client: what the audit log tells of a real daemon.
@Suite("posctl audit", .showsDaemons)
struct AuditTests {
  static let serial: UInt64 = 1_000_000_000_007

  private static func audit(
    _ installation: TestInstallation, _ arguments: String...
  ) throws -> [[String: Any]] {
    let ended = try Program.posctl.run(
      ["audit", "--config", installation.configurationFile, "--json"] + arguments)
    guard ended.status == 0 else {
      throw ChildFailure("posctl audit ended with \(ended.status)\n\(ended.errors)")
    }
    return try ended.output.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
  }

  /// Two clinics and a pharmacy ask for a card; one of them activates it.
  private static func ask(_ installation: TestInstallation, port: UInt16) throws {
    let inquiry = RequestBody.inquiry(
      card: card(serial), dateOfService: today, purpose: .information)
    for (terminal, person) in [(1_001, 501), (1_002, 501), (2_001, 601)] as [(UInt64, UInt64)] {
      let connection = try WireConnection(port: port, installation.context(terminal: terminal))
      try connection.signOn(terminal: terminal, operatorID: person)
      var requests = Requests(terminal: terminal, operatorID: person, after: 10)
      if terminal == 1_001 { _ = try connection.exchange(requests.next(activation(card(serial)))) }
      _ = try connection.exchange(requests.next(inquiry))
    }
  }

  @Test("tells who looked at a client, also after the daemon was killed, and shows no number")
  func whoLooked() throws {
    let installation = try TestInstallation()
    // So that what was answered is there whatever happens next.
    try installation.configure("audit.durable", true)
    try installation.configure("audit.gather_milliseconds", 2_000)
    let daemon = try Daemon(installation)
    try Self.ask(installation, port: daemon.port)
    try daemon.kill()
    let again = try Daemon(installation)
    let number = "\(card(Self.serial))"
    let whole = CardScheme.healthAccessNumber(serial: Self.serial).revealed
    let findings = try Self.audit(installation, "--card", whole)
    let inquiries = findings.filter { $0["message"] as? String == "inquiry" }
    #expect(inquiries.compactMap { $0["terminal"] as? Int } == [1_001, 1_002, 2_001])
    #expect(findings.contains { $0["message"] as? String == "activate" })
    #expect(findings.allSatisfy { $0["card"] as? String == number })
    let ofTerminal = try Self.audit(installation, "--terminal", "2001")
    #expect(!ofTerminal.isEmpty)
    #expect(ofTerminal.allSatisfy { $0["terminal"] as? Int == 2_001 })
    // Neither directory shows a number.
    for (name, content) in try contents(below: installation.dataFolder) {
      #expect(content.range(of: Data(whole.utf8)) == nil, "\(name)")
    }
    #expect(try again.stop() == 0)
  }

  @Test("shows whole numbers for a reason, by the daemon alone, and keeps who wanted them")
  func unmasked() throws {
    let installation = try TestInstallation()
    let daemon = try Daemon(installation)
    try Self.ask(installation, port: daemon.port)
    let whole = CardScheme.healthAccessNumber(serial: Self.serial).revealed
    let shown = try Self.audit(
      installation, "--card", whole, "--unmasked", "--reason", "the client asks for it")
    #expect(shown.contains { $0["card"] as? String == whole })
    let reading = try #require(
      try Self.audit(
        installation, "--since", "2020-01-01T00:00:00Z", "--unmasked", "--reason",
        "who has read this"
      ).first { $0["reason"] as? String == "the client asks for it" })
    #expect(reading["by_user"] as? Int == Int(getuid()))
    #expect(try daemon.stop() == 0)
    let refused = try Program.posctl.run([
      "audit", "--config", installation.configurationFile, "--card", whole, "--unmasked",
      "--reason", "the daemon is gone",
    ])
    #expect(refused.status == 2 && !refused.output.contains(whole))
  }

  @Test("is missed at a start, and begun anew only when that is said")
  func lost() throws {
    let installation = try TestInstallation()
    try FileManager.default.removeItem(atPath: installation.dataFolder + "/audit")
    let refused = try Program.posd.run(["serve", "--config", installation.configurationFile])
    #expect(refused.status == 2 && refused.errors.contains("--begin-audit"), "\(refused.errors)")
    let daemon = try Daemon(
      configurationFile: installation.configurationFile, arguments: ["--begin-audit"])
    try WireConnection(port: daemon.port, installation.context()).signOn()
    #expect(try daemon.stop() == 0)
    #expect(try !Self.audit(installation, "--terminal", "1001").isEmpty)
  }

  @Test("tells of those who could not prove who they are")
  func strangers() throws {
    let installation = try TestInstallation()
    let daemon = try Daemon(installation)
    for _ in 0..<3 {
      var plain = try PlainConnection(port: daemon.port)
      try plain.send(Array("GET / HTTP/1.0\r\n\r\n".utf8))
      _ = try plain.receiveToEnd()
    }
    _ = try WireConnection(port: daemon.port, installation.context()).isServed()
    #expect(try daemon.stop() == 0)
    let findings = try Self.audit(installation, "--since", "2020-01-01T00:00:00Z")
    let handshakes = findings.filter { $0["kind"] as? String == "handshakes" }
    #expect(handshakes.compactMap { $0["count"] as? Int }.reduce(0, +) == 3, "\(findings)")
  }
}
