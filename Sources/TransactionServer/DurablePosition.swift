import Synchronization
public import TransactionModel

/// The newest position that no crash can take away, and the reactors that wait for it.
///
/// The committer publishes it after each commit. A reactor is woken only if it waits for one.
public final class DurablePosition: Sendable {
  /// One reactor's end.
  final class Waiter: Sendable {
    fileprivate let isWaiting = Atomic<Bool>(false)
    fileprivate let mailbox: Mailbox<ReactorMessage>

    init(_ mailbox: Mailbox<ReactorMessage>) { self.mailbox = mailbox }
  }

  private let position: Atomic<UInt64>
  private let waiters = Mutex<[Waiter]>([])

  /// Starts with the position that recovery found.
  public init(_ position: LogPosition) { self.position = Atomic(position.rawValue) }

  public var current: LogPosition {
    LogPosition(rawValue: position.load(ordering: .sequentiallyConsistent))
  }

  /// Makes a position known, which is not below the one before; called by the committer.
  public func publish(_ newPosition: LogPosition) {
    let previous = position.exchange(newPosition.rawValue, ordering: .sequentiallyConsistent)
    precondition(previous <= newPosition.rawValue, "the durable position goes back")
    waiters.withLock { waiters in
      for waiter in waiters
      where waiter.isWaiting.exchange(false, ordering: .sequentiallyConsistent) {
        waiter.mailbox.ring()
      }
    }
  }

  func add(_ waiter: Waiter) { waiters.withLock { $0.append(waiter) } }

  /// Asks to be woken when the position goes beyond `seen`; false if it has already.
  ///
  /// The request is put down before the position is read, and the committer stores the position
  /// before it reads requests: one of the two sees the other.
  func isStill(_ seen: LogPosition, for waiter: Waiter) -> Bool {
    waiter.isWaiting.store(true, ordering: .sequentiallyConsistent)
    return current == seen
  }
}
