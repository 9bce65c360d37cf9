import TransactionModel

/// What a journal says: the cards as they were acknowledged, and what was never answered.
struct JournalHistory {
  /// A change that was acknowledged, and its answer's digest.
  struct Acknowledged {
    var exchange: Exchange
    var digest: UInt128
  }

  private struct Key: Hashable {
    var terminal: Int
    var traceNumber: UInt32
  }

  let header: JournalHeader
  private(set) var book: CardBook
  private(set) var terminals: [LoadTerminal] = []
  /// The cards that changes were sent for.
  private(set) var changedCards: [Int] = []
  /// The newest changes of each terminal, in the order of `terminals`.
  private(set) var newest: [[Acknowledged]] = []
  private(set) var acknowledgedCount = 0
  private(set) var violations = Violations()
  private var unanswered: [Key: Exchange] = [:]
  private var terminalPlaces: [UInt64: Int] = [:]
  private var isChanged: [Bool]
  private var positions: Set<UInt64> = []
  private var confirmations: Set<UInt64> = []

  var unansweredCount: Int { unanswered.count }

  /// Reads the content of a journal's file.
  init(_ content: some Collection<UInt8>) throws(LoadError) {
    var lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // What stands behind the last line feed was torn, or is nothing.
    lines.removeLast()
    guard let first = lines.first, let header = JournalHeader(Self.parts(first)) else {
      throw .journalUnusable(line: 1, reason: "not a journal of posload, or of another version")
    }
    self.header = header
    book = CardBook(firstSerial: header.firstSerial, count: header.cardCount)
    isChanged = Array(repeating: false, count: header.cardCount)
    for (index, line) in lines.enumerated().dropFirst() {
      guard let reason = read(Self.parts(line)) else { continue }
      throw .journalUnusable(line: index + 1, reason: reason)
    }
  }

  private static func parts(_ line: some Collection<UInt8>) -> [String] {
    line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Takes one line; says what is wrong with it.
  private mutating func read(_ parts: [String]) -> String? {
    switch (parts.first, parts.count) {
    case ("K", 9): readKnown(parts)
    case ("S", 7), ("S", 8): readSent(parts)
    case ("A", 8): readAcknowledged(parts)
    case ("R", 4): readRefused(parts)
    default: "not a line of a journal"
    }
  }

  private mutating func readKnown(_ parts: [String]) -> String? {
    guard let card = Int(parts[1]), book.has(card), !book.isKnown(card),
      let version = UInt32(parts[2]), let formVersion = UInt32(parts[3]),
      let first = UInt32(parts[4]), let last = UInt32(parts[5]), let reason = UInt8(parts[6]),
      let position = UInt64(parts[7]),
      let renewal = UInt8(parts[8]).flatMap(CardState.Renewal.init)
    else { return "not the state of a card" }
    book.learn(
      card,
      CardState(
        version: version, formVersion: formVersion, periodFirst: CalendarDate(trusted: first),
        periodLast: CalendarDate(trusted: last), endReason: reason, renewal: renewal,
        position: LogPosition(rawValue: position)))
    return nil
  }

  private mutating func readSent(_ parts: [String]) -> String? {
    guard let terminal = UInt64(parts[1]), let traceNumber = UInt32(parts[2]),
      let operatorID = UInt64(parts[3]), let time = UInt64(parts[4]),
      let kind = MessageKind(rawValue: parts[5]), kind.isChange, let card = Int(parts[6]),
      book.has(card)
    else { return "not a change" }
    if !book.isKnown(card) { book.learn(card, CardState()) }
    guard !book.isBusy(card) else { return "a second change of a card at a time" }
    var exchange = Exchange(kind, intendedNanoseconds: 0)
    exchange.terminal = place(of: terminal, OperatorID(rawValue: operatorID))
    exchange.traceNumber = traceNumber
    exchange.time = Instant(milliseconds: time)
    exchange.card = card
    exchange.before = book.state(of: card)
    if kind == .reverse {
      guard let original = book.undoableChange(of: card), original.terminal == exchange.terminal,
        parts.count == 8, UInt32(parts[7]) == original.traceNumber
      else { return "a reversal of another change than the card's last" }
      exchange.original = original
    }
    exchange.after = book.begin(exchange)
    if !isChanged[card] {
      isChanged[card] = true
      changedCards.append(card)
    }
    unanswered[Key(terminal: exchange.terminal, traceNumber: traceNumber)] = exchange
    return nil
  }

  private mutating func place(of id: UInt64, _ operatorID: OperatorID) -> Int {
    if let place = terminalPlaces[id] { return place }
    terminalPlaces[id] = terminals.count
    terminals.append(LoadTerminal(id: TerminalID(rawValue: id), operatorID: operatorID))
    newest.append([])
    return terminals.count - 1
  }

  private mutating func takeSent(_ parts: [String]) -> Exchange? {
    guard let terminal = UInt64(parts[1]).flatMap({ terminalPlaces[$0] }),
      let traceNumber = UInt32(parts[2])
    else { return nil }
    return unanswered.removeValue(forKey: Key(terminal: terminal, traceNumber: traceNumber))
  }

  private mutating func readAcknowledged(_ parts: [String]) -> String? {
    guard let exchange = takeSent(parts), let version = UInt32(parts[4]),
      let position = UInt64(parts[5]), let digest = UInt128(parts[7], radix: 16)
    else { return "not the answer to a change" }
    acknowledgedCount += 1
    if !positions.insert(position).inserted {
      note(exchange, "log position \(position) was given twice")
    }
    if let confirmation = UInt64(parts[6]), !confirmations.insert(confirmation).inserted {
      note(exchange, "a confirmation number was given twice")
    }
    guard version == exchange.answeredVersion else {
      note(
        exchange, "acknowledged with record version \(version), not \(exchange.answeredVersion)")
      book.setAside(exchange.card)
      book.cancel(exchange.card)
      return nil
    }
    book.commit(exchange, position: LogPosition(rawValue: position))
    var changes = newest[exchange.terminal]
    newest[exchange.terminal] = []
    if changes.count == LoadLimits.storedAnswersChecked { changes.removeFirst() }
    changes.append(Acknowledged(exchange: exchange, digest: digest))
    newest[exchange.terminal] = changes
    return nil
  }

  private mutating func readRefused(_ parts: [String]) -> String? {
    guard let exchange = takeSent(parts) else { return "not the refusal of a change" }
    book.cancel(exchange.card)
    return nil
  }

  private mutating func note(_ exchange: Exchange, _ reason: String) {
    violations.note(
      "terminal \(terminals[exchange.terminal].id.rawValue), STAN \(exchange.traceNumber): "
        + reason)
  }
}

extension JournalHeader {
  /// Reads the parts of a journal's first line.
  init?(_ parts: [String]) {
    guard parts.count == 6, parts[0] == Self.name, parts[1] == Self.version,
      let environment = Environment.allCases.first(where: { $0.name == parts[2] }),
      let firstSerial = UInt64(parts[3]), let cardCount = Int(parts[4]),
      (1...LoadLimits.cardCountMax).contains(cardCount), let software = UInt32(parts[5])
    else { return nil }
    self.init(
      environment: environment, firstSerial: firstSerial, cardCount: cardCount, software: software)
  }
}
