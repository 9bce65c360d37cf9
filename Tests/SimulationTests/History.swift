import Support
import TransactionModel
import WireFormat

/// What a terminal asked, when, and what it was told.
struct HistoryEntry {
  var key: ChangeKey
  var card: CardNumber
  var action: CardAction
  /// Steps of the simulation: before the first copy left, and when an answer arrived.
  var invoked: Int
  var responded: Int?
  var reply: Reply?

  var outcome: Outcome? { reply?.message.outcome }
  var code: ResponseCode? { reply?.header.code }
}

/// All that happened in a simulation, and whether one order of events explains it.
struct History {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private(set) var entries: [ChangeKey: HistoryEntry] = [:]
  private let limits: SimulationLimits

  init(_ limits: SimulationLimits = SimulationLimits()) { self.limits = limits }

  mutating func invoke(
    _ key: ChangeKey, _ card: CardNumber, _ action: CardAction, at step: Int
  ) {
    entries[key] = HistoryEntry(key: key, card: card, action: action, invoked: step)
  }

  mutating func respond(_ key: ChangeKey, _ reply: Reply, at step: Int) throws {
    guard let entry = entries[key] else { throw Failure(description: "\(key) was never asked") }
    if let earlier = entry.reply {
      // Plain inquiries are answered anew; a change has one answer.
      guard entry.action.isChange else { return }
      guard earlier.header.code == reply.header.code,
        earlier.message.outcome == reply.message.outcome
      else { throw Failure(description: "\(key) has two answers") }
      return
    }
    entries[key]?.reply = reply
    entries[key]?.responded = step
  }

  /// What a card was after one of its transactions.
  private struct Moment {
    var entry: HistoryEntry
    var state: CardModel.State
    var isChanged: Bool
    var position: LogPosition
  }

  /// Checks that the log, the answers and the terminals' time agree on one order for each card.
  func check(_ transactions: [LoggedTransaction]) throws {
    var models: [CardNumber: CardModel] = [:]
    var windows: [TerminalID: StoreModel] = [:]
    var moments: [CardNumber: [Moment]] = [:]
    var seen: Set<ChangeKey> = []
    for transaction in transactions {
      guard let entry = entries[transaction.key] else {
        throw Failure(description: "\(transaction.key) is in the log, and nobody asked for it")
      }
      guard seen.insert(transaction.key).inserted else {
        throw Failure(description: "\(transaction.key) is in the log twice")
      }
      let isForgotten = windows[transaction.key.terminal, default: StoreModel(limits)].note(
        transaction)
      let before = models[entry.card, default: CardModel(limits)].state
      var code = models[entry.card, default: CardModel(limits)].apply(
        entry.action, entry.key, at: transaction.serverTime, isForgotten: isForgotten)
      if code == .neverActivated, entry.key.terminal == Speaker.pharmacy.terminal {
        code = .noInformation
      }
      guard code == transaction.code else {
        throw failure(entry, "was decided \(transaction.code.rawValue), not \(code.rawValue)")
      }
      let state = models[entry.card, default: CardModel(limits)].state
      try check(entry, code, state, transaction.position)
      moments[entry.card, default: []].append(
        Moment(
          entry: entry, state: state, isChanged: state != before,
          position: transaction.position))
    }
    for entry in entries.values where entry.action.isChange && entry.responded != nil {
      guard seen.contains(entry.key) || entry.code?.isRefusal == true else {
        throw failure(entry, "was answered and is not in the log")
      }
    }
    for moments in moments.values { try checkOrder(moments) }
    for entry in entries.values where !entry.action.isChange && entry.responded != nil {
      try checkInquiry(entry, moments[entry.card] ?? [])
    }
  }

  /// The answer to a change is the decision in the log.
  private func check(
    _ entry: HistoryEntry, _ code: ResponseCode, _ state: CardModel.State,
    _ position: LogPosition
  ) throws {
    guard let reply = entry.reply, let outcome = entry.outcome else { return }
    guard reply.header.code == code, reply.header.logPosition == position else {
      throw failure(entry, "was answered otherwise than decided")
    }
    let tellsVersion: Set<ResponseCode> = [
      .activated, .recertified, .ineligibleIncome, .updated, .versionConflict, .deactivated,
    ]
    if tellsVersion.contains(code), outcome.recordVersion != state.version {
      throw failure(entry, "tells version \(outcome.recordVersion), not \(state.version)")
    }
  }

  /// What was answered before another was asked stands before it in the log.
  private func checkOrder(_ moments: [Moment]) throws {
    for (index, later) in moments.enumerated() {
      for earlier in moments[..<index] {
        guard let responded = later.entry.responded else { continue }
        if responded < earlier.entry.invoked {
          throw failure(later.entry, "was answered before \(earlier.entry.key) was asked")
        }
      }
    }
  }

  /// An inquiry tells a state that the card had while the question was open.
  private func checkInquiry(_ entry: HistoryEntry, _ moments: [Moment]) throws {
    guard let responded = entry.responded, let outcome = entry.outcome else { return }
    let known = moments.lastIndex { ($0.entry.responded ?? .max) < entry.invoked }
    let begun = moments.lastIndex { $0.entry.invoked < responded }
    let first = known.map { $0 + 1 } ?? 0
    let last = begun.map { $0 + 1 } ?? 0
    let states = [CardModel.State()] + moments.map(\.state)
    let isExplained = (first...max(first, last)).contains { index in
      let state = states[index]
      if outcome.code == .noInformation { return state.status == .neverActivated }
      return state.status == outcome.status
        && (outcome.recordVersion == 0 || outcome.recordVersion == state.version)
    }
    guard isExplained else {
      throw failure(
        entry,
        "tells \(outcome.status) in version \(outcome.recordVersion), which the card "
          + "never was while the question was open")
    }
  }

  private func failure(_ entry: HistoryEntry, _ text: String) -> Failure {
    Failure(
      description: "\(entry.action) of \(entry.card) by terminal "
        + "\(entry.key.terminal.rawValue), number \(entry.key.traceNumber.rawValue), \(text)")
  }
}
