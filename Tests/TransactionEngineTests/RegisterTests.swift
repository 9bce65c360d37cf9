import Support
import Testing
import TransactionModel
import WireFormat

@testable import TransactionEngine

@Suite("The register")
struct RegisterTests {
  /// The staged bodies of the fixture's register, with their kinds.
  static let bodies: [(kind: RecordKind, body: [UInt8])] = {
    guard let engine = try? FixtureEngine() else { return [] }
    return engine.records.compactMap { record in
      guard let kind = RecordKind(rawValue: record.kind), kind.isRegisterEntry else { return nil }
      return (kind, record.body)
    }
  }()

  @Test("entries are read as they were written, and refused at every other length")
  func roundTrip() throws {
    #expect(Self.bodies.count == Fixture.register.count)
    for (kind, body) in Self.bodies {
      let entry = try #require(RegisterEntry(kind, body: body))
      #expect(entry.change.kind == kind && entry.encoded == body)
      for count in 0..<body.count {
        #expect(RegisterEntry(kind, body: Array(body[..<count])) == nil)
      }
      #expect(RegisterEntry(kind, body: (body + [0])) == nil)
    }
  }

  @Test("entries with any one bit flipped are refused or mean something else")
  func flipped() {
    for (kind, body) in Self.bodies {
      for bit in 0..<(body.count * 8) {
        var damaged = body
        damaged[bit / 8] ^= 1 << UInt8(bit % 8)
        guard let entry = RegisterEntry(kind, body: damaged) else { continue }
        #expect(entry.encoded == damaged, "\(kind), bit \(bit)")
      }
    }
  }

  static let contradictions: [RegisterChange] = [
    .site(site(0)),
    .terminal(
      Terminal(id: TerminalID(rawValue: 9), site: SiteID(rawValue: 404), state: .active)),
    .terminal(Terminal(id: TerminalID(rawValue: 0), site: Fixture.clinic, state: .active)),
    .operator(
      Operator(id: OperatorID(rawValue: 9), site: SiteID(rawValue: 404), state: .active)),
    .operator(Operator(id: OperatorID(rawValue: 0), site: Fixture.clinic, state: .active)),
    .cardRange(range(10, 9)),
    .cardRange(range(5_000_000_000_000, 10_000_000_000_000)),
    .cardRange(range(0, .max)),
    .cardRange(
      CardRange(firstSerial: 5, lastSerial: 6, site: SiteID(rawValue: 404), isVoided: false)),
  ]

  @Test("refuses what contradicts it", arguments: contradictions.indices)
  func contradiction(index: Int) throws {
    let engine = try FixtureEngine()
    let count = engine.records.count
    #expect(
      engine.engine.register(Self.contradictions[index], by: Fixture.author, at: Fixture.start)
        == nil)
    #expect(engine.records.count == count)
  }

  @Test("takes what touches nothing, and the same range anew")
  func additions() throws {
    let engine = try FixtureEngine()
    let before = engine.engine.figures.cardsInStock
    for change in [
      Self.range(1, 9), Self.range(10, 10), Self.range(1_000_000_100_001, 1_999_999_999_999),
      Self.range(9_999_999_999_999, 9_999_999_999_999), Self.range(1, 9),
    ] {
      #expect(
        engine.engine.register(.cardRange(change), by: Fixture.author, at: Fixture.start) != nil)
    }
    #expect(engine.engine.figures.cardsInStock == before + 9 + 1 + 999_999_899_999 + 1)
  }

  @Test("a shipped range gives each of its cards and none beside them")
  func rangeEnds() throws {
    var line = Line(try FixtureEngine())
    for (first, last): (UInt64, UInt64) in [(21, 30), (10, 10), (31, 31)] {
      #expect(
        line.engine.engine.register(
          .cardRange(Self.range(first, last)), by: Fixture.author, at: line.time) != nil)
    }
    let expected: [UInt64: ResponseCode] = [
      0: .cardUnknown, 9: .cardUnknown, 10: .neverActivated, 11: .cardUnknown, 20: .cardUnknown,
      21: .neverActivated, 25: .neverActivated, 30: .neverActivated, 31: .neverActivated,
      32: .cardUnknown, CardScheme.serialMax: .cardUnknown,
    ]
    for (serial, code) in expected {
      let card = CardScheme.healthAccessNumber(serial: serial)
      #expect(try line.send(Scene.inquire(card)).code == code, "\(serial)")
    }
  }

  @Test("what it says holds from the next request on")
  func takesEffect() throws {
    var line = Line(try FixtureEngine())
    let suspended = Terminal(
      id: Speaker.clinic.terminal, site: Fixture.clinic, state: .suspended)
    #expect(try line.send(.echo).code == .approved)
    #expect(
      line.engine.engine.register(.terminal(suspended), by: Fixture.author, at: line.time) != nil)
    #expect(try line.send(.echo).code == .terminalBlocked)
    line.engine = try line.engine.replayed()
    #expect(try line.send(.echo).code == .terminalBlocked)
  }

  private static func site(_ id: UInt64) -> Site {
    Site(
      id: SiteID(rawValue: id), role: .enrollingClinic, state: .active,
      vouchesForOperators: false, firstDay: .none, lastDay: .none,
      name: InlineArray(repeating: 0x20))
  }

  private static func range(_ first: UInt64, _ last: UInt64) -> CardRange {
    CardRange(firstSerial: first, lastSerial: last, site: Fixture.clinic, isVoided: false)
  }
}

extension RegisterEntry {
  /// The bytes of the entry's record.
  fileprivate var encoded: [UInt8] { StagedRecord.body { write(to: &$0) } }
}
