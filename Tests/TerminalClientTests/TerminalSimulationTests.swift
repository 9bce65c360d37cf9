import Foundation
import TerminalSimulation
import Testing

@Suite("Through losses, delays, repeats and crashes, a terminal")
struct TerminalSimulationTests {
  /// A few hundred; the environment asks for more.
  static let seeds: Range<UInt64> = {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["POSD_SIMULATION_SEEDS"].flatMap(UInt64.init) ?? 300
    let first = environment["POSD_SIMULATION_FIRST_SEED"].flatMap(UInt64.init) ?? 1
    return first..<first + count
  }()

  @Test("has every change carried out once or not at all, and knows which")
  func exactlyOnce() throws {
    for seed in Self.seeds {
      var simulation = TerminalSimulation(seed: seed) { ModelServer(seed: $0) }
      do {
        try simulation.run()
      } catch {
        Issue.record(
          """
          seed \(seed): \(error)
          again: POSD_SIMULATION_FIRST_SEED=\(seed) POSD_SIMULATION_SEEDS=1 \
          swift test --filter TerminalSimulationTests
          """)
        return
      }
    }
  }

  static let outcomes = [
    "answered 3034", "answered 3501", "answered 3505", "cancelled 0", "cancelled 3040",
    "cancelled 3042", "cancelled 3507", "cancelled 3508", "held 2010", "refused 2502",
    "unanswered 0", "unknown 0", "unknown 2502",
  ]

  @Test("comes to every outcome that there is")
  func everyOutcome() throws {
    var counts: [String: Int] = [:]
    for seed in UInt64(1)...60 {
      var simulation = TerminalSimulation(seed: seed) { ModelServer(seed: $0) }
      try simulation.run()
      counts.merge(simulation.outcomeCounts, uniquingKeysWith: +)
    }
    #expect(Self.outcomes.filter { counts[$0] == nil } == [])
  }

  @Test(
    "would be caught by these runs if the server broke its word",
    arguments: ModelServer.Fault.allCases)
  func brokenServer(fault: ModelServer.Fault) {
    let isCaught = (1...200).contains { (seed: UInt64) in
      var simulation = TerminalSimulation(seed: seed) { ModelServer(seed: $0, fault: fault) }
      do { try simulation.run() } catch { return true }
      return false
    }
    #expect(isCaught, "no run noticed it")
  }
}
