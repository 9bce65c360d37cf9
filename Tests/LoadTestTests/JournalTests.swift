import LinuxSystem
import Testing
import TransactionModel
import WireFormat

@testable import LoadTest

@Suite("A journal")
struct JournalTests {
  /// Two cards: one activated and updated, the other with an update that was never answered.
  static let text = """
    posload-journal 2 test 1000000000001 100 1
    K 7 3 2 20261101 20271031 0 55 0
    S 1001 10 501 1793642400000 activate 3
    S 1002 20 502 1793642400001 update 7
    A 1001 10 3502 1 100 12345 ab
    S 1001 11 501 1793642400002 update 3
    A 1001 11 3504 2 101 12346 ac
    S 1001 12 501 1793642400003 reaffirm 3
    R 1001 12 4001

    """

  static func history(_ text: String) throws -> JournalHistory {
    try JournalHistory(Array(text.utf8))
  }

  @Test("gives the cards as they were acknowledged, and what was never answered")
  func read() throws {
    let history = try Self.history(Self.text)
    #expect(history.acknowledgedCount == 2 && history.unansweredCount == 1)
    #expect(history.changedCards == [3, 7])
    let state = history.book.state(of: 3)
    #expect(state.version == 2 && state.formVersion == 2)
    #expect(state.position == LogPosition(rawValue: 101))
    #expect(!history.book.isBusy(3))
    #expect(history.book.state(of: 7).version == 3)
    #expect(history.book.pendingState(of: 7)?.version == 4)
    #expect(history.terminals.map(\.id.rawValue) == [1_001, 1_002])
    #expect(history.terminals.map(\.operatorID.rawValue) == [501, 502])
    #expect(history.newest[0].map(\.exchange.traceNumber) == [10, 11])
    #expect(history.newest[0].map(\.digest) == [0xAB, 0xAC])
    #expect(history.violations.count == 0)
  }

  @Test("may end anywhere: a torn line counts for nothing", arguments: 0..<60)
  func torn(missing: Int) throws {
    let history = try Self.history(String(Self.text.dropLast(missing)))
    #expect(history.acknowledgedCount + history.unansweredCount >= 2)
  }

  @Test(
    "shows what is wrong in itself",
    arguments: [
      ("3504 2 101 12346", "3504 3 101 12346", "record version 3, not 2"),
      ("3504 2 101 12346", "3504 1 101 12346", "record version 1, not 2"),
      ("3504 2 101 12346", "3504 2 100 12346", "log position 100 was given twice"),
      ("3504 2 101 12346", "3504 2 101 12345", "a confirmation number was given twice"),
    ])
  func wrong(part: String, other: String, said: String) throws {
    let history = try Self.history(Self.text.replacing(part, with: other))
    #expect(history.violations.count == 1)
    #expect(history.violations.described.first?.contains(said) == true)
  }

  @Test(
    "is refused by the line that is damaged",
    arguments: [
      ("posload-journal 2", "posload-journal 1", 1),
      ("K 7 3", "K 700 3", 2),
      ("K 7 3", "Q 7 3", 2),
      ("activate 3\n", "lunch 3\n", 3),
      ("activate 3\n", "inquiry 3\n", 3),
      ("A 1001 10", "A 1001 99", 5),
      ("A 1001 10 3502 1 100 12345 ab", "A 1001 10 3502 1 100 12345", 5),
      ("S 1001 11 501 1793642400002 update 3", "S 1001 11 501 1793642400002 update 7", 6),
    ])
  func damaged(part: String, other: String, line: Int) {
    #expect {
      _ = try Self.history(Self.text.replacing(part, with: other))
    } throws: { error in
      guard case .journalUnusable(line, _) = error as? LoadError else { return false }
      return true
    }
  }

  @Test("is read as it was written, and never written over")
  func written() throws {
    let directory = try TemporaryDirectory()
    let header = JournalHeader(
      environment: .test, firstSerial: 1_000_000_000_001, cardCount: 9, software: 1)
    let journal = try Journal(path: directory.file("journal"), header)
    let state = CardState(
      version: 5, formVersion: 4, periodFirst: BookTests.day,
      periodLast: BookTests.day.adding(days: 9), endReason: 2, renewal: .unknown,
      position: LogPosition(rawValue: 77))
    try journal.began(8, state)
    let terminal = LoadTerminal(
      id: TerminalID(rawValue: 1_001), operatorID: OperatorID(rawValue: 501))
    var exchange = Exchange(.update, intendedNanoseconds: 0)
    (exchange.card, exchange.traceNumber) = (8, 4)
    exchange.time = Instant(milliseconds: 1_793_642_400_000)
    try journal.sending(exchange, terminal)
    try journal.flush()
    let history = try Self.history(try directory.text(of: "journal"))
    #expect(history.header == header)
    #expect(history.book.state(of: 8) == state)
    #expect(history.unansweredCount == 1)
    #expect(throws: LoadError.self) { _ = try Journal(path: directory.file("journal"), header) }
  }
}
