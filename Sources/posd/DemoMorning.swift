import Foundation
import Installation
import TerminalClient
import TransactionModel
import WireFormat

/// The demo while it is played: the daemon, the two terminals, and what they were answered.
struct DemoMorning: ~Copyable {
  private let installation: DemoInstallation
  private var daemon: DemoDaemon
  private var startCount = 1
  private var clinic: TerminalClient
  private var pharmacy: TerminalClient
  private let clinicSite: ReceiptSite?
  private let pharmacySite: ReceiptSite?
  private var answers: [String: (request: TerminalRequest, reply: Reply)] = [:]
  private var recordVersions: [CardNumber: UInt32] = [:]
  private var stepCount = 0
  private var faults: [String] = []

  init(_ installation: DemoInstallation) throws {
    let clinicFile = try TerminalProfileFile(
      file: installation.profileFile(of: Self.clinicTerminal))
    let pharmacyFile = try TerminalProfileFile(
      file: installation.profileFile(of: Roster.Test.pharmacyTerminal))
    let clinic = try TerminalClient(clinicFile.profile)
    let pharmacy = try TerminalClient(pharmacyFile.profile)
    daemon = try Self.start(installation, startCount: 0)
    self.installation = installation
    self.clinic = clinic
    self.pharmacy = pharmacy
    clinicSite = clinicFile.site
    pharmacySite = pharmacyFile.site
    usePort()
  }

  private static let clinicTerminal = TerminalID(rawValue: Roster.Test.firstTerminal)
  private static let clinicOperator = Roster.Test.clinicOperators[0]

  var isAsExpected: Bool { faults.isEmpty }

  /// Plays one step and prints what the terminal prints.
  mutating func play(_ step: DemoStep) throws {
    stepCount += 1
    StandardStreams.write("\n\(stepCount). \(step.title)\n\n")
    switch step.action {
    case .killAndRestart:
      try restart()
      StandardStreams.write("killed, started again, recovered\n")
    case .send(let options, let body):
      let body = body { recordVersions[$0] ?? 0 }
      let (request, reply) =
        switch step.actor {
        case .clinic: try Self.send(body, options, &clinic)
        case .pharmacy: try Self.send(body, options, &pharmacy)
        }
      judge(step, request, reply, step.expectations.compactMap { $0(reply) })
      if answers[step.name] == nil { answers[step.name] = (request, reply) }
      if step.actor == .clinic, let card = body.card, let outcome = reply.message.outcome {
        recordVersions[card] = outcome.recordVersion
      }
    case .repeatStep(let name):
      guard let (request, first) = answers[name] else { preconditionFailure("no step \(name)") }
      let reply = try clinic.send(request.repeated)
      judge(step, request, reply, Self.differences(between: first, and: reply))
    }
  }

  /// Ends the daemon.
  mutating func stop() {
    clinic.disconnect()
    pharmacy.disconnect()
    daemon.stop()
  }

  var summary: String {
    let verdict =
      faults.isEmpty
      ? "all \(stepCount) steps gave what they should"
      : "\(faults.count) of \(stepCount) steps did not give what they should"
    return ([""] + faults + [verdict, ""]).joined(separator: "\n")
  }

  /// How to go on by hand.
  var invitation: String {
    let profile = installation.profileFile(of: Self.clinicTerminal)
    let card = CardScheme.healthAccessNumber(serial: Roster.Test.firstCardSerial).revealed
    return """

      Serving on 127.0.0.1:\(daemon.port) until interrupted. Talk to it as terminal \
      \(Self.clinicTerminal.rawValue):

        posterm inquiry --config \(profile) --port \(daemon.port) --state-directory posterm-state \\
          --card \(card)

      The operator of the demo is signed on there for twenty minutes; then again:

        posterm sign-on --config \(profile) --port \(daemon.port) --state-directory posterm-state \\
          --secret-file \(installation.secretFile(of: Self.clinicOperator))

      """
  }

  private mutating func judge(
    _ step: DemoStep, _ request: TerminalRequest, _ reply: Reply, _ complaints: [String]
  ) {
    let site = step.actor == .clinic ? clinicSite : pharmacySite
    StandardStreams.write(
      DisplayFrame(reply).text + Receipt(request, reply, site: site).text)
    for complaint in complaints {
      let fault = "step \(stepCount) (\(step.name)): \(complaint)"
      faults.append(fault)
      StandardStreams.write("NOT AS IT SHOULD BE: \(complaint)\n")
    }
  }

  private mutating func restart() throws {
    daemon.killNow()
    daemon = try Self.start(installation, startCount: startCount)
    startCount += 1
    usePort()
  }

  /// Turns the terminals to the port that the daemon has.
  private mutating func usePort() {
    let server = ServerAddress(host: clinic.profile.servers[0].host, port: daemon.port)
    clinic.usePorts(of: [server])
    pharmacy.usePorts(of: [server])
  }

  /// What in the answer to a repeat is not as in the first answer.
  private static func differences(between first: Reply, and reply: Reply) -> [String] {
    var expected = first
    expected.header.flags.insert(.storedReply)
    return reply == expected ? [] : ["the answer to the repeat is not the first answer"]
  }

  private static func send(
    _ body: RequestBody, _ options: RequestOptions, _ client: inout TerminalClient
  ) throws -> (TerminalRequest, Reply) {
    try client.connect()
    let request = try client.prepare(body, options)
    return (request, try client.send(request))
  }

  private static func start(
    _ installation: DemoInstallation, startCount: Int
  ) throws -> DemoDaemon {
    try DemoDaemon(
      configurationFile: installation.configurationFile,
      logFile: "\(installation.directory)/daemon-\(startCount).log")
  }
}
