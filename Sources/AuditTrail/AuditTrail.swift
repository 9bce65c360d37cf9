import Synchronization
public import TransactionModel
public import WriteAheadLog

/// Where entries of the audit log are staged, by any thread, for the committer to take.
///
/// A lock of its own, held for one copy of 64 bytes into the batch: nobody who enters something
/// waits for the disk or for the engine, and nothing is allocated.
public final class AuditTrail: Sendable, BatchSource {
  private struct State: ~Copyable {
    var batch: LogBatch
    /// Entries that somebody has been promised room for.
    var reservedCount = 0
  }

  /// What a request takes in a batch, the record's header included.
  private static let requestExtent = AuditRequest.byteCount + 24
  /// So many handshakes and commands at most wait for the same commit as far as `isHalfFull` goes.
  private let halfCount: Int
  private let state: Mutex<State>
  private let isCommitDue = Atomic<Bool>(false)
  private let commitsAtOnce: Bool
  private let stateLogPosition: @Sendable () -> LogPosition

  /// Continues behind a position, as recovery reports it.
  ///
  /// `commitsAtOnce` says whether every entry is due for a commit, because replies wait for it;
  /// otherwise the first of a batch is, and the one that fills half of it. `stateLogPosition` gives
  /// the state log's durable position, which each batch names.
  public init(
    byteCapacity: Int = LogGeometry.batchByteCountMaxDefault, after position: LogPosition,
    newestServerTimeMilliseconds: UInt64, commitsAtOnce: Bool,
    stateLogPosition: @escaping @Sendable () -> LogPosition
  ) {
    halfCount = max(1, byteCapacity / Self.requestExtent / 2)
    state = Mutex(
      State(
        batch: LogBatch(
          byteCapacity: byteCapacity, after: position,
          newestServerTimeMilliseconds: newestServerTimeMilliseconds)))
    self.commitsAtOnce = commitsAtOnce
    self.stateLogPosition = stateLogPosition
  }

  /// Sets room aside for so many requests, or for none: then the caller waits for a commit.
  ///
  /// A decision cannot be taken back, so there must be room for its entry before it is made.
  public func reserve(_ count: Int) -> Bool {
    let isReserved = state.withLock { state in
      let extent = (state.reservedCount + count) * Self.requestExtent
      // A record of this size takes exactly the extent.
      guard state.batch.hasRoom(bodyByteCount: extent - 24) else { return false }
      state.reservedCount += count
      return true
    }
    if !isReserved { isCommitDue.store(true, ordering: .releasing) }
    return isReserved
  }

  /// Gives back room that was not needed.
  public func giveBack(_ count: Int) { state.withLock { $0.reservedCount -= count } }

  /// Enters a request that room was reserved for; gives its position in the audit log.
  public func enter(_ request: AuditRequest, at now: Instant) -> LogPosition {
    let (position, isDue) = state.withLock { state in
      precondition(state.reservedCount > 0, "an entry that no room was reserved for")
      state.reservedCount -= 1
      guard
        let position = Self.append(
          .request, at: now, byteCount: AuditRequest.byteCount, to: &state.batch,
          { request.write(to: &$0) })
      else { preconditionFailure("room was reserved") }
      let count = state.batch.recordCount
      return (position, count == 1 || count == halfCount)
    }
    noteDue(isDue)
    return position
  }

  /// Enters what an administrator did; nil when there is no room before the next commit.
  public func enter(_ command: AuditCommand, at now: Instant) -> LogPosition? {
    enter(.command, at: now, byteCountMax: AuditCommand.byteCountMax) { command.write(to: &$0) }
  }

  /// Enters connections that were not let in; nil when there is no room before the next commit.
  public func enter(_ handshakes: AuditHandshakes, at now: Instant) -> LogPosition? {
    enter(.handshakes, at: now, byteCountMax: AuditHandshakes.byteCount) {
      handshakes.write(to: &$0)
    }
  }

  private func enter(
    _ kind: AuditKind, at now: Instant, byteCountMax: Int, _ write: (inout OutputRawSpan) -> Void
  ) -> LogPosition? {
    let position: LogPosition? = state.withLock { state in
      let reserved = state.reservedCount * Self.requestExtent
      guard state.batch.hasRoom(bodyByteCount: reserved + byteCountMax + 8) else { return nil }
      return Self.append(kind, at: now, byteCount: byteCountMax, to: &state.batch, write)
    }
    noteDue(true)
    return position
  }

  /// Time never goes back in a log, whatever the clock does.
  private static func append(
    _ kind: AuditKind, at now: Instant, byteCount: Int, to batch: inout LogBatch,
    _ write: (inout OutputRawSpan) -> Void
  ) -> LogPosition? {
    batch.append(
      kind: kind.rawValue,
      serverTimeMilliseconds: max(now.milliseconds, batch.newestServerTimeMilliseconds),
      maximumByteCount: byteCount, write)
  }

  private func noteDue(_ isDue: Bool) {
    if isDue || commitsAtOnce { isCommitDue.store(true, ordering: .releasing) }
  }

  /// Whether the committer should be woken; it says so once.
  public func takeCommitDue() -> Bool {
    isCommitDue.load(ordering: .relaxed) && isCommitDue.exchange(false, ordering: .acquiring)
  }

  /// The last position that was given out.
  public var enteredThrough: LogPosition { state.withLock { $0.batch.lastPosition } }

  public func exchangeStagedBatch(_ spare: inout LogBatch) {
    let durable = stateLogPosition()
    state.withLock { $0.batch.exchange(with: &spare) }
    spare.stateLogPosition = durable
  }
}
