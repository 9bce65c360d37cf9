import TransactionModel

/// What must be durable before a reply may go: a position in each of the two logs.
///
/// The same pair says what is durable.
struct DurableNeed: Equatable, BitwiseCopyable {
  var state = LogPosition.zero
  var audit = LogPosition.zero

  /// Of a reply that waits for nothing.
  static let none = DurableNeed()

  func isMet(by durable: DurableNeed) -> Bool {
    state <= durable.state && audit <= durable.audit
  }
}
