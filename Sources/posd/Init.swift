import ArgumentParser
import Foundation
import Installation
import LinuxSystem
import TransactionModel

/// `posd init`: makes an installation.
struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make an installation: authority, certificates, terminals, configuration, log.",
    discussion: """
      The directory must be empty or not exist. Move DIRECTORY/authority off the machine when it \
      is done: it is needed only to issue certificates. DIRECTORY/operators holds each operator's \
      first secret: hand them out, and delete the files. In production such a secret opens one \
      sign-on within 24 hours, together with a new one.
      """)

  /// The port of SPECIFICATION.md.
  static let portDefault: UInt16 = 4_461

  @Argument(help: "The directory to make.") var directory: String

  @Option(help: "JSON file of sites, terminals, operators and cards; the test roster if none.")
  var roster: String?

  @Option(help: "test or production.") var environment = "test"

  @Option(
    name: .customLong("host"), parsing: .upToNextOption,
    help: "Names and addresses of the server, the one that terminals use first.")
  var hosts: [String] = []

  @Option(help: "The address to listen on.") var listen = "127.0.0.1"

  @Option(help: "The port to listen on.") var port = Self.portDefault

  @Option(help: "Terminals of the test roster, from 1001.") var testTerminals: Int?

  @Option(help: "Blank cards of the test roster, from serial number 1000000000001.")
  var testCards: Int?

  @Option(help: "The time that a test daemon's clock starts at, such as 2026-04-15T16:00:00Z.")
  var clockStart: String?

  func validate() throws {
    guard let environment = chosenEnvironment else {
      throw ValidationError("--environment is test or production")
    }
    if environment == .production {
      guard roster != nil else { throw ValidationError("production wants a --roster") }
      guard !hosts.isEmpty else { throw ValidationError("production wants a --host") }
      guard clockStart == nil else { throw ValidationError("--clock-start is for tests only") }
    }
    if roster != nil || environment == .production {
      guard testTerminals == nil, testCards == nil else {
        throw ValidationError("--test-terminals and --test-cards make the test roster only")
      }
    }
    if let testTerminals, !(1...Roster.Test.terminalCountMax).contains(testTerminals) {
      throw ValidationError("--test-terminals is 1 to \(Roster.Test.terminalCountMax)")
    }
    if let testCards, !(1...Roster.Test.cardCountMax).contains(testCards) {
      throw ValidationError("--test-cards is 1 to \(Roster.Test.cardCountMax)")
    }
    if let clockStart, Instant(rfc3339: clockStart) == nil {
      throw ValidationError("--clock-start is a time such as 2026-04-15T16:00:00Z")
    }
  }

  private var chosenEnvironment: TransactionModel.Environment? {
    Environment.allCases.first { $0.name == environment }
  }

  func run() throws {
    guard let environment = chosenEnvironment else { preconditionFailure("validated before") }
    let roster = try chosenRoster()
    let secrets = InitialSecrets(of: roster, in: environment)
    let plan = InstallationPlan(
      environment: environment,
      hosts: hosts.isEmpty ? ["localhost", "127.0.0.1", "::1"] : hosts, listenAddress: listen,
      port: port, roster: roster, operatorSecrets: secrets.texts,
      clockStart: clockStart.flatMap { Instant(rfc3339: $0) })
    try plan.build(in: directory) { data, keys in
      try LogCreation.createLog(
        in: data, keyFile: keys, roster: plan.roster, secrets, environment: environment,
        at: plan.clockStart ?? Instant(milliseconds: WallClock.nowMilliseconds))
    }
    let count = plan.roster.registeredTerminals.count
    StandardStreams.write(
      """
      \(directory): \(environment.name) installation with \(plan.roster.sites.count) sites and \
      \(count) \(count == 1 ? "terminal" : "terminals")
      serve it:   posd serve --config \(directory)/posd.json
      hand out:   \(directory)/operators, each operator's first secret\
      \(environment == .production ? ", good for one sign-on within 24 hours" : "")
      move away:  \(directory)/authority
      keep apart: \(directory)/log.key, without which the log cannot be read

      """)
  }

  private func chosenRoster() throws -> Roster {
    guard let roster else {
      return Roster.test(terminalCount: testTerminals ?? 2, cardCount: testCards ?? 100)
    }
    guard let data = FileManager.default.contents(atPath: roster) else {
      throw Mistakes(file: roster, [Mistake("", "cannot be read")])
    }
    return try Roster(
      json: Array(data), file: roster, environment: chosenEnvironment ?? .production)
  }
}
