import LinuxSystem
import SimulatedStorage
import Synchronization
import Testing
import TransactionModel

@testable import WriteAheadLog

@Suite("Under crashes of any kind at any moment, the log")
struct CrashSimulationTests {
  /// A thousand; the environment asks for more.
  static let seeds: Range<UInt64> = {
    let count = environmentValue("POSD_SIMULATION_SEEDS").flatMap(UInt64.init) ?? 1_000
    let first = environmentValue("POSD_SIMULATION_FIRST_SEED").flatMap(UInt64.init) ?? 1
    return first..<first + count
  }()

  @Test("keeps every acknowledged record once and in order, and invents none")
  func crashAndRecover() throws {
    for seed in Self.seeds {
      var simulation = CrashSimulation(seed: seed)
      do {
        try simulation.run()
      } catch {
        Issue.record(
          """
          seed \(seed): \(error)
          again: POSD_SIMULATION_FIRST_SEED=\(seed) POSD_SIMULATION_SEEDS=1 \
          swift test --filter CrashSimulationTests
          """)
        return
      }
    }
  }
}

/// A log and what it has promised, through many lives of its process and its machine.
struct CrashSimulation {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let storage: SimulatedStorage
  private var generator: SeededGenerator
  /// What was acknowledged, or served after a recovery.
  private var promised: [TestRecord] = []
  /// The batch that may or may not have become durable.
  private var inFlight: [TestRecord] = []
  private var time: UInt64 = 100
  private let keyring: LogKeyring

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    storage = SimulatedStorage(seed: generator.next())
    // Every other log is encrypted.
    keyring = seed.isMultiple(of: 2) ? .none : TestLog.keyring
  }

  mutating func run() throws {
    try TestLog.create(storage)
    for _ in 0..<12 {
      chooseFault()
      do {
        try live()
      } catch LogError.system(let error, _) where error == SimulatedStorage.stopped {
      } catch LogError.system(let error, _) where error.errorNumber == 5 {
      }
      if generator.oneIn(2) { storage.losePower() } else { storage.restartProcess() }
      storage.capacity = .max
    }
    try live()
  }

  private mutating func chooseFault() {
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: break
    case 1, 2: storage.failSync(after: Int.random(in: 0..<25, using: &generator))
    case 3: storage.failWrite(after: Int.random(in: 0..<25, using: &generator))
    case 4: storage.stop(afterChanges: Int.random(in: 0..<12, using: &generator))
    default: storage.stop(afterChanges: Int.random(in: 0..<60, using: &generator))
    }
    if generator.oneIn(5) {
      storage.capacity = storage.usedByteCount + Int.random(in: 0..<10_000, using: &generator)
    }
  }

  /// One life of the process: recovery, then work until it ends or something fails.
  private mutating func live() throws {
    var found: [TestRecord] = []
    var log = try TestLog.open(storage, keyring: keyring) { found.append(TestRecord($0)) }
    guard found == promised || found == promised + inFlight else {
      throw Failure(
        description: "promised \(promised.count) records (\(inFlight.count) in flight), "
          + "found \(found.count); first difference at "
          + "\(zip(found, promised + inFlight).prefix { $0 == $1 }.count)")
    }
    promised = found
    inFlight = []
    for _ in 0..<Int.random(in: 0..<40, using: &generator) {
      switch Int.random(in: 0..<10, using: &generator) {
      case 0: try log.settle()
      case 1, 2: try prepare(log)
      case 3 where generator.oneIn(6): storage.capacity = .max
      default: try work(&log)
      }
    }
    if generator.oneIn(3) { try log.close() }
  }

  private mutating func work(_ log: inout FileLog) throws {
    // What is staged when the log closes its doors is still taken: one batch behind this one.
    var allowed = log.admission.canAcceptChanges ? 2 : 0
    while allowed > 0 {
      var records: [TestRecord] = []
      for _ in 0..<Int.random(in: 1...5, using: &generator) {
        let record = TestRecord.random(after: time, &generator)
        time = record.serverTimeMilliseconds
        records.append(record)
      }
      inFlight = records
      try log.commit(records)
      promised += records
      inFlight = []
      allowed = log.admission.canAcceptChanges ? 0 : allowed - 1
    }
  }

  private func prepare(_ log: borrowing FileLog) throws {
    do {
      try log.prepare()
    } catch  where error == SimulatedStorage.stopped {
      throw LogError.system(error, file: "")
    } catch {
      // No room, or a sync that failed: the preparer tries again another time.
    }
  }
}
