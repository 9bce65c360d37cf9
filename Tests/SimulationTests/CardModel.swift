import Support
import TransactionModel
import WireFormat

/// What becomes of one card on one day by the rules of the specification: a few lines, written
/// without a look at the engine.
struct CardModel: Equatable {
  struct State: Equatable {
    /// 0: there is no record.
    var version: UInt32 = 0
    var status = CardStatus.neverActivated
    /// The client of the form on record; 0 for none.
    var client = 0
    var income: UInt32 = 0
  }

  /// A change that a reversal may undo.
  private struct Undoable: Equatable {
    var key: ChangeKey
    var before: State
  }

  private(set) var state = State()
  private var undoable: Undoable?
  /// What was carried out or declined, by key; and reversals that came first.
  private var answered: [ChangeKey: Answer] = [:]
  private let limits: SimulationLimits

  private struct Answer {
    var code: ResponseCode
    var time: Instant
    var hasChanged = false
    var isReversed = false
  }

  init(_ limits: SimulationLimits) { self.limits = limits }

  static func == (one: CardModel, other: CardModel) -> Bool {
    one.state == other.state && one.undoable == other.undoable
  }

  /// The code of a change of this card, by the server's clock; `isForgotten` says of a reversal that
  /// its original may have been dropped from the store.
  mutating func apply(
    _ action: CardAction, _ key: ChangeKey, at time: Instant, isForgotten: Bool
  ) -> ResponseCode {
    if case .reverse(let original) = action {
      return isForgotten ? .reversalTooLate : reverse(original, at: time)
    }
    if answered[key]?.code == .reversalRemembered {
      answered[key]?.isReversed = true
      undoable = nil
      return .originalReversed
    }
    let before = state
    let code = code(of: action)
    let hasChanged = state != before
    undoable = hasChanged && action.isReversible ? Undoable(key: key, before: before) : nil
    answered[key] = Answer(code: code, time: time, hasChanged: hasChanged)
    return code
  }

  private mutating func code(of action: CardAction) -> ResponseCode {
    switch action {
    case .activate(let client, let income):
      guard state.status == .neverActivated else {
        if client != state.client { return .cardOfOtherClient }
        return state.status == .eligible ? .alreadyActive : .recertifyInstead
      }
      (state.client, state.income) = (client, income)
      state.version += 1
      guard income <= Self.limit else { return .ineligibleIncome }
      state.status = .eligible
      return .activated
    case .recertify(let client, let income):
      guard state.status != .neverActivated else { return .neverActivated }
      guard client == state.client else { return .cardOfOtherClient }
      guard state.status == .notEligible else { return .recertificationTooEarly }
      state.income = income
      state.version += 1
      guard income <= Self.limit else { return .ineligibleIncome }
      state.status = .eligible
      return .recertified
    case .update(let version, let income):
      guard state.status != .neverActivated else { return .neverActivated }
      guard version == state.version else { return .versionConflict }
      state.income = income
      state.version += 1
      return income <= Self.limit ? .updated : .ineligibleIncome
    case .deactivate:
      guard state.status != .neverActivated else { return .neverActivated }
      guard state.status == .eligible else { return .alreadyDeactivated }
      state.status = .notEligible
      state.version += 1
      return .deactivated
    case .verify, .reaffirm, .inquire:
      guard state.status == .eligible else {
        return state.status == .notEligible ? .notEligibleOnDate : .neverActivated
      }
      if case .reaffirm = action { state.version += 1 }
      return .eligible
    case .reverse: preconditionFailure("handled before")
    }
  }

  private mutating func reverse(_ original: ChangeKey, at time: Instant) -> ResponseCode {
    guard let known = answered[original] else {
      answered[original] = Answer(code: .reversalRemembered, time: time)
      return .reversalRemembered
    }
    // A reversal of what came is activity on its card, whatever it leads to.
    if known.isReversed { undoable = nil }
    if known.code == .reversalRemembered { return .reversalRemembered }
    if known.isReversed { return .reversed }
    guard known.hasChanged else {
      undoable = nil
      return .notReversible
    }
    defer { undoable = nil }
    guard known.time.millisecondsUntil(time) <= limits.reversalMilliseconds else {
      return .reversalTooLate
    }
    guard let undoable, undoable.key == original else { return .reversalAfterLaterActivity }
    let version = state.version
    state = undoable.before
    state.version = version + 1
    answered[original]?.isReversed = true
    return .reversed
  }

  /// Family of three, on the fixture's day.
  private static let limit: UInt32 = 4_554
}
