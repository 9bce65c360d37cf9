import EligibilityIndex
import EligibilityPolicy
import TransactionModel
import WireFormat
import WriteAheadLog

extension TransactionEngine {
  /// Changes what is known of a client, and determines eligibility anew on the day of the visit.
  ///
  /// An update never moves the end of a period: a client found ineligible must be deactivated, and
  /// the reply says so.
  mutating func answerUpdate(
    _ request: borrowing FrameView, digest: UInt128, _ caller: Caller,
    into reply: inout FrameBuffer
  ) -> Disposition {
    let update = UpdateRequestView(request)
    let slot = lookUp(update.card)
    var record = index[slot]
    var decision = ChangeDecision(
      outcome: Outcome(.updated), isTraining: request.flags.contains(.training))
    if let code = recordRefusal(update.card, slot) {
      decision.outcome.code = code
    } else if record.version != update.expectedVersion {
      decision.outcome.code = .versionConflict
    } else {
      apply(
        update.client, on: currentDay.date(at: request.transactionTime), &record, caller,
        &decision)
    }
    finish(&decision, record, caller, .update, request, into: &reply)
    reply.set(UpdateReplyLayout.incomeLimit, decision.determination?.incomeLimit ?? 0)
    let isConflict = decision.outcome.code == .versionConflict
    reply.set(
      UpdateReplyLayout.lastChangeSite,
      isConflict ? record.lastChangeSite.rawValue : caller.site.id.rawValue)
    reply.set(UpdateReplyLayout.lastChange, isConflict ? record.lastChange : caller.now)
    return stage(decision, digest: digest, caller, request, reply: &reply)
  }

  private func apply(
    _ change: ClientForm, on day: CalendarDate, _ record: inout EligibilityRecord,
    _ caller: Caller, _ decision: inout ChangeDecision
  ) {
    var client = record.client
    client.merge(change)
    guard let birth = client.number(.birthDate), birth <= day.yyyymmdd else {
      decision.outcome.code = .birthDateAhead
      return
    }
    // As it was too: otherwise a changed name would open the way to one's own record.
    guard !isOperator(caller, client), !isOperator(caller, record.client) else {
      decision.outcome.code = .selfCertification
      decision.isSecurityEvent = true
      return
    }
    guard let facts = EligibilityFacts(client) else {
      preconditionFailure("an update took away what cannot be taken away")
    }
    record.client = client
    if change.has(.zipCode) || change.has(.contactMethod) { record.formSite = caller.site.id }
    determine(facts, on: day, &record, &decision)
    touch(&record, caller)
    decision.image = record
    show(record, caller, in: &decision.outcome)
    guard decision.determination?.mayBeAppealed == true, decision.outcome.status == .eligible
    else { return }
    decision.outcome.notices.formUnion([.fairHearing, .deactivationDue])
  }

  /// What is said of a card without periods to a role that changes records.
  mutating func recordRefusal(_ card: CardNumber, _ slot: RecordSlot) -> ResponseCode? {
    if slot.isAbsent { return stockCode(of: card) ?? .neverActivated }
    return index[slot].hasBeenActivated ? nil : .neverActivated
  }
}
