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

  let directory: String

  init() throws {
    let name = "posd-demo-\(UUID().uuidString.lowercased())"
    directory = FileManager.default.temporaryDirectory.appending(path: name)
      .path(percentEncoded: false)
    let roster = Roster.test(terminalCount: Self.terminalCount, cardCount: Self.cardCount)
    let secrets = InitialSecrets(of: roster, in: .test)
    let plan = InstallationPlan(
      environment: .test, hosts: ["localhost", "127.0.0.1"], listenAddress: "127.0.0.1",
      port: Init.portDefault,
      roster: roster, operatorSecrets: secrets.texts, clockStart: Self.morning)
    try plan.build(in: directory) { data, keys in
      try LogCreation.createLog(
        in: data, keyFile: keys, roster: plan.roster, secrets, environment: .test, at: Self.morning)
    }
    // The terminals' profiles need a port; the daemon takes any, and says which.
    var served = plan
    served.port = 0
    try Data(served.configurationJSON.text.utf8).write(to: URL(filePath: configurationFile))
  }

  var configurationFile: String { directory + "/posd.json" }

  func profileFile(of terminal: TerminalID) -> String {
    "\(directory)/terminals/\(terminal.rawValue)/posterm.json"
  }

  func secretFile(of person: OperatorID) -> String {
    "\(directory)/operators/\(person.rawValue).secret"
  }

  func remove() {
    try? FileManager.default.removeItem(atPath: directory)
  }
}
