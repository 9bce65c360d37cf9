import Support
import Testing

@Suite("Transaction cases on an engine in memory")
struct TransactionCaseTests {
  @Test("go as the table says, each alone", arguments: TransactionCase.all)
  func playAlone(_ transactionCase: TransactionCase) throws {
    let mismatches = try transactionCase.mismatches(playedOn: FixtureEngine())
    #expect(mismatches.isEmpty, "\(mismatches.joined(separator: "\n"))")
  }

  @Test("go as the table says, all on one engine")
  func playTogether() throws {
    let engine = try FixtureEngine()
    // Those that move the clock forward come last: time does not go back.
    let cases =
      TransactionCase.all.filter(\.holdsOnRunningClock)
      + TransactionCase.all.filter { !$0.holdsOnRunningClock }
    for (number, transactionCase) in cases.enumerated() {
      let mismatches = try transactionCase.mismatches(playedOn: engine, number: UInt64(number))
      #expect(mismatches.isEmpty, "\(transactionCase): \(mismatches.joined(separator: "\n"))")
    }
  }
}
