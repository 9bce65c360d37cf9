import Foundation
import ProgramSupport
import Testing

@Suite("A configuration file", .showsDaemons)
struct ConfigurationTests {
  @Test("is found sound as posd init makes it")
  func sound() throws {
    let installation = try TestInstallation()
    let ended = try Program.posd.run(["check", "--config", installation.configurationFile])
    #expect(ended.status == 0)
    #expect(ended.output.contains("sound"))
    #expect(ended.errors == "")
  }

  @Test("is judged as a whole: every mistake is told at once, by file and key")
  func mistakes() throws {
    let installation = try TestInstallation()
    try installation.configure("environment", "stage")
    try installation.configure("listen.address", "localhost")
    try installation.configure("listen.port", 70_000)
    try installation.configure("tls.key", nil)
    try installation.configure("clock.start", "yesterday")
    try installation.configure("limits.connections", 0)
    try installation.configure("limits.idle_secs", 30)
    try installation.configure("idle_seconds", 30)
    let keys = [
      "environment", "listen.address", "listen.port", "tls.key", "clock.start",
      "limits.connections", "limits.idle_secs", "idle_seconds",
    ]
    for command in ["check", "serve"] {
      let ended = try Program.posd.run([command, "--config", installation.configurationFile])
      #expect(ended.status == 2)
      let lines = ended.errors.split(separator: "\n")
      #expect(ended.errors.contains(installation.configurationFile))
      for key in keys {
        #expect(
          lines.contains { $0.contains(key) && $0.contains("wanted") || $0.contains("unknown") },
          "\(command) does not tell of \(key):\n\(ended.errors)")
      }
    }
  }

  @Test("names files that must be there")
  func files() throws {
    let installation = try TestInstallation()
    try FileManager.default.removeItem(atPath: installation.path("tls/server.key"))
    try FileManager.default.removeItem(atPath: installation.dataFolder)
    let ended = try Program.posd.run(["check", "--config", installation.configurationFile])
    #expect(ended.status == 2)
    for part in ["tls.key", "tls/server.key", "data.directory", installation.dataFolder] {
      #expect(ended.errors.contains(part), "\(ended.errors)")
    }
  }

  @Test("that cannot be read, or is no JSON, is named")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let missing = try Program.posd.run(["check", "--config", folder.path("posd.json")])
    #expect(missing.status == 2)
    #expect(missing.errors.contains(folder.path("posd.json")), "\(missing.errors)")
    let file = try folder.write(Array(#"{ "environment": "test", "#.utf8), to: "posd.json")
    let broken = try Program.posd.run(["check", "--config", file])
    #expect(broken.status == 2)
    #expect(broken.errors.contains(file), "\(broken.errors)")
  }
}
