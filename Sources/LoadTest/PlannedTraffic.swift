import LinuxSystem
import TransactionModel
import WireFormat

/// The requests of a plan: when they are due, and what they are.
final class PlannedTraffic: Traffic {
  /// A request that is due; `stage` is nil in the warm-up.
  private struct Due {
    var nanoseconds: UInt64
    var stage: Int?
  }

  /// How many cards are tried to find one that has no change under way.
  private static let triesMax = 64

  private let plan: LoadPlan
  private var schedule: ArrivalSchedule?
  private var backlog = Queue<Due>()
  private var random: RandomNumbers
  private let measureStart: UInt64
  private let stageEnds: [UInt64]
  private var isMeasuring = false
  /// A storm cuts so many connections at a time, lest due requests wait for it.
  private static let cutCount = 16
  private var stormMoment: UInt64?
  /// How many connections the storm has cut.
  private var cutCount = 0
  private(set) var stormNanoseconds: UInt64?
  private(set) var stormReconnectedNanoseconds: UInt64?
  private(set) var slowAnswerCount = 0
  /// The longest that the backlog has been.
  private(set) var backlogCountMax = 0
  /// Ends the plan early when the backlog is this long.
  private let backlogEnd: Int?
  private(set) var wasCutShort = false

  init(_ plan: LoadPlan, start: UInt64, backlogEnd: Int? = nil) {
    self.plan = plan
    self.backlogEnd = backlogEnd
    let warmUp = LoadPlan.Stage(rate: plan.stages[0].rate, seconds: plan.warmUpSeconds)
    let all = plan.warmUpSeconds > 0 ? [warmUp] + plan.stages : plan.stages
    if case .open(let arrivals) = plan.loop {
      schedule = ArrivalSchedule(all, arrivals, start: start, seed: plan.seed &+ 1)
    }
    random = RandomNumbers(seed: plan.seed &+ 2)
    measureStart = start + UInt64(plan.warmUpSeconds * 1e9)
    var end = Double(measureStart)
    stageEnds = plan.stages.map {
      end += $0.seconds * 1e9
      return UInt64(end)
    }
    stormMoment = plan.stormAfterSeconds.map { measureStart + UInt64($0 * 1e9) }
  }

  private var end: UInt64 { stageEnds.last ?? measureStart }

  // MARK: When

  func advance(_ driver: LoadDriver, to now: UInt64) throws(LoadError) {
    if !isMeasuring, now >= measureStart {
      isMeasuring = true
      driver.recorder.begin(at: measureStart)
    }
    driver.recorder.currentStage = now < end ? stage(at: now) : nil
    storm(driver, at: now)
    guard !wasCutShort else { return }
    while let due = schedule?.next, due.nanoseconds <= now {
      let stage = plan.warmUpSeconds > 0 ? (due.stage == 0 ? nil : due.stage - 1) : due.stage
      backlog.append(Due(nanoseconds: due.nanoseconds, stage: stage))
      driver.recorder.due(due.nanoseconds, stage: stage, at: now)
      schedule?.advance()
    }
    backlogCountMax = max(backlogCountMax, backlog.count)
    if let backlogEnd, backlog.count > backlogEnd {
      wasCutShort = true
      backlog = Queue()
    }
    guard backlog.count <= LoadLimits.backlogMax else { throw .serverOverrun }
  }

  private func stage(at now: UInt64) -> Int? {
    now < measureStart ? nil : stageEnds.firstIndex { now < $0 }
  }

  private func storm(_ driver: LoadDriver, at now: UInt64) {
    guard let moment = stormMoment, now >= moment else { return }
    if stormNanoseconds == nil { stormNanoseconds = now }
    if cutCount < driver.connections.count {
      let end = min(cutCount + Self.cutCount, driver.connections.count)
      driver.cut(cutCount..<end, at: now)
      cutCount = end
    } else if stormReconnectedNanoseconds == nil, let began = stormNanoseconds,
      driver.openCount == driver.connections.count
    {
      stormReconnectedNanoseconds = now - began
      stormMoment = nil
    }
  }

  var nextMoment: UInt64? {
    let due = wasCutShort ? nil : schedule?.next?.nanoseconds
    // A storm that has cut all is over when somebody connects, which is an event.
    let hasCutAll = cutCount == plan.connections + plan.slowClients
    let storm = hasCutAll ? nil : stormMoment
    return [due, storm].compactMap(\.self).min()
  }

  /// Slow clients have requests of their own.
  var isEmptyForAll: Bool { schedule != nil && backlog.isEmpty && plan.slowClients == 0 }

  /// A terminal that connects for each swipe does so when the card is swiped.
  ///
  /// Connecting is part of the latency then. After a storm all come back.
  var waitingCount: Int? {
    let isStorming = stormNanoseconds != nil && stormReconnectedNanoseconds == nil
    return plan.swipesPerConnection == nil || schedule == nil || isStorming ? nil : backlog.count
  }

  func isOver(at now: UInt64) -> Bool {
    if wasCutShort { return true }
    guard let schedule else { return now >= end }
    return schedule.next == nil && backlog.isEmpty && now >= end
  }

  // MARK: What

  func next(for connection: LoadConnection, _ driver: LoadDriver, at now: UInt64) -> Exchange? {
    if connection.isSlow {
      return now < end && !wasCutShort ? inquiry(Due(nanoseconds: now), driver) : nil
    }
    guard schedule != nil else {
      guard now < end else { return nil }
      return compose(Due(nanoseconds: now, stage: stage(at: now)), connection, driver)
    }
    guard let due = backlog.popFirst() else { return nil }
    return compose(due, connection, driver)
  }

  func answered(
    _ exchange: Exchange, _ frame: borrowing FrameView, _ judgement: Judgement,
    _ driver: LoadDriver
  ) {
    if exchange.terminal >= plan.terminals - plan.slowClients { slowAnswerCount += 1 }
  }

  private func compose(
    _ due: Due, _ connection: LoadConnection, _ driver: LoadDriver
  ) -> Exchange {
    let roll = random.unit()
    if roll < plan.malformedShare { return malformed(due, driver) }
    if roll < plan.malformedShare + plan.repeatShare, let newest = connection.newestChange {
      return newest.exchange.repeated(
        intendedNanoseconds: due.nanoseconds, stage: due.stage, digest: newest.digest)
    }
    let kind = plan.mix.pick(&random)
    var exchange = Exchange(kind, intendedNanoseconds: due.nanoseconds, stage: due.stage)
    switch kind {
    case .activate: exchange.card = driver.book.takeBlank() ?? -1
    case .recertify:
      let today = PacificTime.date(at: driver.serverTime)
      exchange.card = driver.book.pickEnded(on: today, &random) ?? -1
    case .verify, .reaffirm, .update, .training: exchange.card = freeCard(driver) ?? -1
    case .deactivate:
      exchange.card = freeCard(driver) { $0.renewal != .unknown } ?? -1
    case .inquiry, .batch: return inquiry(due, driver, kind)
    case .reverse: exchange.takeReversal(connection, driver.book)
    case .last:
      if let newest = connection.newestChange {
        exchange.original = newest.exchange.asOriginal
        exchange.originalDigest = newest.digest
        return exchange
      }
    case .echo, .signOn, .signOff, .repeat, .malformed, .connect: return exchange
    }
    guard exchange.card < 0 else { return exchange }
    if due.stage != nil { driver.recorder.substitutedCount += 1 }
    return inquiry(due, driver)
  }

  private func inquiry(
    _ due: Due, _ driver: LoadDriver, _ kind: MessageKind = .inquiry
  ) -> Exchange {
    var exchange = Exchange(kind, intendedNanoseconds: due.nanoseconds, stage: due.stage)
    let active = driver.book.active
    exchange.card =
      active.isEmpty
      ? Int(random.next(below: UInt64(driver.book.count)))
      : active[plan.keys.rank(below: active.count, &random)]
    return exchange
  }

  private func malformed(_ due: Due, _ driver: LoadDriver) -> Exchange {
    var exchange = Exchange(.malformed, intendedNanoseconds: due.nanoseconds, stage: due.stage)
    exchange.card = Int(random.next(below: UInt64(driver.book.count)))
    exchange.malformation = Malformation.allCases.randomElement(using: &random)
    return exchange
  }

  /// An active card without a change under way: the one that the skew says, or one of the next.
  private func freeCard(
    _ driver: LoadDriver, where isFit: (CardState) -> Bool = { _ in true }
  ) -> Int? {
    let active = driver.book.active
    guard !active.isEmpty else { return nil }
    let rank = plan.keys.rank(below: active.count, &random)
    for step in 0..<min(Self.triesMax, active.count) {
      let card = active[(rank + step) % active.count]
      guard !driver.book.isBusy(card), driver.book.isKnown(card) else { continue }
      if isFit(driver.book.state(of: card)) { return card }
    }
    return nil
  }
}

extension Exchange {
  /// Undoes the newest change on a connection that can be undone; leaves the card open if there is
  /// none.
  fileprivate mutating func takeReversal(_ connection: LoadConnection, _ book: borrowing CardBook) {
    guard let card = connection.newestUndoable, !book.isBusy(card), book.isKnown(card),
      let original = book.undoableChange(of: card),
      connection.terminals.contains(original.terminal)
    else { return }
    connection.newestUndoable = nil
    self.card = card
    self.original = original
  }
}
