import EligibilityIndex
import Synchronization
public import TransactionModel
public import WireFormat
public import WriteAheadLog

/// The engine, shared by the reactors: one lock, held for look-up, rule and copy into the batch.
public final class SharedEngine: Sendable, BatchSource {
  let engine: Mutex<TransactionEngine>
  private let isStaged = Atomic<Bool>(false)
  private let isMemoryDue = Atomic<Bool>(false)

  public init(_ engine: consuming sending TransactionEngine) {
    self.engine = Mutex(engine)
  }

  /// Decides one request that has passed `FrameCheck`, and encodes reply or refusal into `reply`.
  ///
  /// While `changesAvailable` is false because the log can take no changes, they are refused with a
  /// system code, and inquiries go on.
  public func decide(
    _ request: borrowing FrameView, _ type: MessageType, from identity: CertificateIdentity,
    at now: Instant, changesAvailable: Bool, digester: inout RequestDigester,
    into reply: inout FrameBuffer
  ) -> Disposition {
    // Digesting is the slow part of a change: it is done before the lock is taken.
    let isChange = TransactionEngine.countsAsChange(request, type)
    let digest = isChange ? digester.digest(of: request) : 0
    let (disposition, hasStaged, isMemoryDue) = engine.withLock { engine in
      let disposition = engine.decide(
        request, type, digest: digest, from: identity, at: now,
        changesAvailable: changesAvailable, into: &reply)
      return (disposition, !engine.batch.isEmpty, engine.takeMemoryDue())
    }
    if hasStaged { noteStaged() }
    if isMemoryDue { self.isMemoryDue.store(true, ordering: .relaxed) }
    return disposition
  }

  /// Has the processor fetch what is known of cards that are asked for soon; says nothing of it.
  ///
  /// The lock is held for as long as finding out where that is takes, at most 16 look-ups.
  public func foresee(_ cards: Span<CardNumber>) {
    engine.withLock { $0.index.foresee(cards) }
  }

  /// Whether `makeMemoryAhead` should be called; it says so once, until it is.
  public func takeMemoryDue() -> Bool {
    isMemoryDue.load(ordering: .relaxed) && isMemoryDue.exchange(false, ordering: .relaxed)
  }

  /// Has the system provide the memory that will be needed soon, as long as it is wanted.
  ///
  /// For a thread that nobody waits for; the lock is held only to find out which.
  public func makeMemoryAhead(while isWanted: () -> Bool = { true }) {
    engine.withLock { $0.memoryAhead() }.populate(while: isWanted)
  }

  /// Whether something may be staged that the committer has not taken.
  public var hasStaged: Bool { isStaged.load(ordering: .acquiring) }

  /// Lets the committer see that something may be staged; called outside the lock.
  func noteStaged() { isStaged.store(true, ordering: .releasing) }

  public func exchangeStagedBatch(_ spare: inout LogBatch) {
    isStaged.store(false, ordering: .releasing)
    engine.withLock { $0.batch.exchange(with: &spare) }
  }

  /// Stages a new or replaced register entry; `nil` when it contradicts the others or the batch has
  /// no room.
  public func register(
    _ change: RegisterChange, by author: Author, at now: Instant
  ) -> LogPosition? {
    let position = engine.withLock { engine in
      engine.mayApply(change) ? engine.register(change, by: author, at: now) : nil
    }
    noteStaged()
    return position
  }

  /// Stages a secret that an operator is given for one use.
  func stageSecret(
    _ secret: Secret, for person: OperatorID, by author: Author, at now: Instant
  ) throws(SecretIssueError) -> LogPosition {
    let position = try engine.withLock { (engine) throws(SecretIssueError) in
      guard engine.register.operator(person)?.state.mayTransact == true else {
        throw .operatorNotActive(person)
      }
      let issued = OperatorSecret(
        operator: person, digest: engine.credentials.digest(of: secret, for: person),
        issued: max(now, engine.newestServerTime))
      guard let position = engine.register(.operatorSecret(issued), by: author, at: now) else {
        throw .noRoom
      }
      return position
    }
    isStaged.store(true, ordering: .releasing)
    return position
  }

  /// What inquiries have cost so far.
  package var work: EngineWork { engine.withLock { $0.work } }

  /// Figures for `posctl status`.
  public var figures: EngineFigures {
    engine.withLock { engine in
      EngineFigures(
        cardsWithRecords: engine.index.count, cardsInStock: engine.register.cardCount,
        sites: engine.register.siteCount, terminals: engine.register.terminalCount,
        stagedThrough: engine.batch.lastPosition, newestServerTime: engine.newestServerTime)
    }
  }
}

/// How much the engine holds.
public struct EngineFigures: Sendable {
  public var cardsWithRecords: Int
  public var cardsInStock: UInt64
  public var sites: Int
  public var terminals: Int
  public var stagedThrough: LogPosition
  public var newestServerTime: Instant
}
