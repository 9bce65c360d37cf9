import TransactionModel
import WireFormat

extension TransactionEngine {
  /// Tells a terminal the stored answer to one of its changes, by trace number or the newest.
  ///
  /// It changes nothing; what it tells waits for what it rests on, as the answer itself did.
  mutating func answerLast(
    _ request: borrowing FrameView, _ caller: Caller, into reply: inout FrameBuffer
  ) -> Disposition {
    let wanted = LastRequestView(request).traceNumber
    let terminal = caller.terminal.id
    var answer: StoredAnswer?
    if wanted == 0 {
      answer = duplicates.newestAnswer(of: terminal)
    } else if case .stored(let stored) = duplicates.find(
      terminal, SystemTraceAuditNumber(rawValue: wanted), at: Instant(milliseconds: .max))
    {
      answer = stored
    }
    let restsOn = answer?.position ?? duplicates.newestPosition(of: terminal)
    reply.encodeLast(
      newestTraceNumber: duplicates.newestTraceNumber(of: terminal), serverTime: caller.now,
      storedByteCount: Int(answer?.replyByteCount ?? 0), replyingTo: request)
    if let answer {
      for offset in 0..<Int(answer.replyByteCount) {
        reply.setStoredByte(answer.reply[offset], at: offset)
      }
    }
    reply.set(HeaderLayout.logPosition, restsOn.rawValue)
    var disposition = Disposition(waitPosition: restsOn)
    if let answer { disposition.card = card(of: answer) }
    return disposition
  }
}
