import EligibilityIndex
import TransactionModel
import WireFormat

/// What the duplicate store makes of a change.
enum Acquaintance {
  /// It was never seen, and may be carried out.
  case new
  /// It was answered before: the stored reply is made, which rests on this position and is about
  /// this card.
  case answered(LogPosition, CardNumber)
  /// Its reversal came first, so that it may not be carried out.
  case reversed
}

extension TransactionEngine {
  /// Looks a change up in the duplicate store, and makes the stored reply of a repeat.
  mutating func acquaintance(
    with request: borrowing FrameView, digest: UInt128, into reply: inout FrameBuffer
  ) throws(Refusal) -> Acquaintance {
    switch duplicates.find(request.terminal, request.traceNumber, at: request.transactionTime) {
    case .unknown:
      return .new
    case .forgotten(let position):
      var refusal = Refusal(.tooOldInquire, field: HeaderLayout.transactionTime.number)
      refusal.restsOn = position
      throw refusal
    case .reversed(let answer):
      guard answer.messageType == request.rawMessageType,
        answer.transactionTime == request.transactionTime
      else { throw traceNumberReused(answer) }
      // A reversal for training keeps nothing real from being carried out.
      return answer.isTraining == request.flags.contains(.training) ? .reversed : .new
    case .stored(let answer):
      guard answer.digest == digest else { throw traceNumberReused(answer) }
      unsafe reply.copy(
        answer.reply.span.bytes.extracting(first: Int(answer.replyByteCount)),
        paddedTo: Int(answer.frameByteCount))
      reply.insert(.storedReply)
      return .answered(answer.position, card(of: answer))
    }
  }

  /// The card that a stored answer is about: an inquiry may have asked by another number of the
  /// client.
  ///
  /// Where the record has changed since, the number may have been another client's then: the one
  /// that was asked for stands.
  mutating func card(of answer: StoredAnswer) -> CardNumber {
    guard answer.messageType == MessageType.inquiry.rawValue else { return answer.card }
    let slot = lookUpByAnyNumber(answer.card)
    guard !slot.isAbsent, index[slot].lastPosition <= answer.position else { return answer.card }
    return index[slot].card
  }

  /// A trace number that stands for another transaction already.
  func traceNumberReused(_ answer: StoredAnswer) -> Refusal {
    var refusal = Refusal(.traceNumberReused, field: HeaderLayout.traceNumber.number)
    refusal.restsOn = answer.position
    refusal.isSecurityEvent = true
    return refusal
  }

  /// Declines a change whose reversal came first; from now on this is its answer.
  mutating func declineReversed(
    _ request: borrowing FrameView, _ type: MessageType, digest: UInt128, _ caller: Caller,
    into reply: inout FrameBuffer
  ) -> Disposition {
    let isTraining = request.flags.contains(.training)
    var decision = ChangeDecision(outcome: Outcome(.originalReversed), isTraining: isTraining)
    decision.outcome.confirmation = confirmation(of: nextPosition, isTraining: isTraining)
    reply.encode(decision.outcome, type: type, replyingTo: request)
    return stage(decision, digest: digest, caller, request, reply: &reply)
  }
}
