import Foundation
import ProgramSupport
import Testing

@Suite("Under systemd", .showsDaemons)
struct ServiceManagerTests {
  @Test("the daemon says when it serves and when it stops")
  func notifications() throws {
    let installation = try TestInstallation()
    let socket = try NotifySocket(path: installation.folder.path("notify"))
    let daemon = try Daemon(installation, environment: ["NOTIFY_SOCKET": socket.path])
    #expect(try socket.next().first == "READY=1")
    let connection = try WireConnection(port: daemon.port, installation.context())
    #expect(try connection.isServed())
    let status = try daemon.stop()
    #expect(status == 0)
    #expect(try socket.next().first == "STOPPING=1")
  }

  @Test("the daemon says nothing of being ready when it cannot start")
  func silence() throws {
    let installation = try TestInstallation()
    let socket = try NotifySocket(path: installation.folder.path("notify"))
    try FileManager.default.removeItem(atPath: installation.dataFolder + "/confirmation.key")
    let ended = try Program.posd.run(
      ["serve", "--config", installation.configurationFile],
      environment: ["NOTIFY_SOCKET": socket.path])
    #expect(ended.status == 2)
    #expect(socket.isEmpty)
  }

  @Test(
    "the unit is found sound",
    .enabled(if: Program.tool("systemd-analyze") != nil, "systemd-analyze is not installed"))
  func unit() throws {
    let folder = try TemporaryFolder()
    let package = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let unit = try String(
      contentsOf: package.appending(path: "systemd/posd.service"), encoding: .utf8)
    // The programs that it starts must exist to be checked; these are not installed yet.
    let commands = unit.split(separator: "\n").filter { $0.hasPrefix("Exec") }
    #expect(commands.allSatisfy { $0.contains("/usr/bin/posd ") || $0.contains("/bin/kill ") })
    let checked = unit.replacing("/usr/bin/posd ", with: "\(Program.posd.path) ")
    let file = try folder.write(Array(checked.utf8), to: "posd.service")
    let analyze = try #require(Program.tool("systemd-analyze"))
    let ended = try analyze.run(["verify", "--man=no", file])
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(!ended.errors.contains("posd.service"), "\(ended.errors)")
    // A check that cannot fail is none.
    let spoilt = try folder.write(
      Array(checked.replacing("Type=notify", with: "Type=nonsense").utf8), to: "spoilt.service")
    #expect(try analyze.run(["verify", "--man=no", spoilt]).errors.contains("spoilt.service"))
  }

  @Test("the unit starts what the command line offers")
  func commands() throws {
    for command in ["check", "serve"] {
      let help = try Program.posd.run([command, "--help"])
      #expect(help.status == 0)
      #expect(help.output.contains("--config"))
    }
  }
}
