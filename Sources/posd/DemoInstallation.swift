import Foundation
import Installation
import TerminalClient
import TransactionModel

/// A test installation in a temporary directory, on a clock within the newest income table.
struct DemoInstallation {
  static let terminalCount = 1
  static let cardCount = 100
  /// Nine in the morning in California on 2026-04-15, within the newest published table.
  private static let morning = Instant(milliseconds: 1_776_268_800_000)
  private static let millisecondsPerStart: UInt64 = 600_000

  let directory: String
  private let plan: InstallationPlan

  init() throws {
    let name = "posd-demo-\(UUID().uuidString.lowercased())"
    directory = FileManager.default.temporaryDirectory.appending(path: name)
      .path(percentEncoded: false)
    // The terminals' profiles need a port; the daemon takes any, and says which.
    plan = InstallationPlan(
      environment: .test, hosts: ["localhost", "127.0.0.1"], listenAddress: "127.0.0.1",
      port: 4_461,
      roster: Roster.test(terminalCount: Self.terminalCount, cardCount: Self.cardCount),
      clockStart: Self.morning)
    try plan.build(in: directory)
    try LogCreation.createLog(
      in: directory + "/data", roster: plan.roster, environment: .test, at: Self.morning)
  }

  var configurationFile: String { directory + "/posd.json" }

  func profileFile(of terminal: TerminalID) -> String {
    "\(directory)/terminals/\(terminal.rawValue)/posterm.json"
  }

  /// Writes the configuration for a start of the daemon: ten minutes later for each start before,
  /// because time in a log never goes back.
  func writeConfiguration(startCount: Int) throws {
    var started = plan
    started.port = 0
    started.clockStart = Instant(
      milliseconds: Self.morning.milliseconds + UInt64(startCount) * Self.millisecondsPerStart)
    let text = Data(started.configurationJSON.text.utf8)
    try text.write(to: URL(filePath: configurationFile))
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: directory)
  }
}
