import Synchronization

/// Whether the log has room for more changes.
///
/// It turns false while there is still room for all that is staged, and true again when the next
/// segment could be prepared.
public final class LogAdmission: Sendable {
  private let accepts: Atomic<Bool>

  package init(canAcceptChanges: Bool) { accepts = Atomic(canAcceptChanges) }

  /// Ask before a change is staged; when false, refuse it with "system, retry later".
  public var canAcceptChanges: Bool {
    get { accepts.load(ordering: .acquiring) }
  }

  package func set(canAcceptChanges: Bool) { accepts.store(canAcceptChanges, ordering: .releasing) }
}
