public import Observability
import Synchronization

/// How often and how long the log was synced.
public final class CommitStatistics: Sendable {
  public let syncCount = Counter()
  public let syncNanoseconds = Counter()
  /// Syncs that took longer than the threshold.
  public let slowSyncCount = Counter()
  private let longest = Atomic<UInt64>(0)
  private let slowNanoseconds: UInt64

  package init(slowSyncMilliseconds: UInt64) { slowNanoseconds = slowSyncMilliseconds * 1_000_000 }

  public var longestSyncNanoseconds: UInt64 { longest.load(ordering: .relaxed) }

  /// Counts a sync; true when it was slow.
  func recordSync(nanoseconds: UInt64) -> Bool {
    syncCount.increment()
    syncNanoseconds.add(nanoseconds)
    longest.max(nanoseconds, ordering: .relaxed)
    guard nanoseconds > slowNanoseconds else { return false }
    slowSyncCount.increment()
    return true
  }
}
