import EligibilityIndex
import EligibilityPolicy
import TransactionModel
import WireFormat
import WriteAheadLog

extension TransactionEngine {
  /// Whether a client is eligible on a day.
  ///
  /// To a role that only inquires there is one answer for a number that is unknown, was never
  /// activated or is not told to it, and the way there is the same: one look-up, one question to
  /// the period rules (`EligibilityIndex` has a record to read where there is none).
  mutating func answerInquiry(
    _ request: borrowing FrameView, digest: UInt128, _ caller: Caller,
    into reply: inout FrameBuffer
  ) -> Disposition {
    let card: CardNumber
    let dateOfService: CalendarDate
    let purpose: InquiryPurpose
    do {
      let inquiry = InquiryRequestView(request)
      card = inquiry.card
      dateOfService = inquiry.dateOfService
      purpose = inquiry.purpose
    }
    let slot = index.find(card)
    let rules = policy.periodRules(on: caller.today)
    let answer = rules.answer(
      for: dateOfService, today: caller.today, in: index[slot].periods)
    var outcome = describe(answer, caller: caller)
    if outcome.code == .neverActivated {
      outcome.code = codeForNeverActivated(card, slot, caller)
    }
    // What hides whether a record exists rests on nothing and says nothing of one.
    let isTold = outcome.code != .noInformation && !slot.isAbsent
    if isTold { outcome.recordVersion = index[slot].version }

    guard purpose.countsAsChange else {
      encode(outcome, slot, isTold: isTold, dateOfService, caller, request, into: &reply)
      return Disposition(waitPosition: isTold ? index[slot].lastPosition : .zero)
    }
    let isTraining = request.flags.contains(.training)
    outcome.confirmation = confirmation(of: nextPosition, isTraining: isTraining)
    var image: EligibilityRecord?
    if purpose == .reaffirm, outcome.code.responseClass == .approved, !isTraining {
      var record = index[slot]
      touch(&record, caller)
      record.lastAffirmed = request.transactionTime
      image = record
      outcome.recordVersion = record.version
    }
    encode(
      outcome, slot, isTold: isTold, withDemographics: false, dateOfService, caller, request,
      into: &reply)
    var record = TransactionRecord(
      request, site: caller.site.id, digest: digest, code: outcome.code)
    record.image = image
    return Disposition(
      waitPosition: stage(record, isStored: true, at: caller.now, reply: &reply))
  }

  /// The outcome that a period answer stands for.
  private func describe(_ answer: PeriodAnswer, caller: Caller) -> Outcome {
    switch answer {
    case .dateOfServiceAhead: return Outcome(.dateOfServiceAhead)
    case .dateOfServiceTooOld: return Outcome(.dateOfServiceTooOld)
    case .neverActivated:
      var outcome = Outcome(.neverActivated)
      outcome.status = .neverActivated
      return outcome
    case .notEligible(let previous):
      var outcome = Outcome(.notEligibleOnDate)
      outcome.status = .notEligible
      outcome.show(previous)
      outcome.deactivationReason = previous.endReason
      return outcome
    case .eligible(let period):
      let isRetroactive = period.kind == .retroactive
      var outcome = Outcome(isRetroactive ? .eligibleRetroactively : .eligible)
      outcome.status = isRetroactive ? .retroactive : .eligible
      outcome.show(period)
      outcome.deactivationReason = period.endReason
      outcome.hasAidCode = true
      outcome.daysLeft = period.daysLeft(on: caller.today)
      if !isRetroactive {
        outcome.recertificationOpens = policy.periodRules(on: caller.today)
          .renewalOpens(for: period)
      }
      return outcome
    }
  }

  /// Why a card has no periods, as far as the caller's role may know.
  private func codeForNeverActivated(
    _ card: CardNumber, _ slot: RecordSlot, _ caller: Caller
  ) -> ResponseCode {
    let stock = stockCode(of: card)
    guard caller.site.role != .inquiryOnly else { return .noInformation }
    return slot.isAbsent ? stock ?? .neverActivated : .neverActivated
  }

  private mutating func encode(
    _ outcome: Outcome, _ slot: RecordSlot, isTold: Bool, withDemographics: Bool = true,
    _ dateOfService: CalendarDate, _ caller: Caller, _ request: borrowing FrameView,
    into reply: inout FrameBuffer
  ) {
    var outcome = outcome
    if outcome.code == .noInformation { outcome = outcome.hidden }
    if isTold {
      outcome.policySet = index[slot].policySet
      outcome.incomeTable = index[slot].incomeTable
    }
    reply.encode(outcome, type: .inquiry, replyingTo: request)
    reply.set(InquiryReplyLayout.dateOfService, dateOfService)
    guard isTold else { return }
    reply.set(InquiryReplyLayout.lastChange, index[slot].lastChange)
    reply.set(HeaderLayout.logPosition, index[slot].lastPosition.rawValue)
    guard withDemographics, caller.site.role == .enrollingClinic || caller.site.role == .office
    else { return }
    reply.addDemographics(shownDemographics(of: slot, to: caller), alias: index[slot].alias)
  }

  /// The client's data as a clinic may see it: never the SSN, and of a confidential client no
  /// contact data at any other site than the one that last changed the record.
  private func shownDemographics(of slot: RecordSlot, to caller: Caller) -> ClientForm {
    var client = index[slot].client
    client.remove(.socialSecurityNumber)
    let isConfidential = client.number(.confidentiality) == 1
    if isConfidential, index[slot].lastChangeSite != caller.site.id {
      client.remove(.zipCode)
      client.remove(.contactMethod)
    }
    return client
  }
}

extension Outcome {
  mutating func show(_ period: EligibilityPeriod) {
    periodFirst = period.firstDay
    periodLast = period.lastDay
  }

  /// The same code and confirmation, and nothing that tells one card from another.
  var hidden: Outcome {
    var outcome = Outcome(code)
    outcome.confirmation = confirmation
    return outcome
  }
}
