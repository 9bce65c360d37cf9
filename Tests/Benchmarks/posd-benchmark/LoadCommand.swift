import ArgumentParser
import Foundation
import Installation
import LinuxSystem
import TLS
import TerminalClient
import TransactionModel

/// Puts load on one server and reports what came of it; any wrong answer is the end.
struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load", abstract: "Put closed-loop load on one server.")

  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case inquiry, hidden, activation, ineligible, get, set, echo
  }

  @Argument(
    help: """
      inquiry and activation ask posd; ineligible activates clients who are not, and hidden asks as a \
      pharmacy about cards that it is told nothing of; get and set Redis, echo an echo server.
      """)
  var kind: Kind
  @Option(help: "The directory of the terminals that posd init made: one for each connection.")
  var terminals: String?
  @Option(help: "The number of the first terminal to take.") var firstTerminal: UInt64 = 0
  @Option(help: "An address that the server's certificate has.") var host = "127.0.0.1"
  @Option var port: UInt16
  @Option(help: "Process whose processor time is measured.") var serverProcess: Int32?
  @Option var connections = 64
  @Option(help: "Requests in flight on each connection.") var inFlight = 1
  @Option(help: "How long to measure; without it, until each card was asked for once.")
  var seconds: Double?
  @Option(help: "How long to run before that.") var warmUpSeconds = 0.5
  @Option(help: "The first card, as a number from 0.") var firstCard: UInt64 = 0
  @Option(help: "How many cards there are from there on.") var cards: UInt64 = 20_000
  @Option(help: "For random cards.") var seed: UInt64 = 1
  @Option(help: "Size of a value, or of a reply to an echo.") var valueBytes = 400
  @Option(help: "Size of the request of an echo.") var requestBytes = 72
  @Option(help: "What the results call it.") var scenario = ""
  @Option(help: "What the results call the server.") var server = ""
  @Option var round = 1
  @Option(help: "File to append the result to.") var results: String?
  @Option(help: "File to write the number of cards to that were asked for.") var used: String?

  func validate() throws {
    guard (1...10_000).contains(connections), (1...4_096).contains(inFlight), cards > 0,
      valueBytes > 0, requestBytes > 0, (seconds ?? 1) > 0, warmUpSeconds >= 0
    else { throw ValidationError("a number is out of its range") }
    guard kind == .echo || terminals != nil else {
      throw ValidationError("--terminals is wanted, for certificates")
    }
  }

  func run() throws {
    let profiles = try terminals.map {
      try TerminalDirectory(path: $0).first(connections, from: firstTerminal)
    }
    switch kind {
    case .inquiry, .hidden, .activation, .ineligible:
      try measure(
        TerminalWorkload(
          try workloadKind, terminals: profiles ?? [],
          day: PacificTime.date(at: Instant(milliseconds: WallClock.nowMilliseconds)),
          cards: sequence), profiles)
    case .get:
      try measure(FixedWorkload.get(valueByteCount: valueBytes, cards: sequence), profiles)
    case .set:
      try measure(FixedWorkload.set(valueByteCount: valueBytes, cards: sequence), profiles)
    case .echo:
      try measure(
        FixedWorkload.echo(
          requestByteCount: requestBytes, replyByteCount: valueBytes, cards: sequence), nil)
    }
  }

  private var workloadKind: TerminalWorkload.Kind {
    get throws {
      switch kind {
      case .inquiry: .inquiry
      case .hidden: .hidden
      case .activation: .activation
      case .ineligible: .ineligible
      case .get, .set, .echo: throw ValidationError("not a workload of terminals")
      }
    }
  }

  /// What changes a card takes each once; what asks takes any, but in a run until each was asked.
  private var sequence: CardSequence {
    let isChange = kind == .activation || kind == .ineligible || kind == .set
    return isChange || seconds == nil
      ? .ascending(from: firstCard, count: cards)
      : .random(from: firstCard, below: cards, seed: seed)
  }

  private func measure(_ workload: some Workload, _ profiles: [TerminalProfile]?) throws {
    let loadAverages = try ProcessorUse.loadAverages()
    var workload = workload
    var open: [LoadConnection] = []
    for index in 0..<connections {
      let credentials = try profiles.map { try context(of: $0[index]) }
      let connection = LoadConnection(
        try LoadTransport(to: host, port: port, credentials), inFlightMax: inFlight,
        requestByteCount: workload.requestByteCount)
      try workload.open(connection, at: index)
      open.append(connection)
    }
    let length = seconds.map {
      RunLength.timed(
        warmUpNanoseconds: UInt64(warmUpSeconds * 1e9), nanoseconds: UInt64($0 * 1e9))
    }
    var run = try LoadRun(workload, open, length ?? .untilExhausted, serverProcess: serverProcess)
    let measurement = try run.run()
    try report(
      LoadResult(
        scenario: scenario, server: server.isEmpty ? kind.rawValue : server, round: round,
        connectionCount: connections, inFlightMax: inFlight, loadAverages: loadAverages,
        measurement: measurement))
    if let used {
      try "\(run.workload.usedCardCount)\n".write(toFile: used, atomically: true, encoding: .utf8)
    }
  }

  private func context(of profile: TerminalProfile) throws -> TLSClientContext {
    try TLSClientContext(
      authorityFile: profile.authorityFile, certificateFile: profile.certificateFile,
      privateKeyFile: profile.privateKeyFile, expectedHost: host)
  }

  private func report(_ result: LoadResult) throws {
    print(ComparisonTable.line(of: [result]))
    guard let results else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let line = try encoder.encode(result) + Data("\n".utf8)
    if !FileManager.default.fileExists(atPath: results) {
      try Data().write(to: URL(filePath: results))
    }
    let file = try FileHandle(forWritingTo: URL(filePath: results))
    try file.seekToEnd()
    try file.write(contentsOf: line)
    try file.close()
  }
}
