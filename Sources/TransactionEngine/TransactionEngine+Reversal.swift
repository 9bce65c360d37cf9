import EligibilityIndex
import TransactionModel
import WireFormat

extension TransactionEngine {
  /// Undoes a change of the same terminal, or remembers not to carry it out should it still come
  /// (SPECIFICATION.md, "Reverse").
  mutating func answerReversal(
    _ request: borrowing FrameView, digest: UInt128, _ caller: Caller,
    into reply: inout FrameBuffer
  ) throws(Refusal) -> Disposition {
    let isTraining = request.flags.contains(.training)
    var original = OriginalKey(ReverseRequestView(request))
    var decision = ChangeDecision(outcome: Outcome(.reversed), isTraining: isTraining)
    var card = CardNumber.blank
    var originalCode = ResponseCode.none
    var earlier = LogPosition.zero
    switch duplicates.find(
      request.terminal, original.traceNumber, at: original.transactionTime)
    {
    case .unknown:
      decision.outcome.code = .reversalRemembered
      original.effect = .remembered
    case .forgotten:
      decision.outcome.code = .reversalTooLate
    case .reversed(let answer):
      guard answer.isMeant(by: original) else { throw traceNumberReused(answer) }
      decision.outcome.code = .reversalRemembered
      earlier = answer.reversal
    case .stored(let answer):
      guard answer.isMeant(by: original) else { throw traceNumberReused(answer) }
      card = answer.card
      originalCode = answer.code
      earlier = answer.reversal
      if earlier == .zero {
        undo(answer, caller, &original, &decision)
      } else if originalCode == .originalReversed {
        decision.outcome.code = .reversalRemembered
      }
    }
    if !card.isBlank { tell(card, caller, &decision) }
    // The same reversal once more is told by the confirmation number of the one that counted.
    decision.outcome.confirmation = confirmation(
      of: earlier == .zero ? nextPosition : earlier, isTraining: isTraining)
    reply.encode(decision.outcome, type: .reverse, replyingTo: request)
    reply.set(ReverseReplyLayout.originalTraceNumber, original.traceNumber.rawValue)
    reply.set(ReverseReplyLayout.originalCode, originalCode.rawValue)
    var disposition = stage(decision, digest: digest, caller, request, reply: &reply) { record in
      record.card = card
      record.original = original
    }
    disposition.card = card
    return disposition
  }

  /// Puts the record back as it was before a change, or says why that cannot be.
  private func undo(
    _ answer: StoredAnswer, _ caller: Caller, _ original: inout OriginalKey,
    _ decision: inout ChangeDecision
  ) {
    let hasDoneSomething =
      answer.isTraining ? answer.code.responseClass == .approved : answer.hasChangedRecord
    guard answer.isTraining == decision.isTraining, hasDoneSomething else {
      decision.outcome.code = .notReversible
      return
    }
    if answer.isTraining {
      original.effect = .undone
      return
    }
    let age = answer.serverTime.millisecondsUntil(caller.now)
    guard age <= settings.reversalMillisecondsMax, answer.position > undoStore.droppedThrough else {
      decision.outcome.code = .reversalTooLate
      return
    }
    let slot = index.find(answer.card)
    guard
      var record = undoStore.record(of: answer.card, before: answer.position, at: slot.ordinal)
    else {
      decision.outcome.code = .reversalAfterLaterActivity
      return
    }
    guard !isOperator(caller, record.client), !isOperator(caller, index[slot].client) else {
      decision.outcome.code = .selfCertification
      decision.isSecurityEvent = true
      return
    }
    record.version = index[slot].version
    touch(&record, caller)
    decision.image = record
    original.effect = .undone
  }

  /// Says where the card stands after the reversal, done or not.
  private func tell(_ card: CardNumber, _ caller: Caller, _ decision: inout ChangeDecision) {
    let slot = index.find(card)
    guard !slot.isAbsent else { return }
    let record = decision.image ?? index[slot]
    show(record, caller, in: &decision.outcome)
    decision.outcome.recordVersion = record.version
  }

  /// The reversal because of which a change was not carried out.
  func reversal(of record: TransactionRecord) -> LogPosition {
    let finding = duplicates.find(
      record.terminal, record.traceNumber, at: record.transactionTime)
    if case .reversed(let answer) = finding { return answer.reversal }
    return .zero
  }

  /// What a reversal does to the duplicate store: the same in service and in replay.
  mutating func apply(
    _ original: OriginalKey, of record: TransactionRecord, position: LogPosition,
    serverTime: Instant
  ) {
    switch original.effect {
    case .nothing: break
    case .undone:
      duplicates.markReversed(original.traceNumber, of: record.terminal, by: position)
    case .remembered:
      let answer = StoredAnswer(
        reversed: original, by: position, isTraining: record.flags.contains(.training),
        serverTime: serverTime)
      duplicates.insert(answer, for: record.terminal)
    }
  }

  /// Keeps what a reversal would restore, and gives up what is no longer the card's last word.
  ///
  /// A training transaction is nobody's activity: nothing real may depend on it.
  mutating func applyImage(
    of record: TransactionRecord, position: LogPosition, serverTime: Instant
  ) {
    guard !record.flags.contains(.training) else { return }
    guard let image = record.image else {
      if !record.card.isBlank { undoStore.forget(index.find(record.card).ordinal) }
      return
    }
    let found = index.find(image.card)
    let isReversible = MessageType(rawValue: record.messageType)?.isReversible ?? false
    let ordinal = found.isAbsent ? index.count + 1 : found.ordinal
    if isReversible {
      undoStore.insert(
        found, of: index, at: ordinal, position: position, serverTime: serverTime)
    } else {
      undoStore.forget(ordinal)
    }
    let slot = write(image, record.imageKeys, at: found)
    precondition(slot.ordinal == ordinal, "what a reversal restores is kept of another card")
  }
}

extension MessageType {
  /// Whether a reversal may name a message of this type.
  var isReversible: Bool {
    switch self {
    case .activate, .recertify, .update, .deactivate: true
    case .signOn, .signOff, .echo, .inquiry, .reverse, .last: false
    }
  }
}
