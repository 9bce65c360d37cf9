import EligibilityIndex
import EligibilityPolicy
import TransactionModel
import WireFormat
import WriteAheadLog

extension TransactionEngine {
  /// Activates a card that was shipped to the caller's site, if the client is eligible.
  ///
  /// Ineligible determinations are stored too.
  mutating func answerActivation(
    _ request: borrowing FrameView, digest: UInt128, _ caller: Caller,
    into reply: inout FrameBuffer
  ) -> Disposition {
    let certification = CertifyRequestView(request)
    let card = certification.card
    let slot = lookUp(card)
    var record = index[slot]
    if slot.isAbsent { record = EligibilityRecord(card: card) }
    var decision = ChangeDecision(
      outcome: Outcome(.activated), isTraining: request.flags.contains(.training))
    var claimResults = InlineArray<3, UInt8>(repeating: 0)
    if let code = activationRefusal(
      certification, record, transactionTime: request.transactionTime, caller)
    {
      decision.outcome.code = code
      decision.isSecurityEvent = code == .cardOfOtherClient
      if code == .alreadyActive { show(record, caller, in: &decision.outcome) }
    } else {
      record.client = certification.client
      certify(certification, &record, caller, &decision, &claimResults)
    }
    finish(&decision, record, caller, .activate, request, into: &reply)
    reply.set(CertifyReplyLayout.claim1, claimResults[0])
    reply.set(CertifyReplyLayout.claim2, claimResults[1])
    reply.set(CertifyReplyLayout.claim3, claimResults[2])
    reply.set(CertifyReplyLayout.incomeLimit, decision.determination?.incomeLimit ?? 0)
    return stage(decision, digest: digest, caller, request, reply: &reply)
  }

  /// What keeps an activation from being decided at all, in order of precedence.
  private mutating func activationRefusal(
    _ certification: borrowing CertifyRequestView, _ record: EligibilityRecord,
    transactionTime: Instant, _ caller: Caller
  ) -> ResponseCode? {
    let card = certification.card
    if let code = activationStockCode(of: card, for: caller.site.id) { return code }
    let day = certification.certificationDate
    // Back-dating needs a declared outage window; see SPECIFICATION.md, "Activate".
    guard day == PacificTime.date(at: transactionTime) else { return .certificationDateNotAllowed }
    let client = certification.client
    guard let birth = client.number(.birthDate), birth <= day.yyyymmdd else {
      return .birthDateAhead
    }
    guard record.hasBeenActivated else { return nil }
    guard ClientIdentity.isSame(client, record.client) else { return .cardOfOtherClient }
    let latest = policy.periodRules(on: day).latestPeriod(in: record.periods)
    if let latest, day <= latest.lastDay { return .alreadyActive }
    return .recertifyInstead
  }

  /// Determines eligibility on the certification date and makes the periods.
  private func certify(
    _ certification: borrowing CertifyRequestView, _ record: inout EligibilityRecord,
    _ caller: Caller, _ decision: inout ChangeDecision,
    _ claimResults: inout InlineArray<3, UInt8>
  ) {
    guard let facts = EligibilityFacts(record.client) else {
      preconditionFailure("a form that passed the format check lacks a fact")
    }
    let day = certification.certificationDate
    determine(facts, on: day, &record, &decision)
    guard let determination = decision.determination, determination.isEligible else {
      if decision.determination?.mayBeAppealed == true {
        decision.outcome.notices.insert(.fairHearing)
      }
      touch(&record, caller)
      decision.image = record
      return
    }
    let rules = policy.periodRules(on: day)
    do throws(PeriodRefusal) {
      _ = try rules.activate(&record.periods, certifiedOn: day, today: caller.today)
      for slot in 0..<CertifyRequestLayout.claimCount {
        guard let claim = certification.claim(slot),
          let month = policy.determine(claim, of: facts, certifiedOn: day)
        else { continue }
        var isEligible = month.isEligible
        if isEligible {
          isEligible =
            try rules.addRetroactive(
              slot: Int32(slot + 1), to: &record.periods, certifiedOn: day, today: caller.today)
            != nil
        }
        claimResults[slot] = isEligible ? 1 : 2
      }
    } catch {
      decision.outcome.code = error.code
      return
    }
    touch(&record, caller)
    decision.image = record
    show(record, caller, in: &decision.outcome)
  }
}
