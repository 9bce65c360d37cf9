import Foundation

/// Runs long work that throws often on a thread of its own, and waits for it.
///
/// Swift Testing takes a backtrace of every error thrown; here there is little stack to walk.
func onShallowStack<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
  await withCheckedContinuation { continuation in
    Thread.detachNewThread { continuation.resume(returning: work()) }
  }
}
