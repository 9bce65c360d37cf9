import LinuxSystem
import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

@Suite("A machine that stops while a snapshot is made, or what it replaces is removed,")
struct SnapshotCrashTests {
  /// More on demand: `POSD_SEED_COUNT=100000`.
  static let seedCount = environmentValue("POSD_SEED_COUNT").flatMap { UInt64($0) } ?? 300

  /// One machine's life: what was acknowledged, and the state that it makes.
  private struct Life {
    var acknowledged: [TestRecord] = []
    /// What was written last and not acknowledged.
    var unsure: TestRecord?
    var makings = 0

    func states() -> [TallyState] {
      var state = TallyState()
      for record in acknowledged { state.take(record) }
      var states = [state]
      if let unsure {
        state.take(unsure)
        states.append(state)
      }
      return states
    }
  }

  /// Runs the owner and the makers of snapshots, until the machine stops or the run is over.
  private func run(
    _ storage: SimulatedStorage, _ life: inout Life, _ random: inout SeededGenerator
  ) throws {
    let log = try TallySnapshot.start(storage).log
    if let unsure = life.unsure {
      // Whether it is there was seen at the start.
      if log.log.durablePosition.rawValue > UInt64(life.acknowledged.count) {
        life.acknowledged.append(unsure)
      }
      life.unsure = nil
    }
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      let time = UInt64(life.acknowledged.count + 1) * 100
      let record = TestRecord(
        kind: 1, serverTimeMilliseconds: time,
        body: [UInt8](repeating: UInt8.random(in: 0...255, using: &random), count: 500))
      life.unsure = record
      try log.log.commit([record])
      life.acknowledged.append(record)
      life.unsure = nil
      try log.log.prepare()
      if random.oneIn(4) {
        try TallySnapshot.make(storage, keptFor: random.oneIn(2) ? 0 : 700)
        life.makings += 1
      }
    }
    if random.oneIn(3) { try log.log.close() }
  }

  @Test("starts with all that was acknowledged, from the snapshot and the log it has then")
  func crashes() throws {
    var makings = 0
    for seed in 0..<Self.seedCount {
      var random = SeededGenerator(seed: seed)
      let storage = SimulatedStorage(seed: seed)
      try TestLog.create(storage)
      var life = Life()
      do {
        for _ in 0..<5 {
          storage.stop(afterChanges: .random(in: 1...60, using: &random))
          do { try run(storage, &life, &random) } catch {
            guard storage.isStopped else { throw error }
          }
          if random.oneIn(2) { storage.losePower() } else { storage.restartProcess() }
          let state = try TallySnapshot.start(storage).state
          let isKnown = life.states().contains(state)
          #expect(isKnown, "seed \(seed)")
          guard isKnown else { return }
          if state != life.states()[0], let unsure = life.unsure {
            life.acknowledged.append(unsure)
          }
          life.unsure = nil
          storage.restartProcess()
          _ = try LogInspector.verify(storage, keyring: TestLog.keyring)
        }
      } catch {
        Issue.record(error, "seed \(seed)")
        return
      }
      makings += life.makings
    }
    #expect(makings > Int(Self.seedCount))
  }
}
