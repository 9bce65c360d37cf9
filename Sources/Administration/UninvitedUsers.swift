import Synchronization
public import TransactionModel

/// Users without a role who called: whose calls are entered in the audit log.
///
/// The first call of a user within a minute is, and of so many users within it: anybody on the
/// machine may call as often as it likes, and must not fill the log.
public final class UninvitedUsers: Sendable {
  static let userCountMax = 256
  static let periodMilliseconds: UInt64 = 60_000

  private let entered = Mutex<[UInt32: Instant]>([:])

  public init() {}

  /// Enters a call that is worth it, with what says whether that was done; gives whether it was.
  ///
  /// A call that could not be entered does not count: the next one may be.
  public func enter(_ user: UInt32, at now: Instant, by entering: () -> Bool) -> Bool {
    entered.withLock { entered in
      if let last = entered[user], last.millisecondsUntil(now) < Self.periodMilliseconds {
        return false
      }
      if entered.count >= Self.userCountMax {
        entered = entered.filter { $0.value.millisecondsUntil(now) < Self.periodMilliseconds }
      }
      guard entered.count < Self.userCountMax || entered[user] != nil, entering()
      else { return false }
      entered[user] = now
      return true
    }
  }
}
