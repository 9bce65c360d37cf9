import Foundation
import ProgramSupport
import Testing
import TransactionModel
import WireFormat

@Suite("The audit log of a daemon", .showsDaemons)
struct AuditCommandTests {
  private static let serial: UInt64 = 1_000_000_000_003

  private func audit(
    _ installation: TestInstallation, _ arguments: String...
  ) throws -> [[String: Any]] {
    let ended = try Program.posctl.run(
      ["audit", "--config", installation.configurationFile, "--json"] + arguments)
    #expect(ended.status == 0, "\(ended.errors)")
    return try ended.output.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
  }

  @Test("has what administrators asked for, done or refused")
  func commands() throws {
    let installation = try TestInstallation()
    let posctl = Posctl(installation: installation)
    let daemon = try Daemon(installation)
    let whole = card(Self.serial).revealed
    #expect(try posctl.run("find", "--card", whole).status == 0)
    #expect(try posctl.run("terminal", "suspend", "1001").status == 0)
    #expect(try posctl.run("operator", "unlock", "404404").status != 0)
    #expect(try posctl.run("status").status == 0)
    #expect(try daemon.stop() == 0)
    let commands = try audit(installation, "--since", "2020-01-01T00:00:00Z")
      .filter { $0["kind"] as? String == "command" }
    // A search asks for one part of the log after the other.
    let found = commands.filter { $0["command"] as? String == "find" }
    #expect(!found.isEmpty && found.allSatisfy { $0["outcome"] as? String == "done" })
    let changes = commands.filter { $0["command"] as? String != "find" }
    let names = changes.compactMap { $0["command"] as? String }
    #expect(names == ["terminal.suspend", "operator.unlock"], "\(commands)")
    let outcomes = changes.compactMap { $0["outcome"] as? String }
    #expect(outcomes == ["done", "refused"], "\(commands)")
    #expect(commands.allSatisfy { $0["by_user"] as? Int == Int(getuid()) })
    let about = try audit(installation, "--card", whole)
    #expect(!about.isEmpty && about.allSatisfy { $0["command"] as? String == "find" })
  }

  @Test("is kept for its own period, and forgotten after it", arguments: [8_000, 300])
  func retention(days: Int) throws {
    let installation = try TestInstallation()
    try installation.configure("audit.retention_days", days)
    // The state log's period says nothing of it.
    try installation.configure("log.retention_days", days > 1_000 ? 1 : 36_500)
    func serve() throws {
      let daemon = try Daemon(installation)
      try WireConnection(port: daemon.port, installation.context()).signOn()
      #expect(try daemon.stop() == 0)
    }
    try serve()
    try installation.configure("clock.start", "2028-11-06T18:00:00Z")
    // The log's own time moves on before anything is over its time.
    try serve()
    try serve()
    let times = try audit(installation, "--since", "2020-01-01T00:00:00Z", "--terminal", "1001")
      .filter { ($0["audit_position"] as? Int) != nil }
      .compactMap { ($0["server_time"] as? String)?.prefix(4) }
    #expect(times.contains("2028") && times.contains("2026") == (days > 1_000), "\(times)")
  }
}
