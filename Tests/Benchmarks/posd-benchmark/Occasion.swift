import LinuxSystem
import Synchronization

/// Something that another thread does, and during which a run is measured.
///
/// In turn: the run has begun, the occasion begins, it is over; a failure ends it too.
final class Occasion: Sendable {
  private enum State: Int {
    case awaited
    case wanted
    case going
    case over
  }

  private let state = Atomic<Int>(State.awaited.rawValue)
  private let outcome = Mutex<Result<UInt64, BenchmarkError>?>(nil)

  var hasBegun: Bool { state.load(ordering: .acquiring) >= State.going.rawValue }
  var isOver: Bool { state.load(ordering: .acquiring) == State.over.rawValue }

  /// Says that the run has begun.
  func want() { _ = state.max(State.wanted.rawValue, ordering: .acquiringAndReleasing) }

  /// Waits until a run has begun, and then for as long as it warms up.
  func waitUntilWanted(andMilliseconds milliseconds: Int32) {
    while state.load(ordering: .acquiring) == State.awaited.rawValue {
      MonotonicClock.sleep(milliseconds: 1)
    }
    MonotonicClock.sleep(milliseconds: milliseconds)
  }

  func begin() { state.store(State.going.rawValue, ordering: .releasing) }

  /// Ends it: how many nanoseconds it took, or why it failed.
  func end(_ result: Result<UInt64, BenchmarkError>) {
    outcome.withLock { $0 = result }
    state.store(State.over.rawValue, ordering: .releasing)
  }

  /// How long it took; of one that is over.
  func nanoseconds() throws(BenchmarkError) -> UInt64 {
    guard let result = outcome.withLock({ $0 }) else { preconditionFailure("not over yet") }
    return try result.get()
  }
}
