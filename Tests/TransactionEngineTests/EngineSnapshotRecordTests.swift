import SimulatedStorage
import Support
import Testing
import TransactionModel

@testable import TransactionEngine
@testable import WriteAheadLog

/// Files whose every bit is right, written by something that is wrong.
@Suite("The records of a snapshot of the engine")
struct EngineSnapshotRecordTests {
  private struct Record {
    let kind: UInt16
    let body: [UInt8]
  }

  /// What a small engine's snapshot holds.
  private func records() throws -> [Record] {
    var traffic = SeededTraffic(seed: 9, try FixtureEngine(Fixture.settings))
    try traffic.play(80)
    try Office.work(on: traffic.line.engine.engine, 0, at: traffic.line.time)
    let provider = Provider(
      id: ProviderID(rawValue: 1_777_777_776), state: .active, firstDay: .none, lastDay: .none,
      name: InlineArray(repeating: UInt8(ascii: " ")))
    let office = traffic.line.engine.engine
    _ = office.register(.provider(provider), by: Fixture.author, at: traffic.line.time)
    return try records(traffic.line)
  }

  /// What the snapshot of a line's engine holds.
  private func records(_ line: Line) throws -> [Record] {
    var engine = try EngineFile.replayed(line.engine.records, Fixture.settings)
    let storage = SimulatedStorage(seed: 1)
    storage.setContent(of: EngineFile.name, try EngineFile.bytes(&engine))
    var records: [Record] = []
    _ = try LogSnapshot.read(storage, EngineFile.name, keyring: .none) { view in
      records.append(
        Record(kind: view.kind, body: unsafe view.body.withUnsafeBytes { unsafe Array($0) }))
    }
    return records
  }

  /// Whether an engine comes of them.
  private func isTaken(_ records: [Record]) throws -> Bool {
    let storage = SimulatedStorage(seed: 1)
    let point = LogPoint(
      tail: LogTail(beginningOf: LogHistory(identity: HistoryIdentity(rawValue: 1))))
    var writer = try SnapshotWriter(
      storage, environment: 0, at: point, keyring: .none, clockMilliseconds: 0)
    for record in records {
      try writer.append(kind: record.kind, maximumByteCount: record.body.count) { output in
        for byte in record.body { output.append(byte) }
      }
    }
    let bytes = storage.content(of: try writer.finish()) ?? []
    return (try? EngineFile.restored(bytes, Fixture.settings)) != nil
  }

  @Test("are refused without a card, without keys, and without their head or with it elsewhere")
  func incomplete() throws {
    let whole = try records()
    #expect(try isTaken(whole))
    for kind in [SnapshotRecordKind.head, .cards, .keys] {
      let index = try #require(whole.firstIndex { $0.kind == kind.rawValue })
      var changed = whole
      changed.remove(at: index)
      #expect(try !isTaken(changed), "without \(kind)")
      changed = whole
      changed.append(whole[index])
      #expect(try !isTaken(changed), "\(kind) twice")
    }
    #expect(try !isTaken(Array(whole.dropFirst()) + whole.prefix(1)))
    #expect(try !isTaken([]))
  }

  @Test("are refused when a stored answer has no length that a reply has")
  func answerLengths() throws {
    let whole = try records()
    let index = try #require(
      whole.firstIndex { $0.kind == SnapshotRecordKind.answer.rawValue && $0.body[68] == 160 })
    // Bytes of the reply, and of the frame that it was.
    for (reply, frame) in [(160, 152), (152, 160), (160, 161), (40, 40), (0, 160), (160, 0)] {
      var body = whole[index].body
      (body[68], body[69], body[70], body[71]) = (UInt8(reply), 0, UInt8(frame), 0)
      var changed = whole
      changed[index] = Record(kind: whole[index].kind, body: body)
      #expect(try !isTaken(changed), "\(reply) bytes of \(frame)")
    }
  }

  @Test("are refused when one is cut short or goes on", arguments: SnapshotRecordKind.allCases)
  func lengths(kind: SnapshotRecordKind) throws {
    let whole = try records()
    let index = try #require(whole.firstIndex { $0.kind == kind.rawValue })
    let record = whole[index]
    for body in [Array(record.body.dropLast()), record.body + [0]] {
      var changed = whole
      changed[index] = Record(kind: record.kind, body: body)
      #expect(try !isTaken(changed), "\(kind) of \(body.count) bytes")
    }
  }

  @Test("lead to a client by the keys that earlier snapshots have: they are made for good")
  func fingerprints() throws {
    var line = Line(try FixtureEngine())
    let form = SampleForm.eligible.with(.socialSecurityNumber, 123_456_789)
      .with(.mothersFirstName, "Ana María").with(.benefitsCard, "90000001A16123")
    #expect(try line.send(Scene.activate(Fixture.card(0), form)).code == .activated)
    let keys = try records(line).filter { $0.kind == SnapshotRecordKind.keys.rawValue }
    let entries = try #require(keys.first).body
    let fingerprints = stride(from: 0, to: entries.count, by: 8).map { start in
      entries[start..<start + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    #expect(keys.count == 1)
    // The fingerprint is the upper half; the card is the first of all.
    #expect(
      Set(fingerprints) == [
        0xF833_0CBA_0000_0001, 0x2C49_333B_0000_0001, 0x028B_8538_0000_0001, 0xC7D6_7443_0000_0001,
      ])
  }
}
