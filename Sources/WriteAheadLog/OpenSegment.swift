import Synchronization

/// The number of the segment that a log writes to, for other threads to see.
public final class OpenSegment: Sendable {
  private let current = Atomic<UInt64>(0)
  private let observer = Mutex<(@Sendable (UInt64) -> Void)?>(nil)

  /// The number; 0 before the first segment was begun.
  public var number: UInt64 { current.load(ordering: .acquiring) }

  /// Has each new number told, on the thread that writes the log, which must not be held up.
  public func observe(_ body: @escaping @Sendable (UInt64) -> Void) {
    observer.withLock { $0 = body }
  }

  func set(_ number: UInt64) {
    current.store(number, ordering: .releasing)
    observer.withLock { $0 }?(number)
  }
}
