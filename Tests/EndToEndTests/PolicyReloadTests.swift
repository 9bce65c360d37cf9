import Foundation
import ProgramSupport
import Testing
import TransactionModel
import WireFormat

@Suite("Policy files of a running daemon", .showsDaemons)
struct PolicyReloadTests {
  private static let table = "income-2026-04-01.csv"

  /// An installation whose rules are files.
  private struct Site {
    let installation: TestInstallation
    let directory: String
    var posctl: Posctl { Posctl(installation: installation) }

    init() throws {
      installation = try TestInstallation()
      directory = installation.path("policy")
      #expect(try Program.posctl.run(["policy", "export", directory]).status == 0)
      try installation.configure("policy.directory", "policy")
    }

    func text(_ file: String) throws -> String {
      try String(contentsOfFile: "\(directory)/\(file)", encoding: .utf8)
    }

    func write(_ text: String, to file: String) throws {
      try text.write(toFile: "\(directory)/\(file)", atomically: false, encoding: .utf8)
    }
  }

  /// What an activation of a family of two with an income says, and the limit it goes by.
  private static func decide(
    _ daemon: Daemon, _ installation: TestInstallation, _ requests: inout Requests, serial: UInt64,
    income: UInt32
  ) throws -> ResponseCode {
    let connection = try WireConnection(port: daemon.port, installation.context())
    try connection.signOn()
    var form = eligibleForm()
    form.set(.monthlyIncome, to: income)
    return try decode(connection.exchange(requests.next(activation(card(serial), form))))
      .header.code
  }

  private struct BadSet {
    let name: String
    let file: String
    let change: @Sendable (String) -> String
    let reason: String
  }

  private static let badSets = [
    BadSet(
      name: "a wrong date", file: "calendar.csv",
      change: { $0.replacing("2026-04-01,2027", with: "2026-04-31,2027") },
      reason: "first_day: \"2026-04-31\" is no day"),
    BadSet(
      name: "an undeclared gap", file: "calendar.csv",
      change: { $0.replacing("2024-04-01,2025", with: "2024-04-02,2025") },
      reason: "undeclared gap: no row has the days from 2024-04-01 to 2024-04-01"),
    BadSet(
      name: "an overlap", file: "calendar.csv",
      change: { $0.replacing("2024-04-01,2025-03-31", with: "2024-04-01,2025-04-01") },
      reason: "has days of it already"),
    BadSet(
      name: "an unknown key", file: "policy-2015-11-01.csv",
      change: { $0 + "colour,red\n" }, reason: "key \"colour\" is unknown"),
    BadSet(
      name: "a row out of order", file: table,
      change: { text in
        var lines = text.split(separator: "\n").map(String.init)
        lines.swapAt(2, 3)
        return lines.joined(separator: "\n") + "\n"
      }, reason: "row out of order: family size 2 stands behind 3"),
  ]

  @Test("are refused by name with any mistake, and the old set stays in force")
  func refused() throws {
    let site = try Site()
    let daemon = try Daemon(site.installation)
    var requests = Requests(after: 100)
    var serial: UInt64 = 1_000_000_000_001
    let limit = try limitOfTwo(site)
    for bad in Self.badSets {
      let good = try site.text(bad.file)
      let text = bad.change(good)
      #expect(text != good, "\(bad.name) changes nothing")
      try site.write(text, to: bad.file)
      let reload = try site.posctl.run("policy", "reload")
      #expect(reload.status == 1, "\(bad.name)")
      #expect(reload.errors.contains("\(site.directory)/\(bad.file)"), "\(reload.errors)")
      #expect(reload.errors.contains(bad.reason), "\(bad.name): \(reload.errors)")
      if bad.file != Self.table {
        #expect(reload.errors.split(separator: "\n").count == 1, "\(bad.name): \(reload.errors)")
      }
      #expect(daemon.child.errorText.contains("the old set stays in force"))
      #expect(try site.posctl.run("policy", "status").output.contains("REFUSED"))
      #expect(try site.posctl.run("status").output.contains("policy.mistakes"))
      for (income, code) in [(limit, ResponseCode.activated), (limit + 1, .ineligibleIncome)] {
        #expect(
          try Self.decide(
            daemon, site.installation, &requests, serial: serial, income: income) == code)
        serial += 1
      }
      let check = try Program.posd.run(
        ["check", "--running", "--config", site.installation.configurationFile])
      #expect(check.status == 2 && check.errors.contains(bad.reason))
      try site.write(good, to: bad.file)
    }
    #expect(try site.posctl.run("policy", "reload").status == 0)
    #expect(try !site.posctl.run("policy", "status").output.contains("REFUSED"))
    #expect(try daemon.stop() == 0)
  }

  @Test("decide at once when they are good, and after a kill, and are found in the log")
  func activated() throws {
    let site = try Site()
    let limit = try limitOfTwo(site)
    var requests = Requests(after: 100)
    var daemon = try Daemon(site.installation)
    #expect(
      try Self.decide(
        daemon, site.installation, &requests, serial: 1_000_000_000_001, income: limit)
        == .activated)
    let old = try site.text(Self.table)
    let versions = try history(site).last?.versions ?? []
    try site.write(try loweringRowOfTwo(old), to: Self.table)
    #expect(try site.posctl.run("policy", "reload").status == 0)
    #expect(
      try Self.decide(
        daemon, site.installation, &requests, serial: 1_000_000_000_002, income: limit)
        == .ineligibleIncome)
    try daemon.kill()
    daemon = try Daemon(site.installation)
    #expect(
      try Self.decide(
        daemon, site.installation, &requests, serial: 1_000_000_000_003, income: limit)
        == .ineligibleIncome)
    let activations = try history(site)
    #expect(activations.count == 3)
    let newest = try #require(activations.last)
    let version = try #require(newest.versions.first { !versions.contains($0) })
    let log = site.installation.path("data/log")
    let keys = site.installation.path("log.key")
    let shown = try Program.posctl.run(["policy", "show", version, "--log", log, "--keys", keys])
    #expect(try shown.status == 0 && shown.output == site.text(Self.table))
    #expect(
      try Program.posctl.run(["policy", "show", "0123456789abcdef", "--log", log, "--keys", keys])
        .status == 1)

    // Nothing of a bad set decides at a start either: the set of the log does.
    try daemon.kill()
    try site.write("nonsense\n", to: Self.table)
    daemon = try Daemon(site.installation)
    #expect(daemon.child.errorText.contains("\(site.directory)/\(Self.table)"))
    #expect(daemon.child.errorText.contains("the set last activated stays in force"))
    #expect(try site.posctl.run("policy", "status").output.contains("REFUSED"))
    #expect(
      try Self.decide(
        daemon, site.installation, &requests, serial: 1_000_000_000_004, income: limit)
        == .ineligibleIncome)

    // SIGHUP does what reload does.
    try site.write(old, to: Self.table)
    daemon.child.send(SIGHUP)
    let deadline = Date(timeIntervalSinceNow: 60)
    while try history(site).count < 4, Date() < deadline { usleep(50_000) }
    #expect(try history(site).count == 4, "the signal was not followed in time")
    #expect(
      try Self.decide(
        daemon, site.installation, &requests, serial: 1_000_000_000_005, income: limit)
        == .activated)
    #expect(try daemon.stop() == 0)
  }

  /// The monthly limit of a family of two in the table of the day.
  private func limitOfTwo(_ site: Site) throws -> UInt32 {
    let row = try site.text(Self.table).split(separator: "\n")[2].split(separator: ",")
    return try #require(UInt32(row[2]))
  }

  /// The table with one dollar a month less for a family of two.
  private func loweringRowOfTwo(_ text: String) throws -> String {
    var lines = text.split(separator: "\n").map(String.init)
    var fields = lines[2].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    fields[2] = "\(try #require(UInt32(fields[2])) - 1)"
    lines[2] = fields.joined(separator: ",")
    return lines.joined(separator: "\n") + "\n"
  }

  private func history(_ site: Site) throws -> [(position: Int, versions: [String])] {
    let ended = try Program.posctl.run(
      [
        "policy", "history", "--json", "--log", site.installation.path("data/log"), "--keys",
        site.installation.path("log.key"),
      ])
    return try ended.output.split(separator: "\n").map { line in
      let object =
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      let files = object["files"] as? [[String: String]] ?? []
      return (object["position"] as? Int ?? 0, files.compactMap { $0["version"] })
    }
  }
}
