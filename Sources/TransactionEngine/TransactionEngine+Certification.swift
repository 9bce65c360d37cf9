import EligibilityIndex
import EligibilityPolicy
import TransactionModel
import WireFormat
import WriteAheadLog

extension TransactionEngine {
  /// Certifies a client by a whole form: an activation the first time, a recertification after.
  ///
  /// The two differ in what the card must be and in where the period begins. Ineligible
  /// determinations are stored too.
  mutating func answerCertification(
    _ request: borrowing FrameView, _ type: MessageType, digest: UInt128, _ caller: Caller,
    into reply: inout FrameBuffer
  ) -> Disposition {
    let certification = CertifyRequestView(request)
    let slot = lookUp(certification.card)
    var record = index[slot]
    if slot.isAbsent { record = EligibilityRecord(card: certification.card) }
    let visit = currentDay.date(at: request.transactionTime)
    var decision = ChangeDecision(
      outcome: Outcome(type == .activate ? .activated : .recertified),
      isTraining: request.flags.contains(.training))
    var certified = Certified()
    if let code = certificationRefusal(certification, type, slot, visit, caller) {
      decision.outcome.code = code
      decision.isSecurityEvent = code == .cardOfOtherClient || code == .selfCertification
    } else {
      certified = certify(certification, type, visit, &record, caller, &decision)
    }
    finish(&decision, record, caller, type, request, into: &reply)
    reply.set(CertifyReplyLayout.candidate, certified.candidate)
    reply.set(CertifyReplyLayout.claim1, certified.claims[0])
    reply.set(CertifyReplyLayout.claim2, certified.claims[1])
    reply.set(CertifyReplyLayout.claim3, certified.claims[2])
    reply.set(CertifyReplyLayout.incomeLimit, decision.determination?.incomeLimit ?? 0)
    return stage(decision, digest: digest, caller, request, reply: &reply)
  }

  /// What keeps a certification from being looked into at all, in order of precedence.
  private mutating func certificationRefusal(
    _ certification: borrowing CertifyRequestView, _ type: MessageType, _ slot: RecordSlot,
    _ visit: CalendarDate, _ caller: Caller
  ) -> ResponseCode? {
    let card = certification.card
    let cardCode =
      type == .activate
      ? activationStockCode(of: card, for: caller.site.id) : recordRefusal(card, slot)
    if let cardCode { return cardCode }
    let day = certification.certificationDate
    let rules = policy.periodRules(on: day)
    guard rules.allowsCertification(of: day, enteredOn: visit, outages: register.outages),
      rules.oldestDateOfService(visit) <= day, caller.site.isActive(on: day)
    else { return .certificationDateNotAllowed }
    let client = certification.client
    guard let birth = client.number(.birthDate), birth <= day.yyyymmdd else {
      return .birthDateAhead
    }
    guard !isOperator(caller, client) else { return .selfCertification }
    guard !index[slot].hasBeenActivated || ClientIdentity.isSame(client, index[slot].client) else {
      return .cardOfOtherClient
    }
    return nil
  }

  /// What the reply to a certification says beside the outcome.
  private struct Certified {
    var claims = InlineArray<3, UInt8>(repeating: 0)
    var candidate = CardNumber.blank
  }

  /// Determines eligibility on the certification date and makes the periods.
  private func certify(
    _ certification: borrowing CertifyRequestView, _ type: MessageType, _ visit: CalendarDate,
    _ record: inout EligibilityRecord, _ caller: Caller, _ decision: inout ChangeDecision
  ) -> Certified {
    var certified = Certified()
    let day = certification.certificationDate
    var periods = record.periods
    do throws(PeriodRefusal) {
      let rules = policy.periodRules(on: day)
      _ =
        type == .activate
        ? try rules.activate(&periods, certifiedOn: day, today: caller.today)
        : try rules.recertify(&periods, certifiedOn: day, today: caller.today)
    } catch {
      decline(error, record, caller, &decision)
      return certified
    }
    record.client = certification.client
    record.formSite = caller.site.id
    // A new form is decided anew, whatever was decided on the one before.
    record.hearing = .none
    record.flags.remove(.certifiedInOutage)
    if day != visit {
      record.flags.insert(.certifiedInOutage)
      decision.marks.insert(.certifiedInOutage)
    }
    guard let facts = EligibilityFacts(record.client) else {
      preconditionFailure("a form that passed the format check lacks a fact")
    }
    let determination = determine(facts, on: day, &record, &decision)
    if determination.isEligible {
      record.periods = periods
      certified.claims = decideClaims(certification, type, facts, &record, caller)
      // Practice names nobody: it could be repeated at will.
      if type == .activate, !decision.isTraining {
        let keys = foreseenKeys(of: record.client)
        certified.candidate = matchingCard(for: record, keys)
        decision.keys = keys
      }
      if !certified.candidate.isBlank {
        decision.outcome.notices.insert(.possibleDuplicateClient)
      }
    }
    touch(&record, caller)
    decision.image = record
    if determination.isEligible || type == .recertify {
      show(record, caller, in: &decision.outcome)
    }
    if determination.mayBeAppealed {
      decision.outcome.notices.insert(.fairHearing)
      if decision.outcome.status == .eligible { decision.outcome.notices.insert(.deactivationDue) }
    }
    return certified
  }

  /// Says why no period can be made: the client has one that runs, or waits.
  private func decline(
    _ refusal: PeriodRefusal, _ record: EligibilityRecord, _ caller: Caller,
    _ decision: inout ChangeDecision
  ) {
    decision.outcome.code = refusal.code
    guard refusal.code != .recertifyInstead else { return }
    show(record, caller, in: &decision.outcome)
    if case .renewalOpens(let day) = refusal { decision.outcome.recertificationOpens = day }
  }

  /// Decides each claimed month by itself: 0 not claimed, 1 eligible, 2 not.
  ///
  /// Only a new client can claim.
  private func decideClaims(
    _ certification: borrowing CertifyRequestView, _ type: MessageType, _ facts: EligibilityFacts,
    _ record: inout EligibilityRecord, _ caller: Caller
  ) -> InlineArray<3, UInt8> {
    let day = certification.certificationDate
    let rules = policy.periodRules(on: day)
    var results = InlineArray<3, UInt8>(repeating: 0)
    for slot in 0..<CertifyRequestLayout.claimCount {
      guard let claim = certification.claim(slot) else { continue }
      results[slot] = 2
      guard type == .activate,
        let month = policy.determine(claim, of: facts, certifiedOn: day), month.isEligible
      else { continue }
      let period = try? rules.addRetroactive(
        slot: Int32(slot + 1), to: &record.periods, certifiedOn: day, today: caller.today)
      if period != nil { results[slot] = 1 }
    }
    return results
  }
}
