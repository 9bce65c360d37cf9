import LinuxSystem
import Support
import Synchronization
import Testing
import TransactionModel
import WireFormat
import WriteAheadLog

@testable import TransactionEngine
@testable import TransactionServer

@Suite("Memory ahead of the engine, in the daemon")
struct MemoryAheadTests {
  @Test("is looked for when the daemon starts, and again when a request finds it due")
  func wiring() throws {
    let terminals = try FixtureTerminals(of: FixtureInstallation())
    let engine = try #require(terminals.daemon).engine
    #expect(isMet { dueCount(engine) != nil })
    engine.engine.withLock { $0.memoryDueCount = 0 }
    _ = try terminals.answer(
      encode(Speaker.clinic.header(trace: 1), .echo), from: Speaker.clinic.identity,
      at: Fixture.start)
    #expect(isMet { dueCount(engine) ?? 0 > 0 })
  }

  /// How much is to be added until memory is due again; `nil` while nobody has looked.
  private func dueCount(_ engine: SharedEngine) -> Int? {
    engine.engine.withLock { $0.memoryDueCount }
  }

  @Test("is nobody's who does not start: no thread keeps the engine")
  func refused() throws {
    let installation = try FixtureInstallation()
    weak var engine: SharedEngine?
    do {
      let recovered = try FixtureRecovery(log: installation.certificates.path("log"))
      engine = recovered.engine
      try refuse(recovered, installation)
    }
    #expect(engine == nil)
  }

  private func refuse(
    _ recovered: consuming FixtureRecovery, _ installation: FixtureInstallation
  ) throws {
    let engine = recovered.engine
    let committer = try GroupCommitter(
      log: recovered.log, source: engine, whenDurable: { _ in }, fatal: { fatalError("\($0)") })
    var limits = ServerLimits()
    limits.framesInFlightMax = 65
    #expect(throws: ServerError.limitsContradict(limits.contradictions)) {
      _ = try TransactionServer(
        listener: ListeningSocket(host: "127.0.0.1", port: 0),
        context: installation.certificates.serverContext(), environment: Fixture.environment,
        engine: engine, committer: committer, durablePosition: DurablePosition(.zero),
        audit: ControlledAudit().desk, limits: limits)
    }
  }
}
