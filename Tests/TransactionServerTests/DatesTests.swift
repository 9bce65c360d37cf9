import Support
import Testing
import TransactionModel

/// The same table that the engine's tests play in memory, on a daemon whose clock is set.
@Suite("Dates over TLS", .serialized)
struct DatesTests {
  @Test("go as the table says on a daemon whose clock is set", arguments: TransactionCase.dates)
  func play(_ transactionCase: TransactionCase) throws {
    let terminals = try DatedTerminals()
    let mismatches = try transactionCase.mismatches(playedOn: terminals)
    #expect(mismatches.isEmpty, "\(mismatches.joined(separator: "\n"))")
  }
}

/// Terminals whose daemon is started again, its clock set, when a request comes at another time.
private final class DatedTerminals: Answering {
  private let installation: FixtureInstallation
  private var terminals: FixtureTerminals?
  private var time = Instant.none

  init() throws { installation = try FixtureInstallation(registeredAt: Fixture.datesBegin) }

  func answer(
    _ frame: [UInt8], from identity: CertificateIdentity, at time: Instant
  ) throws -> [UInt8] {
    let terminals = try terminals(at: time)
    return try terminals.answer(frame, from: identity, at: time)
  }

  private func terminals(at time: Instant) throws -> FixtureTerminals {
    if let terminals, time == self.time { return terminals }
    terminals?.hangUp()
    let started = try FixtureTerminals(of: installation, at: time)
    (terminals, self.time) = (started, time)
    return started
  }
}
