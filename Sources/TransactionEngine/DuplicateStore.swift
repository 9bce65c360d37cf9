import TransactionModel

/// The answers to recent changes of each terminal, by system trace audit number.
///
/// Bounded by count and by age. What leaves raises the terminal's *forgotten through*: the largest
/// transaction time that left. An unknown key at or below it may have been executed and forgotten,
/// so it is never executed (SPECIFICATION.md, "Exactly once"). Rebuilt by replay, to the same
/// content, because eviction looks at nothing but what the log holds.
struct DuplicateStore: ~Copyable {
  var histories = IdentifierTable<TerminalID, TerminalHistory>()
  let countMax: Int
  private let ageMillisecondsMax: UInt64

  init(countMax: Int, ageMillisecondsMax: UInt64) {
    precondition(countMax > 0, "a window holds at least one answer")
    self.countMax = countMax
    self.ageMillisecondsMax = ageMillisecondsMax
  }

  /// What is known of a key.
  enum Finding {
    case unknown
    /// Not in the window, and not after what has left it; with the position of the newest
    /// answer, which may be what pushed it out.
    case forgotten(LogPosition)
    case stored(StoredAnswer)
    /// The change never arrived, but its reversal did.
    case reversed(StoredAnswer)
  }

  func find(
    _ terminal: TerminalID, _ traceNumber: SystemTraceAuditNumber, at transactionTime: Instant
  ) -> Finding {
    guard let place = histories.place(of: terminal) else { return .unknown }
    return histories.read(at: place) { history in
      if let answer = history.answer(to: traceNumber) {
        return answer.isRememberedReversal ? .reversed(answer) : .stored(answer)
      }
      guard transactionTime <= history.forgottenThrough else { return .unknown }
      return .forgotten(history.newestPosition)
    }
  }

  mutating func insert(_ answer: StoredAnswer, for terminal: TerminalID) {
    let place = histories.place(of: terminal, orInsert: TerminalHistory(countMax: countMax))
    let now = answer.serverTime.milliseconds
    let oldest = now - min(now, ageMillisecondsMax)
    histories.change(at: place) { history in
      history.forgetOlder(than: oldest)
      history.append(answer)
    }
  }

  /// Notes that a change was undone by the reversal at a position.
  mutating func markReversed(
    _ traceNumber: SystemTraceAuditNumber, of terminal: TerminalID, by reversal: LogPosition
  ) {
    guard let place = histories.place(of: terminal) else { return }
    histories.change(at: place) { $0.markReversed(traceNumber, by: reversal) }
  }

  /// The answer to a terminal's newest change; `nil` when none is kept.
  func newestAnswer(of terminal: TerminalID) -> StoredAnswer? {
    histories[terminal]?.newestAnswer
  }

  /// The position of the newest change of a terminal.
  func newestPosition(of terminal: TerminalID) -> LogPosition {
    histories[terminal]?.newestPosition ?? .zero
  }

  /// How many answers are kept of a terminal, remembered reversals among them.
  func answerCount(of terminal: TerminalID) -> Int { histories[terminal]?.count ?? 0 }

  /// The newest STAN among a terminal's changes; 0 when there was none.
  func newestTraceNumber(of terminal: TerminalID) -> UInt32 {
    histories[terminal]?.newestTraceNumber ?? 0
  }
}

/// One terminal's window: a ring that grows to its bound and then turns.
struct TerminalHistory {
  var answers: [StoredAnswer] = []
  /// The trace numbers of `answers`, apart, so that a search stays within a few cache lines.
  private var traceNumbers: [UInt32] = []
  /// Index of the oldest answer.
  var start = 0
  var count = 0
  var largestTraceNumber: UInt32 = 0
  private let countMax: Int
  var forgottenThrough = Instant.none
  var newestTraceNumber: UInt32 = 0
  var newestPosition = LogPosition.zero

  init(countMax: Int) {
    self.countMax = countMax
  }

  /// When the newest of the answers that are kept was given.
  var newestServerTime: Instant? {
    count == 0 ? nil : answers[(start + count - 1) % answers.count].serverTime
  }

  func answer(to traceNumber: SystemTraceAuditNumber) -> StoredAnswer? {
    place(of: traceNumber).map { answers[$0] }
  }

  mutating func markReversed(_ traceNumber: SystemTraceAuditNumber, by reversal: LogPosition) {
    if let place = place(of: traceNumber) { answers[place].reversal = reversal }
  }

  /// The answer that was kept last, but for reversals of what never arrived.
  var newestAnswer: StoredAnswer? {
    answer(to: SystemTraceAuditNumber(rawValue: newestTraceNumber))
  }

  /// Where the newest answer to a number lies.
  private func place(of traceNumber: SystemTraceAuditNumber) -> Int? {
    guard traceNumber.rawValue <= largestTraceNumber else { return nil }
    var index = start + count
    for _ in 0..<count {
      index -= 1
      let place = index % answers.count
      if traceNumbers[place] == traceNumber.rawValue { return place }
    }
    return nil
  }

  mutating func append(_ answer: StoredAnswer) {
    if count == countMax { forgetOldest() }
    if count == answers.count {
      // Not yet at the bound: the ring has not turned, so its end is the array's end.
      unroll()
      answers.append(answer)
      traceNumbers.append(answer.traceNumber.rawValue)
    } else {
      let place = (start + count) % answers.count
      answers[place] = answer
      traceNumbers[place] = answer.traceNumber.rawValue
    }
    count += 1
    if !answer.isRememberedReversal { newestTraceNumber = answer.traceNumber.rawValue }
    newestPosition = answer.position
    largestTraceNumber = max(largestTraceNumber, answer.traceNumber.rawValue)
  }

  /// Forgets what was decided before an instant of the server's clock.
  mutating func forgetOlder(than milliseconds: UInt64) {
    while count > 0, answers[start].serverTime.milliseconds < milliseconds { forgetOldest() }
  }

  private mutating func forgetOldest() {
    forgottenThrough = max(forgottenThrough, answers[start].transactionTime)
    start = (start + 1) % answers.count
    count -= 1
  }

  private mutating func unroll() {
    guard start != 0 else { return }
    answers = Array(answers[start...] + answers[..<start])
    traceNumbers = Array(traceNumbers[start...] + traceNumbers[..<start])
    start = 0
  }
}
