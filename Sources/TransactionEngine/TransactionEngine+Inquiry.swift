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
    let slot = lookUpByAnyNumber(card)
    work.periodQuestions &+= 1
    let rules = policy.periodRules(on: caller.today)
    let answer = rules.answer(
      for: dateOfService, today: caller.today, in: index[slot].periods)
    var outcome = describe(answer, caller: caller)
    if outcome.code.responseClass == .approved, index[slot].flags.contains(.plasticLost) {
      outcome.code = .cardReportedLost
    }
    if outcome.code == .neverActivated { explainNeverActivated(card, slot, caller, in: &outcome) }
    let disclosure = Disclosure(outcome, slot, to: caller.site.role)
    disclose(slot, answer, disclosure, in: &outcome)

    // Who looked at a client is told of hidden answers too.
    let found = slot.isAbsent ? CardNumber.blank : index[slot].card
    guard purpose.countsAsChange else {
      encode(outcome, answer, slot, disclosure, dateOfService, request, into: &reply)
      if disclosure == .record {
        reply.addDemographics(
          shownDemographics(of: slot, to: caller), alias: numberToUse(slot, insteadOf: card))
      }
      var disposition = Disposition(
        waitPosition: disclosure == .nothing ? .zero : index[slot].lastPosition)
      disposition.card = found
      return disposition
    }
    let isTraining = request.flags.contains(.training)
    outcome.confirmation = confirmation(of: nextPosition, isTraining: isTraining)
    var image: EligibilityRecord?
    let isOwnRecord =
      purpose == .reaffirm && outcome.isEligible && isOperator(caller, index[slot].client)
    if isOwnRecord {
      // Nobody speaks for himself or herself, and the answer tells nothing of the card.
      outcome = Outcome(.selfCertification)
      outcome.confirmation = confirmation(of: nextPosition, isTraining: isTraining)
    } else if purpose == .reaffirm, outcome.isEligible, !isTraining {
      var record = index[slot]
      touch(&record, caller)
      record.lastAffirmed = request.transactionTime
      image = record
      outcome.recordVersion = record.version
    }
    encode(
      outcome, answer, slot, isOwnRecord ? .nothing : disclosure, dateOfService, request,
      into: &reply)
    if let image { reply.set(InquiryReplyLayout.lastChange, image.lastChange) }
    var record = TransactionRecord(
      request, site: caller.site.id, digest: digest, code: outcome.code)
    record.marks.formUnion(caller.marks)
    record.image = image
    var disposition = Disposition(
      waitPosition: stage(&record, isStored: true, at: caller.now, reply: &reply),
      isSecurityEvent: isOwnRecord)
    disposition.card = found
    return disposition
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
  private mutating func explainNeverActivated(
    _ card: CardNumber, _ slot: RecordSlot, _ caller: Caller, in outcome: inout Outcome
  ) {
    let stock = stockCode(of: card)
    if caller.site.role == .inquiryOnly {
      outcome = Outcome(.noInformation)
    } else if slot.isAbsent, let stock {
      outcome.code = stock
    }
  }

  /// Adds to an outcome what it may tell of the record, or takes away what it may not.
  private func disclose(
    _ slot: RecordSlot, _ answer: PeriodAnswer, _ disclosure: Disclosure,
    in outcome: inout Outcome
  ) {
    switch disclosure {
    case .nothing: break
    case .status: outcome.deactivationReason = 0
    case .record:
      outcome.recordVersion = index[slot].version
      outcome.policySet = index[slot].policySet
      outcome.incomeTable = index[slot].incomeTable
      let hearing = index[slot].hearing
      if hearing.outcome == .eligible, answer.eligiblePeriod?.lastDay == hearing.lastDay {
        outcome.notices.insert(.decidedByHearing)
      }
    }
  }

  private func encode(
    _ outcome: Outcome, _ answer: PeriodAnswer, _ slot: RecordSlot, _ disclosure: Disclosure,
    _ dateOfService: CalendarDate, _ request: borrowing FrameView, into reply: inout FrameBuffer
  ) {
    reply.encode(outcome, type: .inquiry, replyingTo: request)
    reply.set(InquiryReplyLayout.dateOfService, dateOfService)
    if disclosure != .nothing {
      reply.set(HeaderLayout.logPosition, index[slot].lastPosition.rawValue)
    }
    if disclosure == .record {
      reply.set(InquiryReplyLayout.lastChange, index[slot].lastChange)
      reply.set(InquiryReplyLayout.deactivationSubReason, answer.endSubReason)
      if index[slot].hasBeenActivated {
        let isLost = index[slot].flags.contains(.plasticLost)
        reply.set(
          InquiryReplyLayout.plastic,
          (isLost ? PlasticState.reportedLost : PlasticState.good).rawValue)
      }
    }
  }

  /// The number that a clinic is to use from here on; blank where it is the one asked for.
  private func numberToUse(_ slot: RecordSlot, insteadOf card: CardNumber) -> CardNumber {
    if !index[slot].alias.isBlank { return index[slot].alias }
    return index[slot].card == card ? .blank : index[slot].card
  }

  /// The client's data as a clinic may see it: never the SSN, and of a confidential client no
  /// contact data at any other site than the one that last changed the record.
  private func shownDemographics(of slot: RecordSlot, to caller: Caller) -> ClientForm {
    var client = index[slot].client
    client.remove(.socialSecurityNumber)
    let isConfidential = client.number(.confidentiality) == 1
    if isConfidential, index[slot].formSite != caller.site.id {
      client.remove(.zipCode)
      client.remove(.contactMethod)
    }
    return client
  }
}

/// How much of a record an answer tells.
private enum Disclosure {
  /// Nothing, not even whether there is one: the answer rests on no record.
  case nothing
  /// Whether the client is eligible, and when.
  case status
  /// All that a role may see that keeps records.
  case record

  init(_ outcome: Outcome, _ slot: RecordSlot, to role: Role) {
    // Hidden answers have no status, nor have those that look at the date of service alone.
    if outcome.status == .none || slot.isAbsent {
      self = .nothing
    } else {
      self = role == .enrollingClinic || role == .office ? .record : .status
    }
  }
}

extension PeriodAnswer {
  /// The sub-reason for which the period that was found was ended early; 0 for none.
  fileprivate var endSubReason: UInt8 {
    switch self {
    case .eligible(let period), .notEligible(let period): period.endSubReason
    case .neverActivated, .dateOfServiceAhead, .dateOfServiceTooOld: 0
    }
  }
}

extension Outcome {
  /// Whether the holder is eligible on the date of service, whatever is wrong with the card.
  fileprivate var isEligible: Bool { status == .eligible || status == .retroactive }

  mutating func show(_ period: EligibilityPeriod) {
    periodFirst = period.firstDay
    periodLast = period.lastDay
  }
}
