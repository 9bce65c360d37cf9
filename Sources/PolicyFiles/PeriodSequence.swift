import EligibilityPolicy
import TransactionModel

/// One card's periods as its events make them, by the rules that the daemon uses.
///
/// It is arithmetic only: whoever is activated or recertified is taken to be eligible. A refused
/// event changes nothing. All events come before the question, in the order written, whatever day
/// it is asked on; that day only bounds the dates that may be asked for.
struct PeriodSequence {
  private let book: PolicyBook
  private var periods = PeriodHistory(repeating: .unused)
  private var outages: [OutageWindow] = []
  private var dayOfAsking: CalendarDate?
  private var isLastRefused = false
  /// Of the activation: on which day it was entered, and for which.
  private var activation: (visit: CalendarDate, certified: CalendarDate)?

  init(_ book: PolicyBook) { self.book = book }

  private var isActivated: Bool { periods[0].kind != .unused }

  mutating func apply(_ event: PeriodEvent) {
    if case .ask(let day) = event {
      dayOfAsking = day
      return
    }
    do throws(PeriodRefusal) {
      isLastRefused = try !isAccepted(event)
    } catch {
      isLastRefused = true
    }
  }

  private mutating func isAccepted(_ event: PeriodEvent) throws(PeriodRefusal) -> Bool {
    switch event {
    case .activate(let visit, let certified):
      let rules = book.periodRules(on: certified)
      guard rules.allowsCertification(of: certified, enteredOn: visit, outages: outages) else {
        return false
      }
      _ = try rules.activate(&periods, certifiedOn: certified, today: visit)
      activation = (visit, certified)
      return true
    case .recertify(let visit):
      _ = try book.periodRules(on: visit).recertify(&periods, certifiedOn: visit, today: visit)
      return true
    case .deactivate(let visit, let reason, let subReason, let effective):
      guard let rule = book.deactivationRule(reason, subReason, on: visit) else { return false }
      _ = try book.periodRules(on: visit).deactivate(
        &periods, by: rule, effective: effective, today: visit)
      return true
    case .retroactive(let months):
      return try addRetroactive(months)
    case .outage(let window):
      outages.append(window)
      return true
    case .update, .replaceCard:
      // Neither moves a period; both need a card that somebody holds.
      return isActivated
    case .ask:
      return true
    }
  }

  /// Adds all months, or none.
  private mutating func addRetroactive(_ months: [CalendarDate]) throws(PeriodRefusal) -> Bool {
    guard let activation else { return false }
    let rules = book.periodRules(on: activation.certified)
    var changed = periods
    for month in months {
      let slot = (0...rules.retroactiveMonths).first {
        rules.retroactivePeriod(slot: $0, certifiedOn: activation.certified)?.firstDay == month
      }
      guard let slot,
        try rules.addRetroactive(
          slot: slot, to: &changed, certifiedOn: activation.certified, today: activation.visit)
          != nil
      else { return false }
    }
    periods = changed
    return true
  }

  /// Status, first day and last day for a date of service.
  func answer(for dateOfService: CalendarDate) -> [String] {
    if isLastRefused { return ["event_refused", "", ""] }
    let today = dayOfAsking ?? dateOfService
    switch book.periodRules(on: today).answer(for: dateOfService, today: today, in: periods) {
    case .eligible(let period):
      let status = period.kind == .retroactive ? "retroactive" : "eligible"
      return [status, "\(period.firstDay)", "\(period.lastDay)"]
    case .notEligible: return ["not_eligible", "", ""]
    case .neverActivated: return ["never_activated", "", ""]
    case .dateOfServiceAhead, .dateOfServiceTooOld: return ["question_refused", "", ""]
    }
  }
}
