/// A card's eligibility as sets of days, by the rules from 2015-11-01 on: no arithmetic over ends.
///
/// It knows nothing of how the program keeps periods, except that there are at most eight.
struct PeriodModel {
  private struct Period {
    let start: Int
    let certified: Int
    var days: Set<Int>
    var isEnded = false
  }

  private var regular: [Period] = []
  private var retroactive: [Set<Int>] = []
  private var outageDays: Set<Int> = []
  private var activated: Int?
  private var isLastRefused = false

  var hasActivation: Bool { activated != nil }

  func isActivated(asOf day: Int) -> Bool { activated == day }

  mutating func apply(_ event: Event) {
    isLastRefused = !take(event)
  }

  enum Event {
    case activate(visit: Int, certified: Int)
    case recertify(Int)
    case touch(Int)
    case deactivate(visit: Int, reason: String, effective: Int)
    /// So many months before the certification's, each.
    case retroactive([Int])
    case outage(ClosedRange<Int>)
  }

  private mutating func take(_ event: Event) -> Bool {
    switch event {
    case .activate(let visit, let certified):
      let isInTime = certified == visit || certified < visit && outageDays.contains(certified)
      guard isInTime, regular.isEmpty else { return false }
      give(from: certified, certified: certified)
      activated = certified
      return true
    case .recertify(let visit): return recertify(visit)
    case .touch: return !regular.isEmpty
    case .deactivate(let visit, let reason, let effective):
      return deactivate(visit, reason, effective)
    case .retroactive(let months): return claim(months)
    case .outage(let days):
      outageDays.formUnion(days)
      return true
    }
  }

  private mutating func give(from start: Int, certified: Int) {
    regular.append(
      Period(start: start, certified: certified, days: Set((0..<365).map { start + $0 })))
    regular.sort { $0.start < $1.start }
  }

  private mutating func recertify(_ visit: Int) -> Bool {
    guard !regular.isEmpty else { return false }
    guard let latest = regular.last(where: { !$0.days.isEmpty }), let end = latest.days.max(),
      visit <= end
    else {
      give(from: visit, certified: visit)
      return true
    }
    let opens =
      latest.isEnded ? latest.start : CalendarModel.adding(months: 10, to: latest.start)
    guard visit >= opens else { return false }
    give(from: end + 1, certified: visit)
    return true
  }

  private mutating func deactivate(_ visit: Int, _ reason: String, _ effective: Int) -> Bool {
    guard !regular.isEmpty else { return false }
    let isReasonInForce = reason != "number" || visit >= CalendarModel.place("2025-01-01")
    guard isReasonInForce else { return false }
    let open = regular.firstIndex { period in period.days.contains { $0 >= visit } }
    guard let open else { return true }
    let delay = effective - visit
    let isAllowed =
      switch reason {
      case "pregnancy": delay == 1
      case "sterilization": delay >= 0 && delay <= 90
      default: abs(delay) <= 365
      }
    guard isAllowed else { return false }
    guard regular[open].start > visit || effective >= regular[open].start else { return false }
    for index in open..<regular.count {
      let kept = regular[index].days.filter { $0 < effective }
      if kept.count < regular[index].days.count || index == open { regular[index].isEnded = true }
      regular[index].days = kept
    }
    return true
  }

  private mutating func claim(_ months: [Int]) -> Bool {
    guard let activated, regular.allSatisfy({ $0.certified == activated }) else { return false }
    var claimed = retroactive
    for month in months {
      guard month >= 1, month <= 3 else { return false }
      let days = Set(CalendarModel.month(month, before: activated))
      guard !claimed.contains(days) else { return false }
      claimed.append(days)
    }
    retroactive = claimed
    return true
  }

  /// Status, first and last day for a question, asked on a day.
  func answer(_ question: Int, askedOn today: Int) -> String {
    if isLastRefused { return "event_refused,," }
    guard question <= today, question >= CalendarModel.adding(months: -12, to: today) else {
      return "question_refused,,"
    }
    if regular.isEmpty { return "never_activated,," }
    let held =
      regular.map { ("eligible", $0.days) } + retroactive.map { ("retroactive", $0) }
    let holding = held.filter { $0.1.contains(question) }
    precondition(holding.count <= 1, "a day stands in two periods")
    guard let (status, days) = holding.first, let first = days.min(), let last = days.max() else {
      return "not_eligible,,"
    }
    return "\(status),\(CalendarModel.text(first)),\(CalendarModel.text(last))"
  }
}
