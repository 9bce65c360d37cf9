import Support
import Synchronization
import Testing
import TransactionModel
import WireFormat

@testable import TransactionEngine

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
}
