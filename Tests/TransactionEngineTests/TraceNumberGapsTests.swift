import SimulatedStorage
import Support
import Testing
import TransactionModel
import WireFormat

@testable import TransactionEngine

@Suite("Gaps in trace numbers")
struct TraceNumberGapsTests {
  /// Numbers as they come, and what they leave missing, in how many gaps, and as the newest.
  static let rows: [(came: [UInt32], missing: UInt64, gaps: UInt64, newest: UInt32)] = [
    ([], 0, 0, 0),
    ([500], 0, 0, 500),
    ([1, 2, 3], 0, 0, 3),
    ([1, 3], 1, 1, 3),
    ([1, 5, 9], 6, 2, 9),
    ([1, 3, 2], 0, 0, 3),
    ([1, 3, 3, 1], 1, 1, 3),
    ([1, 3, 2, 2], 0, 0, 3),
    ([1, 5, 2], 2, 1, 5),
    ([1, 5, 4], 2, 1, 5),
    ([1, 5, 3], 2, 2, 5),
    ([1, 5, 3, 2, 4], 0, 0, 5),
    ([7, 6, 5], 0, 0, 7),
    ([4_294_967_295, 1], 0, 0, 1),
    ([4_294_967_294, 2], 2, 1, 2),
    ([4_294_967_294, 2, 4_294_967_295], 1, 1, 2),
    ([4_294_967_294, 2, 4_294_967_295, 1], 0, 0, 2),
    ([1, 1_002], 1_000, 1, 1_002),
    ([1, 1_000_001], 999_999, 1, 1_000_001),
    ([1, 1_000_001, 1_000_000], 999_998, 1, 1_000_001),
    // Too late to be told from a repeat.
    ([1, 1_000_001, 2], 999_999, 1, 1_000_001),
    ([1, 1_025, 2], 1_023, 1, 1_025),
    ([1, 1_024, 2], 1_021, 1, 1_024),
    ([1, 2_147_483_648], 2_147_483_646, 1, 2_147_483_648),
    ([1, 2_147_483_649], 0, 0, 1),
  ]

  @Test("are counted, and filled by what comes late", arguments: rows)
  func table(_ row: (came: [UInt32], missing: UInt64, gaps: UInt64, newest: UInt32)) {
    var gaps = TraceNumberGaps()
    for number in row.came { gaps.note(number) }
    #expect(gaps.missingCount == row.missing && gaps.gapCount == row.gaps)
    #expect(gaps.newest == row.newest)
  }

  @Test("begin with the first number ahead of what the log names")
  func recalled() {
    var gaps = TraceNumberGaps()
    for number: UInt32 in [4_294_967_290, 3, 1] { gaps.recall(number) }
    #expect(gaps.newest == 3)
    // Forwarded late: whether 4 to 9 came before the start is not known.
    gaps.note(2)
    gaps.note(10)
    gaps.note(9)
    #expect(gaps.missingCount == 0 && gaps.newest == 10)
    gaps.note(12)
    #expect(gaps.missingCount == 1 && gaps.gapCount == 1)
  }

  @Test("are those of a plain set", arguments: UInt64(1)...24)
  func againstModel(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var gaps = TraceNumberGaps()
    // Near the end of the round, so that most runs pass it.
    let first = 4_294_967_296 - UInt64.random(in: 1...4_000, using: &random)
    func number(_ ordinal: UInt64) -> UInt32 {
      UInt32((ordinal - 1) % 4_294_967_295 + 1)
    }
    var (newest, came) = (first, Set([first]))
    gaps.note(number(first))
    for step in 0..<3_000 {
      switch Int.random(in: 0..<20, using: &random) {
      case 0..<10: newest += 1
      case 10..<14: newest += UInt64.random(in: 2...6, using: &random)
      case 14: newest += UInt64.random(in: 1...(step % 10 == 0 ? 1_500 : 9), using: &random)
      default:
        let reach = min(newest - first, TraceNumberGaps.windowCount - 2)
        guard reach > 0 else { continue }
        let late = newest - UInt64.random(in: 0...reach, using: &random)
        came.insert(late)
        gaps.note(number(late))
      }
      came.insert(newest)
      gaps.note(number(newest))
      guard step % 300 == 299 else { continue }
      let missing = (first...newest).filter { !came.contains($0) }
      let runs = missing.filter { came.contains($0 - 1) }
      #expect(
        gaps.missingCount == UInt64(missing.count) && gaps.gapCount == UInt64(runs.count),
        "seed \(seed), step \(step)")
      #expect(gaps.newest == number(newest), "seed \(seed), step \(step)")
    }
  }

  @Test("of a terminal are reported with what became of its requests")
  func reported() throws {
    var line = Line(try FixtureEngine())
    func report() throws -> TerminalReport {
      let id = Speaker.clinic.terminal
      let reports = line.engine.engine.terminalReports(
        of: Fixture.clinic, after: TerminalID(rawValue: 0), limit: 9)
      return try #require(reports.first { $0.terminal.id == id })
    }
    let before = try report()
    _ = line.step(.echo)
    let change = try line.send(Scene.activate(Fixture.card(0)))
    let kept = line.step(Scene.inquire(Fixture.card(0), .verify))
    try line.send(.echo)
    try line.send(change.step)
    try line.send(Scene.inquire(Fixture.card(0)))
    // Everybody signed on with the number before 1.
    #expect(try report().missingTraceNumberCount == 2 && report().gapCount == 2)
    line.advance(milliseconds: 5)
    try line.send(kept)
    try line.send(Scene.activate(Fixture.card(1)), flags: [.training, .batch])
    let after = try report()
    #expect(after.missingTraceNumberCount == 1 && after.gapCount == 1)
    #expect(after.newestTraceNumber == 6 && after.lastSeen == line.time)
    #expect(after.changeCount - before.changeCount == 2)
    #expect(after.repeatCount - before.repeatCount == 1)
    #expect(after.refusalCount - before.refusalCount == 1)
    #expect(after.requestCount - before.requestCount == 6)
    #expect(after.storedAnswerCount == 2 && !after.isByGateway)
  }
}
