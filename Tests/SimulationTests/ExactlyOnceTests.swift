import Foundation
import Testing
import TransactionModel

@Suite("Through losses, repeats, reversals and crashes, the daemon")
struct ExactlyOnceTests {
  /// Two thousand runs, in four parts that go side by side; the environment asks for more.
  static let parts: [Range<UInt64>] = {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["POSD_SIMULATION_SEEDS"].flatMap(UInt64.init) ?? 2_000
    let first = environment["POSD_SIMULATION_FIRST_SEED"].flatMap(UInt64.init) ?? 1
    let step = (count + 3) / 4
    return (0..<4).map { part in
      first + min(count, part * step)..<first + min(count, (part + 1) * step)
    }
  }()

  @Test(
    "does each change once or not at all, in one order that explains every answer", arguments: parts
  )
  func exactlyOnce(seeds: Range<UInt64>) throws {
    var codes: [ResponseCode: Int] = [:]
    for seed in seeds {
      do {
        var simulation = try DaemonSimulation(seed: seed)
        try simulation.run()
        codes.merge(simulation.codes, uniquingKeysWith: +)
      } catch {
        Issue.record(
          """
          seed \(seed): \(error)
          again: POSD_SIMULATION_FIRST_SEED=\(seed) POSD_SIMULATION_SEEDS=1 \
          swift test --filter ExactlyOnceTests
          """)
        return
      }
    }
    guard seeds.count >= 200 else { return }
    let missing = Self.everyEnd.filter { codes[$0] == nil }
    #expect(missing == [], "every way to end is met")
  }

  static let everyEnd: [ResponseCode] = [
    .activated, .alreadyActive, .recertifyInstead, .cardOfOtherClient, .ineligibleIncome,
    .updated, .versionConflict, .neverActivated, .deactivated, .alreadyDeactivated, .eligible,
    .notEligibleOnDate, .noInformation, .reversed, .reversalRemembered, .notReversible,
    .reversalAfterLaterActivity,
  ]

  @Test("would be caught if it broke its word", arguments: SimulatedDaemon.Fault.allCases)
  func brokenDaemon(fault: SimulatedDaemon.Fault) {
    let isCaught = (1...100).contains { (seed: UInt64) in
      do {
        var simulation = try DaemonSimulation(seed: seed, fault: fault)
        try simulation.run()
        return false
      } catch {
        return true
      }
    }
    #expect(isCaught, "no run noticed it")
  }
}
