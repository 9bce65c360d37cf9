import EligibilityIndex
import EligibilityPolicy
import SimulatedStorage
import Support
import Testing
import TransactionModel
import WireFormat

@testable import TransactionEngine
@testable import WriteAheadLog

@Suite("A snapshot of the engine")
struct EngineSnapshotTests {
  /// Small windows, so that answers are forgotten and changes become irreversible.
  private static let settings: EngineSettings = {
    var settings = Fixture.settings
    settings.storedAnswerCountMax = 40
    settings.reversibleChangeCountMax = 48
    settings.expectedCardCount = 100
    return settings
  }()

  /// Traffic of terminals and of the office, so that everything that the log may hold is in it.
  private func traffic(seed: UInt64, _ count: Int) throws -> SeededTraffic {
    var traffic = SeededTraffic(seed: seed, try FixtureEngine(Self.settings))
    for part in 0..<4 {
      try traffic.play(count / 4)
      try Office.work(on: traffic.line.engine.engine, part, at: traffic.line.time)
    }
    return traffic
  }

  @Test(
    "and the rest of the log make what the whole log makes, wherever it is taken",
    arguments: [UInt64(1), 2, 3])
  func exact(seed: UInt64) throws {
    let records = try traffic(seed: seed, 1_600).line.engine.records
    var whole = try EngineFile.replayed(records, Self.settings)
    let expected = try EngineFile.bytes(&whole)
    var points = [0, 1, records.count - 1, records.count]
    var random = SeededGenerator(seed: seed)
    for _ in 0..<10 { points.append(.random(in: 0...records.count, using: &random)) }
    for point in points {
      var early = try EngineFile.replayed(Array(records.prefix(point)), Self.settings)
      var late = try EngineFile.restored(EngineFile.bytes(&early), Self.settings)
      try EngineFile.replay(Array(records.dropFirst(point)), into: &late)
      #expect(try EngineFile.bytes(&late) == expected, "seed \(seed), behind record \(point)")
    }
  }

  @Test("holds every card as it is, however many", arguments: [0, 1, 63, 64, 65, 129])
  func cards(count: UInt32) throws {
    var engine = try EngineFile.empty(Self.settings)
    let numbers = (0..<count).map { CardScheme.healthAccessNumber(serial: 1_000_000 + UInt64($0)) }
    for (place, number) in numbers.enumerated() {
      var record = EligibilityRecord(card: number)
      record.version = UInt32(place + 1)
      engine.index.write(record)
    }
    let restored = try EngineFile.restored(EngineFile.bytes(&engine), Self.settings)
    for (place, number) in numbers.enumerated() {
      let slot = restored.index.find(number)
      #expect(slot.ordinal == place + 1 && restored.index[slot].version == UInt32(place + 1))
    }
  }

  @Test("of a snapshot is that snapshot", arguments: [UInt64(4)])
  func again(seed: UInt64) throws {
    let records = try traffic(seed: seed, 1_200).line.engine.records
    var engine = try EngineFile.replayed(records, Self.settings)
    var bytes = try EngineFile.bytes(&engine)
    for _ in 0..<3 {
      var next = try EngineFile.restored(bytes, Self.settings)
      let written = try EngineFile.bytes(&next)
      #expect(written == bytes)
      bytes = written
    }
  }

  @Test("answers all that follows as the engine that replayed the log", arguments: [UInt64(5), 6])
  func goesOn(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<4 {
      let played = try traffic(seed: seed, .random(in: 40...1_200, using: &random))
      let records = played.line.engine.records
      var engine = try EngineFile.replayed(records, Self.settings)
      let restored = try EngineFile.restored(EngineFile.bytes(&engine), Self.settings)
      var (one, other) = (played, played)
      one.line.engine = try played.line.engine.replayed(at: played.line.time)
      other.line.engine = FixtureEngine(
        restored, knowing: records, Self.settings, at: played.line.time)
      for part in 0..<3 {
        try one.play(200)
        try other.play(200)
        try Office.work(on: one.line.engine.engine, part, at: one.line.time)
        try Office.work(on: other.line.engine.engine, part, at: other.line.time)
      }
      let (left, right) = (one.exchanges, other.exchanges)
      #expect(left.map(\.bytes) == right.map(\.bytes), "seed \(seed)")
      #expect(left.map(\.waitPosition) == right.map(\.waitPosition), "seed \(seed)")
      #expect(one.line.engine.records == other.line.engine.records, "seed \(seed)")
    }
  }

  @Test("is refused with another key or environment, or by a version that does not know it")
  func foreign() throws {
    var engine = try EngineFile.replayed(
      traffic(seed: 7, 80).line.engine.records, Self.settings)
    let bytes = try EngineFile.bytes(&engine)
    var settings = Self.settings
    settings.environment = .production
    #expect(throws: LogError.self) { _ = try EngineFile.restored(bytes, settings) }
    #expect(throws: LogError.self) {
      _ = try EngineFile.restored(bytes, Self.settings, key: [UInt8](repeating: 1, count: 32))
    }
    for kind in [UInt16(1), 6, 8, 20, 32, 999] {
      let strange = try EngineFile.bytes(adding: kind, to: &engine)
      #expect(throws: LogError.self, "kind \(kind)") {
        _ = try EngineFile.restored(strange, Self.settings)
      }
    }
  }

  @Test("is whole or refused by name, wherever a bit is flipped and wherever it is cut")
  func damaged() throws {
    var engine = try EngineFile.replayed(
      traffic(seed: 8, 40).line.engine.records, Self.settings)
    let good = try EngineFile.bytes(&engine)
    var random = SeededGenerator(seed: 8)
    func isRefused(_ bytes: [UInt8]) -> Bool {
      do throws(LogError) {
        _ = try EngineFile.restored(bytes, Self.settings)
        return false
      } catch {
        guard case .damaged(let damage) = error else { return false }
        return damage.fileName == EngineFile.name
      }
    }
    for offset in good.indices {
      var bytes = good
      bytes[offset] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      if !isRefused(bytes) { Issue.record("flipped at \(offset)") }
      guard offset % 7 == 0 else { continue }
      if !isRefused(Array(good.prefix(offset))) { Issue.record("cut at \(offset)") }
    }
    #expect(isRefused(good + [0]))
    #expect(!isRefused(good))
  }
}
