import Support
import Testing
import TransactionEngine
import TransactionModel

@Suite("Transaction cases on an engine in memory")
struct TransactionCaseTests {
  @Test("go as the table says, each alone", arguments: TransactionCase.all)
  func playAlone(_ transactionCase: TransactionCase) throws {
    let mismatches = try transactionCase.mismatches(playedOn: FixtureEngine())
    #expect(mismatches.isEmpty, "\(mismatches.joined(separator: "\n"))")
  }

  @Test("about dates go as the table says", arguments: TransactionCase.dates)
  func playDates(_ transactionCase: TransactionCase) throws {
    let engine = try FixtureEngine(registeredAt: Fixture.datesBegin)
    let mismatches = try transactionCase.mismatches(playedOn: engine)
    #expect(mismatches.isEmpty, "\(mismatches.joined(separator: "\n"))")
  }

  @Test("go as the table says, all on one engine")
  func playTogether() throws {
    // Together they are more than are kept of a terminal by default.
    var settings = Fixture.settings
    settings.storedAnswerCountMax = 4_096
    let engine = try FixtureEngine(settings)
    // Those that move the clock forward come last: time does not go back.
    let cases =
      TransactionCase.all.filter { !$0.movesClock } + TransactionCase.all.filter(\.movesClock)
    for (number, transactionCase) in cases.enumerated() {
      let mismatches = try transactionCase.mismatches(playedOn: engine, number: UInt64(number))
      #expect(mismatches.isEmpty, "\(transactionCase): \(mismatches.joined(separator: "\n"))")
    }
  }

  @Test("that hold on a running clock go the same a minute later, the others are the clock's")
  func playLate() throws {
    for transactionCase in TransactionCase.all where transactionCase.holdsOnRunningClock {
      let mismatches = try transactionCase.mismatches(playedOn: LateEngine())
      #expect(mismatches.isEmpty, "\(transactionCase): \(mismatches.joined(separator: "\n"))")
    }
    let others = TransactionCase.all.filter { !$0.holdsOnRunningClock }.map(\.name)
    #expect(others == TransactionCase.clocks.map(\.name))
  }
}

/// An engine that gets every request as late as no terminal is told that its clock is off.
private final class LateEngine: Answering {
  private let engine: FixtureEngine

  init() throws { engine = try FixtureEngine() }

  func answer(
    _ frame: [UInt8], from identity: CertificateIdentity, at time: Instant
  ) throws -> [UInt8] {
    let later = Instant(milliseconds: time.milliseconds + 59_000)
    return try engine.answer(frame, from: identity, at: later)
  }
}
