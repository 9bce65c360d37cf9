import Foundation
import ProgramSupport
import Testing

/// The real load-test client against the real daemon.
@Suite("posload", .showsDaemons, .serialized)
struct LoadTests {
  static let patienceSeconds = 60

  static func run(
    _ installation: TestInstallation, port: UInt16, _ arguments: [String]
  ) throws -> (status: Int32, output: String, errors: String) {
    try Program.posload.run(
      ["run", installation.folder.path("x"), "--port", "\(port)"] + arguments)
  }

  static func verify(
    _ journal: String, _ installation: TestInstallation, port: UInt16, _ arguments: [String] = []
  ) throws -> (status: Int32, output: String, errors: String) {
    try Program.posload.run(
      ["verify", journal, installation.folder.path("x"), "--port", "\(port)"] + arguments)
  }

  @Test("finds every answer of a loaded daemon right, reports, and can prove it later")
  func smoke() throws {
    let installation = try TestInstallation(terminals: 6, cards: 300)
    let daemon = try Daemon(installation)
    let folder = installation.folder
    let ended = try Self.run(
      installation, port: daemon.port,
      [
        "--connections", "5", "--slow-clients", "1", "--rate", "150", "--seconds", "1",
        "--warm-up-seconds", "0.2", "--swipes-per-connection", "40", "--storm-after-seconds", "0.5",
        "--mix",
        "inquiry=4,update=3,reaffirm=2,verify=1,activate=2,deactivate=3,recertify=3,reverse=1,last=1,"
          + "echo=1,sign-on=1,sign-off=1,batch=1,training=2",
        "--keys", "zipf", "--repeat-share", "0.1", "--malformed-share", "0.05",
        "--journal", folder.path("journal"), "--json", folder.path("result.json"),
        "--report", folder.path("report.html"), "--percentiles", folder.path("latency.hgrm"),
        "--fail-if", "all.lost>0",
      ])
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    #expect(ended.output.contains("all right"))
    #expect(ended.output.contains("every connection was back"))
    #expect(ended.errors.contains("answers/s"))
    let data = try Data(contentsOf: URL(filePath: folder.path("result.json")))
    let result = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(result["wrong"] as? Int == 0 && result["checked"] as? Int ?? 0 > 300)
    let messages = try #require(result["messages"] as? [String: Any])
    for name in [
      "inquiry", "update", "activate", "recertify", "sign-off", "batch", "training", "repeat",
      "malformed", "connect",
    ] {
      #expect(messages[name] != nil, "\(name)")
    }
    #expect(FileManager.default.fileExists(atPath: folder.path("report.html")))
    #expect(FileManager.default.fileExists(atPath: folder.path("latency.hgrm")))

    for arguments in [[], ["--gateway"]] {
      let verified = try Self.verify(
        folder.path("journal"), installation, port: daemon.port, arguments)
      #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
      #expect(verified.output.contains("none is lost, altered or doubled"))
    }
    // Another test changes the same cards: to the journal of the first they are doubled.
    let again = try Self.run(
      installation, port: daemon.port,
      ["--gateway", "--connections", "2", "--rate", "100", "--seconds", "0.5", "--mix", "update=1"])
    #expect(again.status == 0, "\(again.output)\(again.errors)")
    let doubled = try Self.verify(folder.path("journal"), installation, port: daemon.port)
    #expect(doubled.status == 1)
    #expect(doubled.output.contains("record version"))
    #expect(try daemon.stop() == 0)
  }

  @Test("proves that a killed daemon has lost nothing, and tells when a restored one has")
  func killed() throws {
    let installation = try TestInstallation(terminals: 4, cards: 200)
    let before = installation.folder.path("before")
    try FileManager.default.copyItem(atPath: installation.dataFolder, toPath: before)
    let journal = installation.folder.path("journal")
    var daemon = try Daemon(installation)
    let load = try ChildProcess(
      .posload,
      [
        "run", installation.folder.path("x"), "--port", "\(daemon.port)", "--connections", "4",
        "--loop", "closed", "--in-flight", "4", "--seconds", "60", "--journal", journal,
        "--mix", "update=4,reaffirm=1,deactivate=2,recertify=2,training=2,inquiry=4",
        "--give-up-seconds", "0.5",
      ], output: .file)
    try wait(forAcknowledgements: 600, in: journal, load)
    try daemon.kill()
    #expect(try load.waitForExit(within: Self.patienceSeconds) == 2, "\(load.outputText)")
    #expect(load.outputText.contains("ended early: no connection"), "\(load.outputText)")

    daemon = try Daemon(installation)
    let verified = try Self.verify(journal, installation, port: daemon.port)
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    #expect(verified.output.contains("none is lost, altered or doubled"))
    #expect(try daemon.stop() == 0)

    // As if an old backup had been put in its place.
    try FileManager.default.removeItem(atPath: installation.dataFolder)
    try FileManager.default.copyItem(atPath: before, toPath: installation.dataFolder)
    daemon = try Daemon(installation)
    let lost = try Self.verify(journal, installation, port: daemon.port)
    #expect(lost.status == 1, "\(lost.output)\(lost.errors)")
    #expect(lost.output.contains("record version 0, not"))
    #expect(try daemon.stop() == 0)
  }

  private func wait(
    forAcknowledgements count: Int, in journal: String, _ load: ChildProcess
  ) throws {
    let end = Date(timeIntervalSinceNow: Double(Self.patienceSeconds))
    while Date() < end, load.isRunning {
      let text = (try? String(contentsOfFile: journal, encoding: .utf8)) ?? ""
      if text.split(separator: "\n").count(where: { $0.hasPrefix("A ") }) >= count { return }
      usleep(20_000)
    }
    throw ChildFailure("no \(count) acknowledgements\n\(load.outputText)\(load.errorText)")
  }

  @Test("ends with 3 when a threshold is passed")
  func threshold() throws {
    let installation = try TestInstallation(terminals: 2, cards: 20)
    let daemon = try Daemon(installation)
    let ended = try Self.run(
      installation, port: daemon.port,
      [
        "--connections", "2", "--rate", "50", "--seconds", "0.3", "--warm-up-seconds", "0",
        "--fail-if", "inquiry.p50>1us",
      ])
    #expect(ended.status == 3, "\(ended.output)\(ended.errors)")
    #expect(ended.output.contains("threshold passed: inquiry.p50>1us"))
    #expect(try daemon.stop() == 0)
  }

  @Test(
    "does not begin what would hurt, or what makes no sense",
    arguments: [
      (["--host", "192.0.2.1"], "--allow-remote"),
      (["--connections", "3"], "--test-terminals"),
      (["--rate", "0"], "rate"),
      (["--seconds", "1000000"], "seconds"),
      (["--fail-if", "lunch>1"], "--fail-if"),
      (["--plan", "/nonexistent/plan.json"], "cannot be read"),
    ])
  func refused(arguments: [String], said: String) throws {
    let installation = try TestInstallation(terminals: 2, cards: 20)
    let ended = try Self.run(installation, port: 9, ["--connections", "2"] + arguments)
    #expect(ended.status == 2)
    #expect(ended.errors.contains(said), "\(ended.errors)")
  }

  @Test("leaves production alone")
  func production() throws {
    let installation = try TestInstallation(terminals: 2, cards: 20)
    try installation.configure("clock", nil)
    try installation.configure("environment", "production")
    let ended = try Self.run(installation, port: 9, ["--connections", "2"])
    #expect(ended.status == 2)
    #expect(ended.errors.contains("production"), "\(ended.errors)")
  }
}
