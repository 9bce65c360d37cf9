import LinuxSystem
import TransactionModel
import WireFormat

extension LoadDriver {
  /// How often a request may be refused for want of a sign-on, each followed by one.
  private static let refusedCountMax = 3

  /// Judges an answer, and does what follows from it.
  func settle(
    _ exchange: Exchange, _ frame: borrowing FrameView, _ connection: LoadConnection,
    at now: UInt64
  ) {
    // A server that lets operators sign on, and then breaks every connection, is not heard.
    if connection.failureCount == 0 || !exchange.keepsSession {
      heardNanoseconds = now
      connection.failureCount = 0
    }
    var judgement = ReplyCheck.judge(
      frame, exchange, terminals[exchange.terminal], maker, book)
    if settings.allowsForgottenAnswers, exchange.kind == .repeat,
      [.tooOldInquire, .transactionTimeTooOld].contains(frame.responseCode)
    {
      judgement = .notOffered
    }
    if exchange.kind == .signOn { noteSignOn(exchange, frame, connection, at: now) }
    guard !exchange.keepsSession else { return }
    if judgement == .refused, frame.responseCode == .operatorNotSignedOn,
      exchange.refusedCount < Self.refusedCountMax
    {
      // Nothing has happened: the same frame is sent again once the operator is signed on.
      terminals[exchange.terminal].signedOnUntilNanoseconds = 0
      var again = exchange
      again.refusedCount += 1
      connection.unsettled.append(again)
      return
    }
    connection.answeredCount += 1
    checkedCount += 1
    if connection.isSlow { connection.muteNanoseconds = now + LoadConnection.muteNanoseconds }
    do throws(LoadError) {
      try enter(exchange, frame, judgement, connection)
    } catch {
      failure = error
    }
    if case .wrong(let reason) = judgement { note(exchange, reason) }
    recorder.record(
      exchange, code: frame.responseCode, isWrong: isWrong(judgement), at: now)
    traffic?.answered(exchange, frame, judgement, self)
  }

  private func isWrong(_ judgement: Judgement) -> Bool {
    if case .wrong = judgement { true } else { false }
  }

  /// Enters what came of a change in book and journal.
  private func enter(
    _ exchange: Exchange, _ frame: borrowing FrameView, _ judgement: Judgement,
    _ connection: LoadConnection
  ) throws(LoadError) {
    guard exchange.kind.isChange else {
      if case .wrong = judgement, exchange.card >= 0 { book.setAside(exchange.card) }
      return
    }
    let terminal = terminals[exchange.terminal]
    switch judgement {
    case .right:
      try journal?.acknowledged(exchange, terminal, frame)
      book.commit(exchange, position: frame.logPosition)
      if exchange.kind.isUndone { connection.newestUndoable = exchange.card }
      if settings.keepsAnswers {
        connection.newestChange = (exchange, ReplyCheck.digest(of: frame.bytes))
      }
    case .refused, .notOffered:
      try journal?.refused(exchange, terminal, frame.responseCode)
      book.cancel(exchange.card)
    case .wrong:
      // What was acknowledged goes into the journal all the same, to be looked into.
      try journal?.acknowledged(exchange, terminal, frame)
      book.setAside(exchange.card)
      book.cancel(exchange.card)
    }
  }

  /// Takes down a wrong answer: the request by its key, the card by its last digits.
  func note(_ exchange: Exchange, _ reason: String) {
    let card = exchange.card >= 0 ? ", card \(book.number(of: exchange.card))" : ""
    let terminal = terminals[exchange.terminal].id.rawValue
    violations.note(
      "terminal \(terminal), STAN \(exchange.traceNumber), \(exchange.kind.rawValue)\(card): "
        + reason)
  }

  private func noteSignOn(
    _ exchange: Exchange, _ frame: borrowing FrameView, _ connection: LoadConnection,
    at now: UInt64
  ) {
    let place = exchange.terminal
    if exchange.keepsSession { connection.signOnsUnderWay -= 1 }
    let code = frame.responseCode
    guard code == .approved || code == .approvedClockOff,
      frame.byteCount == SignOnReplyLayout.byteCount
    else {
      failure = .signOnRefused(
        terminal: terminals[place].id.rawValue, code: code.rawValue)
      return
    }
    let idleSeconds = frame.number(SignOnReplyLayout.operatorIdleSeconds, as: UInt32.self)
    // Half of the idle time: the load may leave a terminal alone for longer than that.
    terminals[place].signedOnUntilNanoseconds = now + UInt64(max(2, idleSeconds)) * 500_000_000
    terminals[place].raise(
      above: frame.number(SignOnReplyLayout.newestTraceNumber, as: UInt32.self))
    let serverTime = frame.instant(SignOnReplyLayout.serverTime)
    clockOffsetMilliseconds = serverTime.milliseconds &- WallClock.nowMilliseconds
  }
}
