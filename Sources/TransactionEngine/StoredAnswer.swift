import TransactionModel
import WireFormat

/// The answer to a change, kept so that a repeat gets it again.
struct StoredAnswer: Sendable, BitwiseCopyable {
  var digest: UInt128
  var position: LogPosition
  var transactionTime: Instant
  /// When it was decided, by the server's clock.
  var serverTime: Instant
  var traceNumber: SystemTraceAuditNumber
  /// Bytes of `reply` in use.
  var replyByteCount: UInt16
  /// The length of the frame that was sent; bytes beyond `replyByteCount` are zero in it.
  var frameByteCount: UInt16
  var reply: InlineArray<160, UInt8>
}
