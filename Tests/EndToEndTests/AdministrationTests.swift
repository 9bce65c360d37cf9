import Foundation
import ProgramSupport
import Testing
import TransactionModel
import WireFormat

@Suite("Administration of a running daemon", .showsDaemons)
struct AdministrationTests {
  private static let clinic = "1234567893"
  private static let otherClinic = "1500000009"

  @Test("ships, voids, imports and counts cards, and the next request sees it")
  func stock() throws {
    let service = try Service()
    let posctl = service.posctl
    let connection = try service.connect()
    var requests = Requests(after: 100)
    let unshipped: UInt64 = 3_000_000_000_003
    func activate(_ serial: UInt64) throws -> ResponseCode {
      try decode(connection.exchange(requests.next(activation(card(serial))))).header.code
    }
    #expect(try activate(unshipped) == .cardNotShipped)
    let shipped = try posctl.run(
      "cards", "ship", "3000000000001", "--count", "4", "--site", Self.clinic)
    #expect(shipped.status == 0 && shipped.output == "4 cards shipped to 1234567893\n")
    #expect(try activate(unshipped) == .activated)

    // Two of these four are elsewhere by now.
    let refused = try posctl.run(
      "cards", "ship", "3000000000003", "3000000000006", "--site", Self.otherClinic)
    #expect(refused.status == 1 && refused.output.isEmpty)
    #expect(refused.errors.contains("*0003") && !refused.errors.contains("3000000000003"))

    #expect(try posctl.run("cards", "void", "3000000000002", "3000000000003").status == 0)
    #expect(try activate(3_000_000_000_002) == .cardVoided)
    let held = try connection.exchange(
      requests.next(
        .inquiry(card: card(unshipped), dateOfService: today, purpose: .information)))
    #expect(try decode(held).header.code == .eligible)

    let file = try service.installation.folder.write(
      Array("first_serial,last_serial,site\n5000000000001,5000000000010,\n".utf8), to: "new.csv")
    #expect(try posctl.run("cards", "import", file).status == 0)
    #expect(try posctl.run("cards", "import", file).status == 1)
    let wrong = try service.installation.folder.write(
      Array(
        """
        first_serial,last_serial,site
        6000000000001,6000000000010,
        6000000000021,6000000000020,
        x,1,
        7,8,1234567890
        """.utf8), to: "wrong.csv")
    let mistakes = try posctl.run("cards", "import", wrong)
    #expect(mistakes.status == 1)
    for line in ["line 3:", "line 4:", "line 5:"] { #expect(mistakes.errors.contains(line)) }
    #expect(
      try posctl.run("cards", "ship", "--blank", "50", "--site", Self.clinic).status == 0)

    let report = try posctl.entry(["cards", "report"], 1_234_567_893)
    #expect(report["shipped"] as? Int == 104 && report["voided"] as? Int == 2)
    #expect(report["activated"] as? Int == 1 && report["left"] as? Int == 102)
    #expect(report["blanks_shipped"] as? Int == 150)
    #expect(try posctl.entry(["cards", "report"], 0)["left"] as? Int == 16)
    let only = try posctl.run("cards", "report", "--site", Self.otherClinic)
    #expect(only.output.split(separator: "\n").count == 2)
    #expect(try service.daemon.stop() == 0)
  }

  @Test("keeps the register of providers, sites, terminals and operators")
  func register() throws {
    let service = try Service()
    let posctl = service.posctl
    for (command, id) in [("provider", 1_679_576_722), ("site", 1_679_576_722)] {
      var arguments = [
        command, "add", "\(id)", "--name", "New \(command)", "--first-day", "2020-01-01",
      ]
      if command == "site" {
        arguments += ["--role", "enrolling-clinic", "--provider", "\(id)"]
      }
      arguments += ["--config", service.installation.configurationFile]
      #expect(try Program.posctl.run(arguments).status == 0)
      #expect(try Program.posctl.run(arguments).status == 1)
    }
    let site = "1679576722"
    #expect(try posctl.run("terminal", "add", "7001", "--site", site).status == 0)
    #expect(
      try posctl.run(
        "operator", "add", "7501", "--site", site, "--last-name", "Nuñez", "--first-name", "Ana",
        "--birth-date", "1980-02-29"
      ).status == 0)
    #expect(try posctl.entry(["operator", "list"], 7_501)["name"] as? String == "Nuñez, Ana")
    #expect(try posctl.entry(["terminal", "list"], 7_001)["state"] as? String == "new")
    let ids = [
      ("provider", 1_679_576_722), ("site", 1_679_576_722), ("terminal", 7_001),
      ("operator", 7_501),
    ]
    for (part, id) in ids {
      for (step, state, status) in [
        ("suspend", "suspended", 0), ("enable", "active", 0), ("retire", "retired", 0),
        ("enable", "retired", 1),
      ] {
        #expect(try posctl.run(part, step, "\(id)").status == status, "\(part) \(step)")
        #expect(try posctl.entry([part, "list"], id)["state"] as? String == state)
      }
    }
    #expect(try posctl.run("operator", "unlock", "501").status == 0)
    #expect(try posctl.run("operator", "unlock", "404").status == 1)
    let secret = try posctl.run("operator", "issue-secret", "501")
    #expect(secret.status == 0 && secret.output.count == 13, "\(secret.errors)")
    #expect(try posctl.run("operator", "issue-secret", "404").status == 1)
    let log = try Program.posctl.run([
      "log", "dump", service.installation.path("data/log"), "--keys",
      service.installation.path("log.key"),
    ])
    #expect(!log.output.contains(secret.output.dropLast()))
    #expect(
      try posctl.run(
        "outage", "declare", "--from", "2026-10-30", "--through", "2026-11-01", "--enter-by",
        "2026-11-30"
      ).status == 0)
    #expect(try posctl.entry(["outage", "list"], 1)["enter_by"] as? String == "2026-11-30")
    let days = ["--from", "2026-10-30", "--through", "2026-11-01"]
    let ended = try Program.posctl.run(
      ["outage", "end"] + days + ["--config", service.installation.configurationFile])
    #expect(ended.status == 0)
    #expect(try posctl.entry(["outage", "list"], 1)["enter_by"] as? String == "2026-11-01")
    #expect((try posctl.json("outage", "list") as? [Any])?.count == 1)
    let connection = try service.connect()
    #expect(try connection.isServed())
    #expect(try posctl.run("terminal", "suspend", "1001").status == 0)
    #expect(try !connection.isServed())
    #expect(try service.daemon.stop() == 0)
  }

  @Test("shows in log and history which changes were forwarded, and which certified on paper")
  func marks() throws {
    let service = try Service()
    let days = ["--from", "2026-11-01", "--through", "2026-11-01"]
    let declared = try Program.posctl.run(
      ["outage", "declare"] + days + ["--config", service.installation.configurationFile])
    #expect(declared.status == 0)
    let serial: UInt64 = 1_000_000_000_001
    var requests = Requests(after: 100)
    let connection = try service.connect()
    let paper = RequestBody.activate(
      Certification(
        card: card(serial), certificationDate: CalendarDate(trusted: 2026_11_01),
        client: eligibleForm()))
    let reply = try connection.exchange(requests.next(paper, flags: .storedAndForward))
    #expect(try decode(reply).header.code == .activated)
    try service.daemon.kill()
    let log = service.installation.path("data/log")
    let keys = service.installation.path("log.key")
    let marks = "stored_and_forwarded,certified_in_outage"
    let dump = try Program.posctl.run(["log", "dump", log, "--keys", keys]).output
    let line = dump.split(separator: "\n").first { $0.contains(marks) } ?? ""
    #expect(line.contains("\"table_version\":\"") && line.contains("\"policy_version\":\""))
    #expect(line.contains("\"card\":\"") && !line.contains(card(serial).revealed))
    #expect(dump.contains("\"enter_by\":\"2026-12-01\""))
    let history = try Program.posctl.run([
      "card", "history", card(serial).revealed, "--log", log, "--keys", keys,
    ])
    #expect(history.output.contains("marks \(marks)"), "\(history.output)")
    #expect(history.output.contains("table_version"))
  }

  @Test("notes what happened to a card, and shows its history without the daemon")
  func plastic() throws {
    let service = try Service()
    let posctl = service.posctl
    let serial: UInt64 = 1_000_000_000_001
    let number = card(serial).revealed
    #expect(try posctl.run("card", "lost", number).status == 1)
    var requests = Requests(after: 100)
    let connection = try service.connect()
    _ = try connection.exchange(requests.next(activation(card(serial))))
    for arguments in [
      ["lost", number], ["found", number], ["lost", number],
      ["replace", number, "--site", Self.clinic],
    ] {
      let ended = try Program.posctl.run(
        ["card"] + arguments + ["--config", service.installation.configurationFile])
      #expect(ended.status == 0, "\(arguments): \(ended.errors)")
      #expect(!ended.output.contains(number) && ended.output.contains(String(number.suffix(4))))
    }
    let report = try posctl.entry(["cards", "report"], 1_234_567_893)
    #expect(report["blanks_used"] as? Int == 1)
    try service.daemon.kill()
    let log = service.installation.path("data/log")
    let keys = service.installation.path("log.key")
    let history = try Program.posctl.run(["card", "history", number, "--log", log, "--keys", keys])
    #expect(history.status == 0 && !history.output.contains(number))
    let records = history.output.split(separator: "\n").filter { $0.hasPrefix("record ") }
    #expect(records.count == 5, "\(history.output)")
    #expect(history.output.contains("2026-11-02 to 2027-11-01, regular"))
    let other = try Program.posctl.run(
      ["card", "history", card(serial + 1).revealed, "--log", log, "--keys", keys])
    #expect(other.status == 0 && other.output.isEmpty)
    #expect(
      try Program.posctl.run(["card", "history", "10000000000017", "--log", log, "--keys", keys])
        .status == 2)
  }

  @Test("a change that was acknowledged outlives a kill, whatever it is")
  func durable() throws {
    let installation = try TestInstallation()
    let posctl = Posctl(installation: installation)
    for round in 0..<5 {
      let daemon = try Daemon(installation)
      #expect(
        try posctl.run("terminal", "add", "\(8_000 + round)", "--site", Self.clinic).status
          == 0)
      let first = 5_000_000_000_000 + round * 10
      let file = try installation.folder.write(
        Array("first_serial,last_serial\n\(first),\(first + 9)\n".utf8), to: "cards.csv")
      #expect(try posctl.run("cards", "import", file).status == 0)
      try daemon.kill()
    }
    let daemon = try Daemon(installation)
    for round in 0..<5 {
      #expect(!(try posctl.entry(["terminal", "list"], 8_000 + round)).isEmpty)
    }
    #expect(try posctl.entry(["cards", "report"], 0)["shipped"] as? Int == 20 + 50)
    let log = try Program.posctl.run([
      "log", "dump", installation.path("data/log"), "--keys", installation.path("log.key"),
    ])
    #expect(log.output.contains("\"by_user\":\(getuid())"))
    #expect(try daemon.stop() == 0)
  }

  @Test("others may connect only when the configuration gives others a role")
  func roles() throws {
    let installation = try TestInstallation()
    try installation.setUsers("help_desk_users", ["nobody", "12345"])
    let daemon = try Daemon(installation)
    let attributes = try FileManager.default.attributesOfItem(
      atPath: installation.path("control.socket"))
    #expect(attributes[.posixPermissions] as? Int == 0o666)
    #expect(try Posctl(installation: installation).run("status").status == 0)
    #expect(try daemon.stop() == 0)
    try installation.setUsers("help_desk_users", [12_345])
    #expect(
      try Program.posd.run(["check", "--config", installation.configurationFile]).status == 0)
    try installation.setUsers("help_desk_users", ["no such user"])
    let ended = try Program.posd.run(["check", "--config", installation.configurationFile])
    #expect(ended.status == 2 && ended.errors.contains("control.help_desk_users[0]"))
  }

  @Test(
    "who has no role is hung up on, and is in the audit log, once however often it calls",
    .enabled(if: geteuid() == 0 && Program.tool("setpriv") != nil, "only root becomes another"))
  func stranger() throws {
    let installation = try TestInstallation()
    try installation.setUsers("help_desk_users", [12_345])
    let socket = URL(filePath: installation.path("control.socket"))
    let folder = socket.deletingLastPathComponent().path(percentEncoded: false)
    for path in [installation.folder.path, folder] {
      try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: path)
    }
    let daemon = try Daemon(installation)
    for _ in 0..<3 {
      let ended = try #require(Program.tool("setpriv")).run([
        "--reuid=65534", "--clear-groups", Program.posctl.path, "status", "--socket",
        installation.path("control.socket"),
      ])
      #expect(ended.status == 2 && ended.output.isEmpty, "\(ended.output)\(ended.errors)")
    }
    #expect(try daemon.stop() == 0)
    let ended = try Program.posctl.run([
      "audit", "--config", installation.configurationFile, "--since", "2020-01-01T00:00:00Z",
      "--json",
    ])
    let lines = ended.output.split(separator: "\n").filter { $0.contains("\"connect\"") }
    #expect(lines.count == 1 && lines[0].contains("65534"), "\(ended.output)")
    #expect(lines.allSatisfy { $0.contains("not_permitted") || $0.contains("notPermitted") })
  }

  @Test("check tells of a port and a log that are taken, unless told that posd runs")
  func check() throws {
    let installation = try TestInstallation()
    let daemon = try Daemon(installation)
    try installation.configure("listen.port", Int(daemon.port))
    let arguments = ["check", "--config", installation.configurationFile]
    let taken = try Program.posd.run(arguments)
    #expect(taken.status == 2 && taken.errors.contains("listen"))
    #expect(taken.errors.contains("data.directory"))
    #expect(try Program.posd.run(arguments + ["--running"]).status == 0)
    #expect(try daemon.stop() == 0)
    #expect(try Program.posd.run(arguments).status == 0)
  }
}

extension TestInstallation {
  /// Sets a list of users of the configuration file.
  fileprivate func setUsers(_ key: String, _ users: [any Sendable]) throws {
    try configure("control.\(key)", users)
  }
}
