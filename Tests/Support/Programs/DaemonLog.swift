import Synchronization

/// The daemons that a test has started, for what they wrote to be shown when it fails.
package final class DaemonLog: Sendable {
  /// That of the running test, where its suite keeps one.
  @TaskLocal package static var current: DaemonLog?

  /// As many as a test needs to see: one, and the one that it was started instead of.
  private static let childCountMax = 2

  private let children = Mutex<[ChildProcess]>([])

  package init() {}

  func add(_ child: ChildProcess) {
    children.withLock { $0 = ($0 + [child]).suffix(Self.childCountMax) }
  }

  /// What they have written to standard error so far.
  package var text: String {
    children.withLock { $0 }
      .map { "\($0.name) (process \($0.identifier)):\n\($0.errorText)" }.joined()
  }
}
