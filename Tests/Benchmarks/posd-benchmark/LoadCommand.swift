import ArgumentParser
import Foundation
import Installation
import LinuxSystem
import TerminalClient
import TransactionModel

/// Puts load on one server and reports what came of it; any wrong answer is the end.
struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load", abstract: "Put load on one server.")

  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case inquiry, hidden, activation, update, ineligible, get, set, overwrite, echo
  }

  @Argument(
    help: """
      inquiry, activation and update ask posd; ineligible activates clients who are not, and hidden \
      asks as a pharmacy about cards that it is told nothing of; get, set and overwrite Redis, echo \
      an echo server.
      """)
  var kind: Kind
  @Option(help: "The directory of the terminals that posd init made: one for each connection.")
  var terminals: String?
  @Option(help: "The number of the first terminal to take.") var firstTerminal: UInt64 = 0
  @Option(help: "An address that the server's certificate has.") var host = "127.0.0.1"
  @Option var port: UInt16
  @Option(help: "Process whose processor time is measured.") var serverProcess: Int32?
  @Option var connections = 64
  @Option(help: "Requests in flight on each connection; at most, with a rate.") var inFlight = 1
  @Option(help: "Open loop: so many requests a second, evenly spaced.") var rate: Double?
  @Option(help: "How long to measure; without it, until each card was asked for once.")
  var seconds: Double?
  @Option(help: "How long to run before that.") var warmUpSeconds = 0.5
  @Option(
    help: """
      The first card, as a number from 0; of updates the number of the first, which go around the \
      cards that were activated.
      """)
  var firstCard: UInt64 = 0
  @Option(help: "How many cards there are from there on.") var cards: UInt64 = 20_000
  @Option(help: "For random cards.") var seed: UInt64 = 1
  @Option(help: "Size of a value, or of a reply to an echo.") var valueBytes = 400
  @Option(help: "Size of the request of an echo.") var requestBytes = 72
  @Option(help: "What the results call it.") var scenario = ""
  @OptionGroup var output: ResultOptions
  @Option(help: "File to write the number of cards to that were asked for.") var used: String?
  @Option(help: "File to write half of the reached rate to.") var halfRate: String?

  func validate() throws {
    guard (1...10_000).contains(connections), (1...4_096).contains(inFlight), cards > 0,
      valueBytes > 0, requestBytes > 0, (seconds ?? 1) > 0, warmUpSeconds >= 0, (rate ?? 1) > 0
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
    case .inquiry, .hidden, .activation, .update, .ineligible:
      try measure(
        TerminalWorkload(
          try workloadKind, terminals: profiles ?? [],
          day: PacificTime.date(at: Instant(milliseconds: WallClock.nowMilliseconds)),
          cards: sequence), profiles)
    case .get:
      try measure(FixedWorkload.get(valueByteCount: valueBytes, cards: sequence), profiles)
    case .set, .overwrite:
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
      case .update: .update
      case .ineligible: .ineligible
      case .get, .set, .overwrite, .echo: throw ValidationError("not a workload of terminals")
      }
    }
  }

  /// What changes a card takes each once; what asks takes any, but in a run until each was asked.
  private var sequence: CardSequence {
    if kind == .update { return .around(from: firstCard, count: cards) }
    let isChange = kind == .activation || kind == .ineligible || kind == .set
    return isChange || seconds == nil
      ? .ascending(from: firstCard, count: cards)
      : .random(from: firstCard, below: cards, seed: seed)
  }

  private func measure(_ workload: some Workload, _ profiles: [TerminalProfile]?) throws {
    let loadAverages = try ProcessorUse.loadAverages()
    var workload = workload
    let open = try LoadConnection.open(
      connections, host: host, port: port, profiles, inFlightMax: inFlight, &workload)
    let length = seconds.map {
      RunLength.timed(
        warmUpNanoseconds: UInt64(warmUpSeconds * 1e9), nanoseconds: UInt64($0 * 1e9))
    }
    var run = try LoadRun(
      workload, open, length ?? .untilExhausted, serverProcess: serverProcess, rate: rate)
    let measurement = try run.run()
    let result = LoadResult(
      kind: kind.rawValue, scenario: scenario, server: output.server ?? kind.rawValue,
      round: output.round,
      connectionCount: connections, inFlightMax: inFlight, rate: rate,
      loadAverages: loadAverages, measurement: measurement)
    print(ComparisonTable.line(of: [result]))
    if let results = output.results {
      try ResultsFile(path: results).append(ResultsFile.Line(load: result))
    }
    if let used {
      try "\(run.workload.usedCardCount)\n".write(toFile: used, atomically: true, encoding: .utf8)
    }
    if let halfRate {
      let half = UInt64(measurement.transactionsPerSecond / 2) + 1
      try "\(half)\n".write(toFile: halfRate, atomically: true, encoding: .utf8)
    }
  }
}
