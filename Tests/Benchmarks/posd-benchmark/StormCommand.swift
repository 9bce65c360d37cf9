import ArgumentParser
import Foundation
import LinuxSystem
import Synchronization
import TransactionModel

/// Cuts the connections of many terminals at once and measures how they come back, and what those
/// that were left alone notice of it.
struct StormCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "storm", abstract: "Measure a storm of reconnecting terminals.",
    discussion: """
      The other terminals inquire meanwhile at a fixed rate, open loop. The server is to allow so \
      many connections of one address, and a second's worth more.
      """)

  /// How long the other terminals run before a storm, unmeasured.
  private static let warmUpMilliseconds: Int32 = 500

  @OptionGroup var crowd: CrowdOptions
  @Option(help: "How many other terminals.") var established = 8
  @Option(help: "How many inquiries a second they make together.") var rate = 1_000.0
  @Option(help: "How many cards they inquire.") var cards: UInt64 = 1_000
  @Option(help: "How many storms.") var rounds = 3
  @OptionGroup var output: ResultOptions

  func validate() throws {
    guard established > 0, rate > 0, cards > 0, rounds > 0 else {
      throw ValidationError("a number is out of its range")
    }
  }

  func run() throws {
    let occasions = (0..<rounds).map { _ in Occasion() }
    let crowd = crowd
    let thread = try OwnThread(name: "storm") { Self.storm(crowd, occasions) }
    defer {
      for occasion in occasions { occasion.want() }
      thread.join()
    }
    for (place, occasion) in occasions.enumerated() {
      let measurement = try measure(occasion, seed: UInt64(place + 1))
      let seconds = Double(try occasion.nanoseconds()) / 1e9
      let tail = Double(measurement.p99) / 1e6
      print(
        String(
          format: "storm: %d connections were back after %.2f s; meanwhile p50 %.3f ms, "
            + "p99 %.3f ms, max %.3f ms of %llu inquiries of %d others", crowd.connections,
          seconds, Double(measurement.p50) / 1e6, tail, Double(measurement.largest) / 1e6,
          measurement.transactionCount, established))
      var output = output
      output.round = place + 1
      try output.note(.stormDuration, seconds)
      try output.note(.stormTail, tail)
    }
  }

  /// The other terminals: connected before the storm, measured during it.
  private func measure(_ occasion: Occasion, seed: UInt64) throws -> Measurement {
    let others = try TerminalDirectory(path: crowd.terminals).first(established)
    var workload = TerminalWorkload(
      .inquiry, terminals: others,
      day: PacificTime.date(at: Instant(milliseconds: WallClock.nowMilliseconds)),
      cards: .random(below: cards, seed: seed))
    let connections = try LoadConnection.open(
      established, host: crowd.host, port: crowd.port, others, inFlightMax: 64, &workload)
    // They stand for machines of their own too.
    Thread.runCurrentPromptly()
    var run = try LoadRun(
      workload, connections, .during(occasion), serverProcess: nil, rate: rate)
    return try run.run()
  }

  /// The crowd's thread.
  private static func storm(_ options: CrowdOptions, _ occasions: [Occasion]) {
    // The crowd stands for machines of its own: it must not take the processor from the others.
    try? Thread.setNicenessOfCurrent(19)
    do {
      let crowd = try options.crowd()
      try crowd.open()
      for occasion in occasions {
        occasion.waitUntilWanted(andMilliseconds: warmUpMilliseconds)
        occasion.begin()
        let start = MonotonicClock.nowNanoseconds
        crowd.cut()
        try crowd.open()
        occasion.end(.success(MonotonicClock.nowNanoseconds - start))
      }
    } catch {
      let failure = error as? BenchmarkError ?? .connectionLost(reason: "\(error)")
      for occasion in occasions where !occasion.isOver { occasion.end(.failure(failure)) }
    }
  }
}
