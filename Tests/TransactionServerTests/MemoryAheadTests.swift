import Support
import Synchronization
import Testing
import TransactionModel
import WireFormat

@testable import EligibilityIndex
@testable import TransactionEngine

@Suite("Memory ahead of new cards, in the daemon")
struct MemoryAheadTests {
  @Test("is made when the daemon starts, and again when a request finds it due")
  func wiring() throws {
    let terminals = try FixtureTerminals(of: FixtureInstallation())
    let engine = try #require(terminals.daemon).engine
    #expect(isMet { !isDue(engine) })
    engine.engine.withLock { $0.index.nextMemoryCount = 0 }
    #expect(isDue(engine))
    _ = try terminals.answer(
      encode(Speaker.clinic.header(trace: 1), .echo), from: Speaker.clinic.identity,
      at: Fixture.start)
    #expect(isMet { !isDue(engine) })
  }

  private func isDue(_ engine: SharedEngine) -> Bool {
    engine.engine.withLock { $0.index.isMemoryDue }
  }
}
