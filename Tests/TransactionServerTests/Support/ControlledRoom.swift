import Dispatch
import Synchronization
import TransactionEngine
import TransactionModel
import WireFormat

@testable import TransactionServer

/// An engine whose commits a test makes.
///
/// Echo waits for nothing. A reversal is a change: it takes the next log position and waits for it.
/// A request for the last answer waits for the position that stands in it as trace number.
final class ControlledRoom: EngineRoom {
  private struct State {
    var staged: UInt64 = 0
    var committed: UInt64 = 0
    var decided: [MessageType] = []
    var foreseen: [CardNumber] = []
    var foresightCount = 0
    /// How much had been decided when cards were foreseen last.
    var decidedBeforeForeseen = 0
    var isHolding = false
    var isHeld = false
    var wakeCount = 0
    var roomCount = UInt64.max
    var changesAvailable = true
    var changesUntilUnavailable = Int.max
  }

  private let state = Mutex(State())
  private let held = DispatchSemaphore(value: 0)
  let durablePosition = DurablePosition(.zero)

  func decide(
    _ request: borrowing FrameView, _ type: MessageType, from identity: CertificateIdentity,
    at now: Instant, changesAvailable: Bool, digester: inout RequestDigester,
    into reply: inout FrameBuffer
  ) -> Disposition {
    holdIfTold()
    guard changesAvailable || !type.isChange else {
      reply.encodeRefusal(.changesUnavailable, replyingTo: request)
      return Disposition()
    }
    var position = UInt64(0)
    if type == .last {
      position = UInt64(request.number(LastRequestLayout.traceNumber, as: UInt32.self))
    }
    let hasRoom = state.withLock { state in
      if type.isChange {
        guard state.staged - state.committed < state.roomCount else { return false }
        state.staged += 1
        position = state.staged
        state.changesUntilUnavailable -= 1
        if state.changesUntilUnavailable == 0 { state.changesAvailable = false }
      }
      state.decided.append(type)
      return true
    }
    guard hasRoom else { return Disposition(mustWaitForRoom: true) }
    reply.encodeEcho(
      type, code: .approved, serverTime: now, clock: .withinAllowance, differenceMilliseconds: 0,
      replyingTo: request)
    reply.set(HeaderLayout.logPosition, position)
    let isForeign = identity.subject != .terminal(request.terminal)
    return Disposition(
      waitPosition: LogPosition(rawValue: position), isSecurityEvent: isForeign)
  }

  func foresee(_ cards: Span<CardNumber>) {
    let cards = cards.indices.map { cards[$0] }
    state.withLock { state in
      state.foreseen += cards
      state.foresightCount += 1
      state.decidedBeforeForeseen = state.decided.count
    }
  }

  private func holdIfTold() {
    let isHeld = state.withLock { state in
      state.isHeld = state.isHolding
      state.isHolding = false
      return state.isHeld
    }
    if isHeld { held.wait() }
  }

  var hasStaged: Bool { state.withLock { $0.staged > $0.committed } }

  func makeMemoryWhenDue() {}

  func wakeCommitter() { state.withLock { $0.wakeCount += 1 } }

  var changesAvailable: Bool { state.withLock { $0.changesAvailable } }

  // MARK: For the test

  var stagedCount: Int { state.withLock { Int($0.staged - $0.committed) } }

  var decidedCount: Int { state.withLock { $0.decided.count } }

  /// Cards that it was told of before they were asked for.
  var foreseen: [CardNumber] { state.withLock { $0.foreseen } }

  /// How often it was told of such.
  var foresightCount: Int { state.withLock { $0.foresightCount } }

  var decidedBeforeForeseen: Int { state.withLock { $0.decidedBeforeForeseen } }

  /// Keeps the reactor in its next decision until `release`, so that what comes meanwhile comes at
  /// once.
  func holdNextDecision() { state.withLock { $0.isHolding = true } }

  /// Whether the reactor is kept in a decision.
  var isHeld: Bool { state.withLock { $0.isHeld } }

  /// Lets the reactor go on, if it is kept.
  func release() {
    let wasHeld = state.withLock { state in
      defer { (state.isHolding, state.isHeld) = (false, false) }
      return state.isHeld
    }
    if wasHeld { held.signal() }
  }

  var wakeCount: Int { state.withLock { $0.wakeCount } }

  func limitRoom(to count: UInt64) { state.withLock { $0.roomCount = count } }

  func setChangesAvailable(_ isAvailable: Bool) {
    state.withLock { $0.changesAvailable = isAvailable }
  }

  /// Takes so many changes more and then none, as a log whose disk fills up.
  func takeNoMore(afterChanges count: Int) {
    state.withLock { $0.changesUntilUnavailable = count }
  }

  /// Makes staged changes durable: all, or up to a position.
  func commit(through position: UInt64 = .max) {
    let committed = state.withLock { state in
      state.committed = max(state.committed, min(position, state.staged))
      return state.committed
    }
    durablePosition.publish(LogPosition(rawValue: committed))
  }
}
