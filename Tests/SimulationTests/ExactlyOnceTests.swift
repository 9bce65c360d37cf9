import Testing
import TransactionModel

@Suite("Through losses, repeats, reversals and crashes, the daemon")
struct ExactlyOnceTests {
  @Test(
    "does each change once or not at all, in one order that explains every answer",
    arguments: Seeds.parts(count: 2_000)
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
          \(Seeds.again(seed, "ExactlyOnceTests"))
          """)
        return
      }
    }
    guard seeds.count >= 500 else { return }
    let missing = Self.everyEnd.filter { codes[$0] == nil }
    #expect(missing == [], "every way to end is met")
  }

  /// But for a recertification that succeeds, which takes more luck than a few hundred runs have.
  static let everyEnd: [ResponseCode] = [
    .activated, .alreadyActive, .recertifyInstead, .recertificationTooEarly, .cardOfOtherClient,
    .ineligibleIncome, .updated, .versionConflict, .neverActivated,
    .deactivated, .alreadyDeactivated, .eligible,
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
