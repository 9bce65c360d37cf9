public import AuditTrail
public import WriteAheadLog

/// The audit log as the server's threads see it: where they enter what was asked, and whether a
/// reply waits until its entry is durable.
///
/// A class, for it is asked with every request: its parts would be counted one by one each time.
public final class AuditDesk: Sendable {
  let trail: AuditTrail
  /// Of the audit log.
  let durablePosition: DurablePosition
  /// Whether replies wait for their entries.
  let holdsReplies: Bool
  private let wake: @Sendable () -> Void
  private let isOpen: @Sendable () -> Bool

  /// The committer publishes to `durablePosition`, or those who wait for entries wait for ever.
  public convenience init<Log: CommitLog & ~Copyable>(
    trail: AuditTrail, committer: GroupCommitter<Log>, durablePosition: DurablePosition,
    holdsReplies: Bool
  ) {
    self.init(
      trail: trail, durablePosition: durablePosition, holdsReplies: holdsReplies,
      wake: { committer.wake() }, isOpen: { committer.canAcceptChanges })
  }

  init(
    trail: AuditTrail, durablePosition: DurablePosition, holdsReplies: Bool,
    wake: @escaping @Sendable () -> Void, isOpen: @escaping @Sendable () -> Bool
  ) {
    self.trail = trail
    self.durablePosition = durablePosition
    self.holdsReplies = holdsReplies
    self.wake = wake
    self.isOpen = isOpen
  }

  /// Whether entries are taken; when false, who would need one is told to come later.
  var isTakingEntries: Bool { isOpen() }

  /// Tells the committer that enough is entered, if it is.
  func wakeCommitterWhenDue() { if trail.takeCommitDue() { wake() } }
}
