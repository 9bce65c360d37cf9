import EligibilityPolicy
import SimulatedStorage
import Support
import Synchronization
import TransactionModel

@testable import TransactionEngine
@testable import WriteAheadLog

/// Engines made by replay and from snapshots, and the bytes of their snapshots.
enum EngineFile {
  private static let geometry = LogGeometry(
    segmentByteCount: 1 << 40, batchByteCountMax: 512 << 10, alignment: 64)
  private static let point = LogPoint(
    tail: LogTail(beginningOf: LogHistory(identity: HistoryIdentity(rawValue: 1))))
  static let name = LogSnapshot.name(of: point.position)

  static func empty(
    _ settings: EngineSettings, key: [UInt8] = FixtureEngine.confirmationKey
  ) throws -> TransactionEngine {
    try TransactionEngine(
      settings: settings, policy: .compiledIn, confirmationKey: key, hashSeed: 7)
  }

  static func replayed(
    _ records: [StagedRecord], _ settings: EngineSettings
  ) throws -> TransactionEngine {
    var engine = try empty(settings)
    try replay(records, into: &engine)
    return engine
  }

  /// Replays records, as far as the log goes: no service begins.
  static func replay(_ records: [StagedRecord], into engine: inout TransactionEngine) throws {
    for record in records {
      var batch = LogBatch(
        after: LogPosition(rawValue: record.position.rawValue - 1), newestServerTimeMilliseconds: 0)
      _ = batch.append(
        kind: record.kind, serverTimeMilliseconds: record.serverTime.milliseconds,
        maximumByteCount: record.body.count
      ) { output in
        for byte in record.body { output.append(byte) }
      }
      try batch.forEachRecord { (view) throws(ReplayError) in try engine.replay(view) }
    }
  }

  /// The snapshot of an engine, as a file; equal engines give equal files.
  static func bytes(_ engine: inout TransactionEngine) throws(LogError) -> [UInt8] {
    try bytes(adding: nil, to: &engine)
  }

  static func bytes(
    adding kind: UInt16?, to engine: inout TransactionEngine
  ) throws(LogError) -> [UInt8] {
    let storage = SimulatedStorage(seed: 1)
    var writer = try SnapshotWriter(
      storage, environment: 0, at: point, keyring: .none, clockMilliseconds: 0,
      geometry: geometry)
    try engine.write(to: &writer)
    if let kind { try writer.append(kind: kind, maximumByteCount: 8) { $0.append(7) } }
    _ = try writer.finish()
    return storage.content(of: name) ?? []
  }

  static func restored(
    _ bytes: [UInt8], _ settings: EngineSettings, key: [UInt8] = FixtureEngine.confirmationKey
  ) throws(LogError) -> TransactionEngine {
    let storage = SimulatedStorage(seed: 1)
    storage.setContent(of: name, bytes)
    guard let empty = try? empty(settings, key: key) else {
      preconditionFailure("no engine")
    }
    var restoration = EngineRestoration(empty)
    _ = try LogSnapshot.read(storage, name, keyring: .none) { try restoration.take($0) }
    do throws(RestorationError) {
      return try restoration.finish()
    } catch {
      throw .replayRefused(.zero, reason: "\(error)")
    }
  }
}

/// What the program's office does between the terminals' transactions.
enum Office {
  static func work(on engine: SharedEngine, _ part: Int, at time: Instant) throws {
    let author = Fixture.author
    func note(_ note: CardNote, _ number: UInt64) {
      _ = try? engine.note(note, on: Fixture.card(number), by: author, at: time)
    }
    let clinic = engine.engine.withLock { $0.register.terminal(Speaker.clinic.terminal)?.site }
    guard let clinic else { return }
    _ = engine.register(
      .blankCards(BlankCardShipment(site: clinic, count: 3)), by: author, at: time)
    let day = PacificTime.date(at: time)
    _ = engine.register(
      .outage(OutageWindow(from: day.adding(days: -3), through: day.adding(days: -2))),
      by: author, at: time)
    note(.plasticLost, UInt64(part))
    note(.plasticLost, UInt64(part) + 1)
    note(.plasticReplaced(at: clinic), UInt64(part))
    note(.plasticFound, UInt64(part) + 1)
    note(.hearing(.ineligible, decidedOn: day, firstDay: .none), UInt64(part) + 2)
    _ = engine.register(.operatorUnlock(Speaker.clinic.operatorID), by: author, at: time)
    let document = PolicyDocument(
      name: "part \(part)", version: UInt64(part) + 1, content: [UInt8](repeating: 7, count: 50))
    guard let position = engine.journal(document, by: author, at: time) else { return }
    if part != 1 {
      _ = engine.activate(
        .compiledIn,
        PolicyActivationEntry(
          author: author, isCompiledIn: part == 0,
          files: [.init(version: document.version, position: position)]), at: time)
    }
  }
}
