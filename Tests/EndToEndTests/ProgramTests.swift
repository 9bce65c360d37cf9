import Foundation
import ProgramSupport
import Testing

// One after the other: a terminal is used by one process at a time.
@Suite("The programs", .showsDaemons, .served, .serialized)
struct ProgramTests {
  static let card = "10000000000016"
  static let track = ";10000000000115=27111010000000000000?"

  /// An eligible client, whose data must not be found anywhere else.
  static let form = [
    "--last-name", "Quackenbush", "--first-name", "Philomena", "--birth-date", "1998-05-17",
    "--social-security-number", "876543219", "--zip-code", "94110", "--monthly-income", "1850",
    "--family-size", "3", "--county", "38", "--sex", "female", "--medi-cal", "none",
    "--other-coverage", "none", "--confidentiality", "no", "--residence", "yes",
    "--institution", "no", "--need", "yes",
  ]

  @Test("a terminal ends with 0 when approved, 1 when declined, 2 when it got no answer")
  func exitStatus() throws {
    let service = try Served.current()
    let activated = try posterm("activate", ["--track", Self.track] + Self.form, service)
    #expect(activated.status == 0, "\(activated.errors)\(activated.output)")
    #expect(activated.output.contains("ACTIVATED"))
    #expect(!activated.output.contains("10000000000115"), "a receipt shows the whole number")
    let again = try posterm("activate", ["--track", Self.track] + Self.form, service)
    #expect(again.status == 1)
    #expect(again.output.contains("ALREADY ACTIVE"))
    let wrong = try posterm("inquiry", ["--card", "10000000000017"], service)
    #expect(wrong.status == 2)
    #expect(
      wrong.errors.contains("check digit") || wrong.errors.contains("mistyped"),
      "\(wrong.errors)")
    let installation = service.installation
    let nobody = try Program.posterm.run([
      "echo", "--config", installation.path("terminals/1002/posterm.json"), "--port", "1",
    ])
    #expect(nobody.status == 2)
    #expect(nobody.errors.contains("127.0.0.1:1") || nobody.errors.contains("localhost:1"))
  }

  @Test("a terminal's repeat gets the stored reply, and its answers are JSON for scripts")
  func repeated() throws {
    let service = try Served.current()
    let change = ["--card", Self.card] + Self.form
    let first = try json("activate", change, service)
    #expect(first["verdict"] as? String == "approved")
    #expect(first["code"] as? Int == 3_502)
    #expect(first["stored_reply"] as? Bool == false)
    let traceNumber = try #require(first["stan"] as? Int)
    let time = try #require(first["transaction_time"] as? Int)
    let key = ["--stan", "\(traceNumber)", "--transaction-time", "\(time)", "--repeat"]
    var again = try json("activate", change + key, service)
    #expect(again["stored_reply"] as? Bool == true)
    again["stored_reply"] = false
    #expect(NSDictionary(dictionary: again) == NSDictionary(dictionary: first))
    let inquiry = try json("inquiry", ["--card", Self.card], service)
    #expect(inquiry["record_version"] as? Int == 1)
  }

  /// A text without digests, keys, signatures and confirmation numbers, in which any four digits may
  /// come by chance.
  private static func plain(_ text: String) -> String {
    text.split(whereSeparator: { !$0.isHexDigit && !$0.isLetter })
      .filter { $0.count < 16 || $0.allSatisfy(\.isLetter) }
      .joined(separator: " ")
  }

  @Test("an operator sees the log checked and listed, without anybody's data")
  func log() throws {
    let service = try Service()
    for number in ["10000000000024", "10000000000032"] {
      let activated = try posterm("activate", ["--card", number] + Self.form, service)
      #expect(activated.status == 0, "\(activated.output)")
    }
    let log = service.installation.dataFolder + "/log"
    for isRunning in [true, false] {
      if !isRunning { #expect(try service.daemon.stop() == 0) }
      let verified = try Program.posctl.run(["log", "verify", log])
      #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
      let dumped = try Program.posctl.run([
        "log", "dump", log, "--keys", service.installation.path("log.key"),
      ])
      #expect(dumped.status == 0)
      #expect(dumped.output.contains("ACTIVATED"))
      for secret in [
        "Quackenbush", "QUACKENBUSH", "Philomena", "1000000000002", "1000000000003", "1998",
        "876543219", "94110", "941100000", "1850",
      ] {
        #expect(!Self.plain(dumped.output).contains(secret), "the dump shows \(secret)")
        let journal = Self.plain(service.daemon.child.errorText)
        #expect(!journal.contains(secret), "posd's log shows \(secret)")
      }
    }
  }

  @Test("an operator sees how the daemon is, and is told when there is none")
  func status() throws {
    let service = try Service()
    let configuration = service.installation.configurationFile
    let table = try Program.posctl.run(["status", "--config", configuration])
    #expect(table.status == 0)
    #expect(table.output.contains("durable_position"))
    let mode =
      try FileManager.default.attributesOfItem(
        atPath: service.installation.path("control.socket"))[.posixPermissions] as? Int
    #expect(mode.map { $0 & 0o077 } == 0, "others may talk to the daemon")
    #expect(try service.daemon.stop() == 0)
    let none = try Program.posctl.run(["status", "--config", configuration])
    #expect(none.status == 2)
    #expect(none.errors.contains("control.socket"), "\(none.errors)")
  }

  private func posterm(
    _ command: String, _ arguments: [String], _ service: Service
  ) throws -> (status: Int32, output: String, errors: String) {
    try Program.posterm.run(
      [
        command, "--config", service.installation.path("terminals/1001/posterm.json"), "--port",
        "\(service.daemon.port)",
      ] + arguments)
  }

  private func json(
    _ command: String, _ arguments: [String], _ service: Service
  ) throws -> [String: Any] {
    let ended = try posterm(command, arguments + ["--json"], service)
    let object = try JSONSerialization.jsonObject(with: Data(ended.output.utf8))
    return try #require(object as? [String: Any], "\(ended.output)\(ended.errors)")
  }
}
