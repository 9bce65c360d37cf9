import TransactionEngine
import TransactionModel
import WireFormat
import WriteAheadLog

/// What the reactors need of the engine and of the log behind it.
///
/// Tests put an engine of their own in its place.
protocol EngineRoom: Sendable {
  /// Decides one request that has passed `FrameCheck` and encodes the answer into `reply`.
  func decide(
    _ request: borrowing FrameView, _ type: MessageType, from identity: CertificateIdentity,
    at now: Instant, changesAvailable: Bool, digester: inout RequestDigester,
    into reply: inout FrameBuffer
  ) -> Disposition

  /// Cards that will be asked for soon.
  func foresee(_ cards: Span<CardNumber>)

  /// Whether something was decided that is not on its way to the disk.
  var hasStaged: Bool { get }

  /// Tells the committer that something is staged.
  func wakeCommitter()

  /// Has memory provided that the engine needs soon, if it is time to.
  func makeMemoryWhenDue()

  /// Whether the log takes changes; it may turn false in the middle of a turn.
  var changesAvailable: Bool { get }
}

/// The daemon's engine, with its committer.
struct DaemonEngineRoom: EngineRoom {
  private let engine: SharedEngine
  private let memoryMaker: MemoryMaker
  private let wake: @Sendable () -> Void
  private let isLogOpen: @Sendable () -> Bool

  init<Log: CommitLog & ~Copyable>(
    engine: SharedEngine, committer: GroupCommitter<Log>, memoryMaker: MemoryMaker
  ) {
    self.engine = engine
    self.memoryMaker = memoryMaker
    wake = { committer.wake() }
    isLogOpen = { committer.canAcceptChanges }
  }

  func decide(
    _ request: borrowing FrameView, _ type: MessageType, from identity: CertificateIdentity,
    at now: Instant, changesAvailable: Bool, digester: inout RequestDigester,
    into reply: inout FrameBuffer
  ) -> Disposition {
    engine.decide(
      request, type, from: identity, at: now, changesAvailable: changesAvailable,
      digester: &digester, into: &reply)
  }

  func foresee(_ cards: Span<CardNumber>) { engine.foresee(cards) }

  var hasStaged: Bool { engine.hasStaged }

  func wakeCommitter() { wake() }

  func makeMemoryWhenDue() { if engine.takeMemoryDue() { memoryMaker.wake() } }

  var changesAvailable: Bool { isLogOpen() }
}
