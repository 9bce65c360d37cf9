import Foundation
import Installation
import TerminalClient
import TransactionModel

/// A test installation in a temporary directory, on a clock within the newest income table.
struct DemoInstallation {
  static let terminalCount = 1
  static let cardCount = 100
  /// Nine o'clock of a spring morning in California.
  private static let morning = Instant(rfc3339: "2026-04-15T16:00:00Z")

  let directory: String

  init() throws {
    let name = "posd-demo-\(UUID().uuidString.lowercased())"
    directory = FileManager.default.temporaryDirectory.appending(path: name)
      .path(percentEncoded: false)
    guard let morning = Self.morning else { preconditionFailure("no time of day") }
    var plan = InstallationPlan(
      environment: .test, hosts: ["localhost", "127.0.0.1"], listenAddress: "127.0.0.1",
      port: Init.portDefault,
      roster: Roster.test(terminalCount: Self.terminalCount, cardCount: Self.cardCount),
      clockStart: morning)
    try plan.build(in: directory)
    // The terminals' profiles need a port; the daemon takes any, and says which.
    plan.port = 0
    try Data(plan.configurationJSON.text.utf8).write(to: URL(filePath: configurationFile))
    try LogCreation.createLog(
      in: directory + "/data", roster: plan.roster, environment: .test, at: morning)
  }

  var configurationFile: String { directory + "/posd.json" }

  func profileFile(of terminal: TerminalID) -> String {
    "\(directory)/terminals/\(terminal.rawValue)/posterm.json"
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: directory)
  }
}
