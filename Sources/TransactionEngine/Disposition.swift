public import TransactionModel

/// How a request was dealt with.
public struct Disposition: Sendable, BitwiseCopyable {
  /// What must be durable before the reply may be sent; `zero`: nothing.
  public var waitPosition: LogPosition
  /// Worth counting apart: somebody tried what is not theirs.
  public var isSecurityEvent: Bool
  /// The staged batch had no room, so nothing was decided and no reply made: try again after the
  /// next commit.
  public var mustWaitForRoom: Bool
  /// The card that the answer is about, which the request need not name; blank where there is none.
  ///
  /// The number under which the record of an inquiry was found, or the card of the change that a
  /// reversal, a request for the last answer or a repeat is about.
  public var card = CardNumber.blank

  @inlinable
  public init(
    waitPosition: LogPosition = .zero, isSecurityEvent: Bool = false, mustWaitForRoom: Bool = false
  ) {
    self.waitPosition = waitPosition
    self.isSecurityEvent = isSecurityEvent
    self.mustWaitForRoom = mustWaitForRoom
  }
}
