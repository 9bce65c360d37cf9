import EligibilityIndex
import EligibilityPolicy
import TransactionModel
import WireFormat
import WriteAheadLog

extension TransactionEngine {
  /// Ends a client's eligibility from a day on; ending it twice is no mistake.
  mutating func answerDeactivation(
    _ request: borrowing FrameView, digest: UInt128, _ caller: Caller,
    into reply: inout FrameBuffer
  ) -> Disposition {
    let deactivation = DeactivateRequestView(request)
    let slot = lookUp(deactivation.card)
    var record = index[slot]
    var decision = ChangeDecision(
      outcome: Outcome(.deactivated), isTraining: request.flags.contains(.training))
    let visit = currentDay.date(at: request.transactionTime)
    if let code = recordRefusal(deactivation.card, slot) {
      decision.outcome.code = code
    } else if let reason = deactivation.reason, let subReason = deactivation.subReason,
      let rule = policy.deactivationRule(reason, subReason, on: visit)
    {
      end(&record, by: rule, effective: deactivation.effectiveDate, visit, caller, &decision)
    } else {
      decision.outcome.code = .deactivationReasonNotInForce
    }
    finish(&decision, record, caller, .deactivate, request, into: &reply)
    return stage(decision, digest: digest, caller, request, reply: &reply)
  }

  private func end(
    _ record: inout EligibilityRecord, by rule: DeactivationRule, effective: CalendarDate,
    _ visit: CalendarDate, _ caller: Caller, _ decision: inout ChangeDecision
  ) {
    let period: EligibilityPeriod
    do throws(PeriodRefusal) {
      let outcome = try policy.periodRules(on: visit).deactivate(
        &record.periods, by: rule, effective: effective, today: visit)
      switch outcome {
      case .ended(let ended):
        period = ended
        touch(&record, caller)
        decision.image = record
      case .alreadyEnded(let ended):
        period = ended
        decision.outcome.code = .alreadyDeactivated
      }
    } catch {
      decision.outcome.code = error.code
      return
    }
    show(record, caller, in: &decision.outcome)
    decision.outcome.show(period)
    decision.outcome.deactivationReason = period.endReason
  }
}
