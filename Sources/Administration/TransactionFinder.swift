import Installation
import TransactionEngine
import TransactionModel
import WireFormat
import WriteAheadLog

/// Looks transactions up in the log: in one part of it for each question.
///
/// Only what is durable is looked at, which is all that anybody was told of.
struct TransactionFinder {
  let engine: SharedEngine
  let archive: any RecordArchive
  let durable: LogPosition
  /// Whose eyes the answer is for.
  let role: Role

  /// `entries`, newest first; `next` is the part to go on with, where there may be more: older
  /// transactions, of the same part those `before` a position, or the reversal of the one that was
  /// found.
  ///
  /// `cards` gets those that the entries are about.
  func answer(
    _ search: TransactionSearch, showing cards: inout [CardNumber]
  ) throws(ControlFailure) -> JSONValue {
    do throws(LogError) {
      switch search.subject {
      case .confirmation(let number):
        if let answer = try one(number, search.part, showing: &cards) { return answer }
      case .card(let card):
        return try page(search, asking: card, showing: &cards) {
          TransactionRecord.mayName(card, $0)
        }
      case .terminal(let id):
        return try page(search, asking: .blank, showing: &cards) {
          TransactionRecord.mayBe(of: id, $0)
        }
      }
    } catch {
      throw ControlFailure(.unavailable, "the log cannot be read: \(error)")
    }
    throw ControlFailure(.refused, "no transaction was ever given this confirmation number")
  }

  // MARK: One transaction

  /// The transaction that told this number; `nil` when none did.
  ///
  /// Every number with a right check character stands for a position, most of them for one that the
  /// log has not reached, and many for a record that is no transaction, or of the other kind: so
  /// the record itself must have told it.
  private func find(
    _ number: ConfirmationNumber
  ) throws(LogError) -> (found: FoundTransaction, part: UInt64)? {
    let position = engine.position(of: number)
    guard position > .zero, position <= durable,
      let part = try archive.number(holding: position)
    else { return nil }
    var found: FoundTransaction?
    let before = LogPosition(rawValue: position.rawValue - 1)
    try archive.read(part, after: before, through: position) {
      found = FoundTransaction($0)
    }
    guard let found, found.record.confirmation == number else { return nil }
    return (found, part)
  }

  /// Tells one transaction, and looks for its reversal in its own part of the log or a later one
  /// where nobody remembers it.
  private func one(
    _ number: ConfirmationNumber, _ laterPart: UInt64?, showing cards: inout [CardNumber]
  ) throws(LogError) -> JSONValue? {
    guard let (sought, own) = try find(number), let parts = try archive.numbers() else {
      return nil
    }
    var found = sought
    var next: UInt64?
    found.reversal = reversalState(of: found)
    if found.reversal == .forgotten, found.record.code != .originalReversed {
      let part = min(max(laterPart ?? own, own), parts.upperBound)
      let isPast = try look(for: &found, in: part)
      if found.reversal == .forgotten {
        if isPast || part == parts.upperBound {
          found.reversal = .notReversed
        } else {
          next = part + 1
        }
      }
    }
    cards = Self.cards(of: [found], asking: .blank)
    var members: [String: JSONValue] = [
      "entries": .array([found.json(for: role, asking: .blank)])
    ]
    if let next { members["next"] = .integer(next) }
    return .object(members)
  }

  /// Looks for the reversal in a part; says whether one in the next would come too late.
  private func look(
    for found: inout FoundTransaction, in part: UInt64
  ) throws(LogError) -> Bool {
    let sought = found
    var newestTime = found.serverTime
    var later: [FoundTransaction] = []
    try archive.read(part, after: sought.position, through: durable) { record in
      newestTime = Instant(milliseconds: record.serverTimeMilliseconds)
      guard TransactionRecord.mayBe(of: sought.record.terminal, record.body),
        let other = FoundTransaction(record), other.record.reverses(sought.record)
      else { return }
      later.append(other)
    }
    found.lookForReversal(in: later)
    return found.serverTime.millisecondsUntil(newestTime) > engine.reversalMillisecondsMax
  }

  /// What the engine knows of a reversal; of one that is not durable nobody may be told.
  private func reversalState(of found: FoundTransaction) -> ReversalState {
    let state = engine.reversalState(of: found.record, at: found.position)
    if case .reversed(let position) = state, position > durable { return .notReversed }
    return state
  }

  // MARK: Many

  private func page(
    _ search: TransactionSearch, asking card: CardNumber, showing cards: inout [CardNumber],
    _ mayMatch: (RawSpan) -> Bool
  ) throws(LogError) -> JSONValue {
    guard let parts = try archive.numbers(), let part = search.part ?? parts.last,
      parts.contains(part)
    else { return .object(["entries": .array([])]) }
    var matches = NewestFew<FoundTransaction>(limit: search.limit)
    var isAllSince = true
    let last = search.before.map { LogPosition(rawValue: $0.rawValue - 1) } ?? durable
    try archive.read(part, after: .zero, through: min(durable, last)) { record in
      guard record.serverTimeMilliseconds >= search.since.milliseconds else {
        isAllSince = false
        return
      }
      guard mayMatch(record.body), let found = FoundTransaction(record) else { return }
      matches.append(found)
    }
    var found = matches.elements
    for index in found.indices {
      found[index].reversal = reversalState(of: found[index])
      if found[index].reversal == .forgotten {
        found[index].lookForReversal(in: found[(index + 1)...])
      }
    }
    cards = Self.cards(of: found, asking: card)
    var members: [String: JSONValue] = [
      "entries": .array(found.reversed().map { $0.json(for: role, asking: card) })
    ]
    if matches.hasDropped, let oldest = found.first {
      members["next"] = .integer(part)
      members["before"] = .integer(oldest.position.rawValue)
    } else if isAllSince, part > parts.lowerBound {
      members["next"] = .integer(part - 1)
    }
    return .object(members)
  }

  /// The cards that transactions are about, each once, without the one that was asked for.
  private static func cards(
    of found: [FoundTransaction], asking card: CardNumber
  ) -> [CardNumber] {
    var cards: [CardNumber] = []
    for own in found.map(\.card) where !own.isBlank && own != card && !cards.contains(own) {
      cards.append(own)
    }
    return cards
  }
}

/// A transaction of the log, where it stands, and what is known of its reversal.
struct FoundTransaction {
  let position: LogPosition
  let serverTime: Instant
  let record: TransactionRecord
  var reversal = ReversalState.forgotten

  /// Takes a log record; `nil` when it is no transaction.
  init?(_ view: borrowing LogRecordView) {
    guard RecordKind(rawValue: view.kind) == .transaction,
      let record = TransactionRecord(view.body)
    else { return nil }
    position = view.position
    serverTime = Instant(milliseconds: view.serverTimeMilliseconds)
    self.record = record
  }

  /// The card that it is about; blank where it is about none.
  var card: CardNumber { record.image?.card ?? record.card }

  mutating func lookForReversal(in later: some Sequence<FoundTransaction>) {
    for other in later where other.record.reverses(record) {
      reversal = .reversed(by: other.position)
    }
  }
}

/// The last elements of a sequence whose length nobody knows.
struct NewestFew<Element> {
  private var ring: [Element] = []
  private var start = 0
  private let limit: Int
  /// Whether there were more than there is room for.
  private(set) var hasDropped = false

  init(limit: Int) {
    precondition(limit > 0, "room for one element at least")
    self.limit = limit
  }

  mutating func append(_ element: Element) {
    guard ring.count == limit else { return ring.append(element) }
    hasDropped = true
    ring[start] = element
    start = (start + 1) % limit
  }

  /// In the order in which they came.
  var elements: [Element] { Array(ring[start...] + ring[..<start]) }
}
