import TransactionModel
import WireFormat

/// What is known of one card's record: what the next answer about it has to say.
struct CardState: Equatable {
  /// The period that a recertification has made behind one that still runs.
  enum Renewal: UInt8 {
    case none
    case waits
    /// Only changes tell of it, and none has since the test began.
    case unknown
  }

  /// 0 for a card that no change has touched.
  var version: UInt32 = 0
  /// The version that set the ZIP code.
  var formVersion: UInt32 = 0
  var periodFirst = CalendarDate.none
  var periodLast = CalendarDate.none
  /// Why the period was ended early; 0 when it was not.
  var endReason: UInt8 = 0
  var renewal = Renewal.none
  /// The log position of the last change; zero where it is not known.
  var position = LogPosition.zero

  var isBlank: Bool { version == 0 }

  func isEligible(on day: CalendarDate) -> Bool {
    let state = asOf(day)
    return state.periodFirst <= day && day <= state.periodLast
  }

  /// With the period that a day's answers are about: behind one that is over, the one that waited.
  func asOf(_ day: CalendarDate) -> CardState {
    guard renewal == .waits, periodLast < day else { return self }
    var state = self
    state.begin(on: periodLast.adding(days: 1))
    return state
  }

  /// Puts a whole period in the place of the one before.
  mutating func begin(on day: CalendarDate) {
    periodFirst = day
    periodLast = day.adding(days: Self.periodDays - 1)
    (endReason, renewal) = (0, .none)
  }

  /// Whether a recertification is decided by what is known: when a period that was not ended may be
  /// renewed is the program's to say.
  func isRecertifiable(on day: CalendarDate) -> Bool {
    let state = asOf(day)
    return !isBlank && renewal != .unknown && (state.endReason != 0 || state.periodLast < day)
  }

  /// Of a period of eligibility, the last day included (14.7).
  private static let periodDays: Int32 = 365
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
  /// Cards whose period was ended; of some it was given back since.
  private var ended: [Int] = []

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
    if state.endReason != 0 { ended.append(card) }
  }

  /// Leaves a card alone from here on.
  mutating func setAside(_ card: Int) {
    standings[card] = .setAside
  }

  /// Puts the blank cards so that they are taken in their order.
  mutating func orderBlankCards() { blank.sort(by: >) }

  mutating func takeBlank() -> Int? { blank.popLast() }

  /// A card to be recertified, without a change under way; nil when there is none.
  mutating func pickEnded(on day: CalendarDate, _ random: inout RandomNumbers) -> Int? {
    while !ended.isEmpty {
      let place = Int(random.next(below: UInt64(ended.count)))
      let card = ended[place]
      if isKnown(card), states[card].isRecertifiable(on: day) { return isBusy(card) ? nil : card }
      ended.swapAt(place, ended.count - 1)
      ended.removeLast()
    }
    return nil
  }

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
    if after.endReason != 0, states[card].endReason == 0 { ended.append(card) }
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
    var after = state.asOf(day)
    switch kind {
    case .activate:
      guard state.isBlank else { return state }
      after.version = 1
      after.formVersion = 1
      after.begin(on: day)
    case .recertify:
      // One that waits already is not renewed once more.
      guard after.renewal == .none else { return state }
      after.version += 1
      after.formVersion = after.version
      if after.periodLast < day { after.begin(on: day) } else { after.renewal = .waits }
    case .update:
      after.version += 1
      after.formVersion = after.version
    case .reaffirm:
      if state.isEligible(on: day) { after.version += 1 }
    case .deactivate:
      // Effective tomorrow; what ends as early already is left as it is.
      let hasEnded = after.endReason != 0 && after.periodLast <= day
      guard day <= after.periodLast, !hasEnded || after.renewal == .waits else { return state }
      after.version += 1
      after.periodLast = day
      after.renewal = .none
      after.endReason = deactivationReason.rawValue
    default: break
    }
    return after
  }

  /// One that a program has always had, and that ends periods on any day.
  static let deactivationReason = DeactivationReason.incomeOverLimit
}
