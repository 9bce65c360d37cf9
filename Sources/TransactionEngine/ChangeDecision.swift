import EligibilityIndex
import EligibilityPolicy
import TransactionModel
import WireFormat
import WriteAheadLog

/// What was decided on a change, before it is staged.
struct ChangeDecision {
  var outcome: Outcome
  var isTraining: Bool
  /// The record as it will be; `nil` when the decision changes none.
  var image: EligibilityRecord?
  /// The keys of the client in the record, where they were looked at.
  var keys: ClientKeys?
  var determination: Determination?
  var marks: TransactionMarks = []
  var isSecurityEvent = false

  init(outcome: Outcome, isTraining: Bool) {
    self.outcome = outcome
    self.isTraining = isTraining
  }
}

extension TransactionEngine {
  /// Applies the criteria and notes the result in record and outcome.
  ///
  /// What a fair hearing has lifted does not fail, while its decision stands.
  @discardableResult
  func determine(
    _ facts: EligibilityFacts, on day: CalendarDate, _ record: inout EligibilityRecord,
    _ decision: inout ChangeDecision
  ) -> Determination {
    let unlifted = policy.determine(facts, on: day)
    let determination = unlifted.lifting(record.hearing.liftedCriteria(on: day))
    if determination != unlifted { decision.outcome.notices.insert(.decidedByHearing) }
    record.failedCriteria = determination.failedCriteria
    record.determinationDate = day
    record.policySet = determination.policySet
    record.incomeTable = determination.incomeTable
    decision.determination = determination
    decision.outcome.failedCriteria = determination.failedCriteria
    decision.outcome.policySet = determination.policySet
    decision.outcome.incomeTable = determination.incomeTable
    if let code = determination.failedCriteria.firstCode { decision.outcome.code = code }
    return determination
  }

  /// Says in an outcome where the record's latest period stands.
  func show(_ record: EligibilityRecord, _ caller: Caller, in outcome: inout Outcome) {
    let rules = policy.periodRules(on: caller.today)
    guard
      let running = rules.answer(
        for: caller.today, today: caller.today, in: record.periods
      ).eligiblePeriod
    else {
      outcome.status = record.hasBeenActivated ? .notEligible : .neverActivated
      if let latest = rules.latestPeriod(in: record.periods) {
        outcome.show(latest)
        outcome.deactivationReason = latest.endReason
      }
      return
    }
    outcome.status = .eligible
    outcome.show(running)
    outcome.hasAidCode = true
    outcome.deactivationReason = running.endReason
    outcome.daysLeft = running.daysLeft(on: caller.today)
    outcome.recertificationOpens = rules.renewalOpens(for: running)
    if let latest = rules.latestPeriod(in: record.periods), latest.firstDay > running.lastDay {
      outcome.notices.insert(.renewalWaiting)
    }
  }

  /// Gives the decision its confirmation number and encodes the shared part of the reply.
  mutating func finish(
    _ decision: inout ChangeDecision, _ record: EligibilityRecord, _ caller: Caller,
    _ type: MessageType, _ request: borrowing FrameView, into reply: inout FrameBuffer
  ) {
    switch decision.outcome.code {
    case .cardOfOtherClient, .cardOfOtherSite, .selfCertification: break
    default: decision.outcome.recordVersion = record.version
    }
    decision.outcome.confirmation = confirmation(
      of: nextPosition, isTraining: decision.isTraining)
    reply.encode(decision.outcome, type: type, replyingTo: request)
  }

  /// Stages a decision whose reply is encoded; a training one changes no record.
  mutating func stage(
    _ decision: ChangeDecision, digest: UInt128, _ caller: Caller,
    _ request: borrowing FrameView, reply: inout FrameBuffer,
    adding add: (inout TransactionRecord) -> Void = { _ in }
  ) -> Disposition {
    var record = TransactionRecord(
      request, site: caller.site.id, digest: digest, code: decision.outcome.code)
    record.marks.formUnion(caller.marks)
    record.failedCriteria = decision.outcome.failedCriteria
    record.policyVersion = decision.determination?.policyVersion ?? 0
    record.tableVersion = decision.determination?.tableVersion ?? 0
    record.marks.formUnion(decision.marks)
    if !decision.isTraining {
      record.image = decision.image
      record.imageKeys = decision.keys
    }
    add(&record)
    let position = stage(&record, isStored: true, at: caller.now, reply: &reply)
    return Disposition(waitPosition: position, isSecurityEvent: decision.isSecurityEvent)
  }
}

extension Determination {
  /// Whether it says no by a criterion; without an income table nothing has been said yet.
  var mayBeAppealed: Bool { !isEligible && failedCriteria != .noIncomeTable }
}

extension PeriodAnswer {
  /// The period of an eligible answer.
  var eligiblePeriod: EligibilityPeriod? {
    if case .eligible(let period) = self { period } else { nil }
  }
}
