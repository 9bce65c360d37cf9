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
  /// The card that the change was about; blank for none.
  var card = CardNumber.blank
  /// Whether the change altered the card's record.
  var hasChangedRecord = false
  /// The reversal that undid the change or keeps it from being carried out; `zero` for none.
  var reversal = LogPosition.zero

  /// Whether the change never arrived: all that is known of it is that it was reversed.
  var isRememberedReversal: Bool { frameByteCount == 0 }
  /// The message type of the request.
  var messageType: UInt8 { reply[HeaderLayout.messageType.offset] & ~MessageType.replyBit }
  var isTraining: Bool { reply[HeaderLayout.flags.offset] & FrameFlags.training.rawValue != 0 }
  var code: ResponseCode {
    let offset = HeaderLayout.responseCode.offset
    return ResponseCode(rawValue: UInt16(reply[offset]) << 8 | UInt16(reply[offset + 1]))
  }

  /// Whether a reversal that names this key means this change.
  func isMeant(by original: OriginalKey) -> Bool {
    messageType == original.messageType && transactionTime == original.transactionTime
  }
}

extension StoredAnswer {
  /// What stands in for a change that was reversed before it arrived.
  init(
    reversed original: OriginalKey, by reversal: LogPosition, isTraining: Bool, serverTime: Instant
  ) {
    var reply = InlineArray<160, UInt8>(repeating: 0)
    reply[HeaderLayout.messageType.offset] = original.messageType | MessageType.replyBit
    reply[HeaderLayout.flags.offset] = isTraining ? FrameFlags.training.rawValue : 0
    self.init(
      digest: 0, position: reversal, transactionTime: original.transactionTime,
      serverTime: serverTime, traceNumber: original.traceNumber, replyByteCount: 0,
      frameByteCount: 0, reply: reply)
    self.reversal = reversal
  }
}
