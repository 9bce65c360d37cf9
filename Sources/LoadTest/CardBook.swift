import TransactionModel
import WireFormat

/// What is known of one card's record: what the next answer about it has to say.
struct CardState: Equatable {
  /// 0 for a card that no change has touched.
  var version: UInt32 = 0
  /// The version that set the ZIP code.
  var formVersion: UInt32 = 0
  var periodFirst = CalendarDate.none
  var periodLast = CalendarDate.none
  /// Why the period was ended early; 0 when it was not.
  var endReason: UInt8 = 0
  /// The log position of the last change; zero where it is not known.
  var position = LogPosition.zero

  var isBlank: Bool { version == 0 }

  func isEligible(on day: CalendarDate) -> Bool { periodFirst <= day && day <= periodLast }
}

/// The cards of a load test and what their records hold, kept from acknowledgements alone.
///
/// At most one change of a card is unanswered at any time, so the version that each makes is known
/// beforehand. Inquiries may overtake or be overtaken by it: they are held to what the record was
/// when they were sent, or became since.
struct CardBook {
  private enum Standing: UInt8 {
    /// Nothing is known yet.
    case unknown
    case known
    /// The card has a history that is not ours, or an answer about it was wrong: left alone.
    case setAside
  }

  private let firstSerial: UInt64
  private var states: [CardState]
  private var standings: [Standing]
  /// What the records become by changes that are not answered yet.
  private var pending: [Int: CardState] = [:]
  /// The last change of a card, where it can be undone: nothing has been done with the card since.
  private var undoable: [Int: Exchange.Original] = [:]
  /// Activated cards, the first the likeliest under a skew.
  private(set) var active: [Int] = []
  /// Cards that nothing has happened to, to be activated from the end on.
  private(set) var blank: [Int] = []

  init(firstSerial: UInt64, count: Int) {
    self.firstSerial = firstSerial
    states = Array(repeating: CardState(), count: count)
    standings = Array(repeating: .unknown, count: count)
  }

  var count: Int { states.count }

  func serial(of card: Int) -> UInt64 { firstSerial + UInt64(card) }

  func number(of card: Int) -> CardNumber {
    CardScheme.healthAccessNumber(serial: serial(of: card))
  }

  func has(_ card: Int) -> Bool { states.indices.contains(card) }
  func state(of card: Int) -> CardState { states[card] }
  func pendingState(of card: Int) -> CardState? { pending[card] }
  func isBusy(_ card: Int) -> Bool { pending[card] != nil }
  func isKnown(_ card: Int) -> Bool { standings[card] == .known }

  // MARK: Learning

  mutating func learn(_ card: Int, _ state: CardState) {
    states[card] = state
    standings[card] = .known
    if state.isBlank { blank.append(card) } else { active.append(card) }
  }

  /// Leaves a card alone from here on.
  mutating func setAside(_ card: Int) {
    standings[card] = .setAside
  }

  /// Puts the blank cards so that they are taken in their order.
  mutating func orderBlankCards() { blank.sort(by: >) }

  mutating func takeBlank() -> Int? { blank.popLast() }

  // MARK: Changes

  /// Notes that a change is on its way; gives what the record becomes by it.
  mutating func begin(_ exchange: Exchange) -> CardState {
    let card = exchange.card
    precondition(pending[card] == nil, "two changes of a card at a time")
    var after = Self.result(of: exchange.kind, on: states[card], exchange.day)
    if let original = exchange.original {
      after = original.before
      after.version = states[card].version + 1
    }
    // Nobody knows yet where in the log it will be.
    if after.version != states[card].version { after.position = .zero }
    pending[card] = after
    return after
  }

  /// Notes that a change was acknowledged, under a log position.
  mutating func commit(_ exchange: Exchange, position: LogPosition) {
    let card = exchange.card
    guard var after = pending.removeValue(forKey: card) else {
      preconditionFailure("an acknowledgement of no change")
    }
    let isNew = after.version != states[card].version
    if isNew { after.position = position }
    if states[card].isBlank, !after.isBlank { active.append(card) }
    states[card] = after
    undoable[card] = isNew && exchange.kind.isUndone ? exchange.asOriginal : nil
  }

  /// The change of a card that a reversal can undo.
  func undoableChange(of card: Int) -> Exchange.Original? { undoable[card] }

  /// Notes that the change was refused: nothing has happened.
  mutating func cancel(_ card: Int) {
    pending[card] = nil
    if standings[card] == .known, states[card].isBlank { blank.append(card) }
  }

  /// What a record becomes by a change on a day of the server's (SPECIFICATION.md, section 14).
  static func result(
    of kind: MessageKind, on state: CardState, _ day: CalendarDate
  ) -> CardState {
    var after = state
    switch kind {
    case .activate:
      guard state.isBlank else { return state }
      after.version = 1
      after.formVersion = 1
      after.periodFirst = day
      after.periodLast = day.adding(days: periodDays - 1)
    case .update:
      after.version += 1
      after.formVersion = after.version
    case .reaffirm:
      if state.isEligible(on: day) { after.version += 1 }
    case .deactivate:
      // Effective tomorrow; what ends as early already is left as it is.
      guard day < state.periodLast else { return state }
      after.version += 1
      after.periodLast = day
      after.endReason = deactivationReason.rawValue
    case .echo, .signOn, .inquiry, .verify, .reverse, .last, .repeat, .malformed, .connect:
      break
    }
    return after
  }

  /// Of a period of eligibility, the last day included (14.7).
  static let periodDays: Int32 = 365
  /// One that a program has always had, and that ends periods on any day.
  static let deactivationReason = DeactivationReason.incomeOverLimit
}
