import EligibilityPolicy
import TransactionModel

/// Something that happens to one card, as a file of events writes it.
enum PeriodEvent: Hashable {
  case activate(visit: CalendarDate, certified: CalendarDate)
  case recertify(visit: CalendarDate)
  case update(visit: CalendarDate)
  case deactivate(
    visit: CalendarDate, DeactivationReason, DeactivationSubReason, effective: CalendarDate)
  /// Months before certification, by their first days.
  case retroactive(months: [CalendarDate])
  case outage(OutageWindow)
  case replaceCard(visit: CalendarDate)
  case ask(visit: CalendarDate)

  static let reasons: [(name: String, reason: DeactivationReason, sub: DeactivationSubReason)] = [
    ("income", .incomeOverLimit, .none), ("residence", .notResident, .none),
    ("sterilization", .sterilized, .none), ("other_coverage", .otherCoverage, .none),
    ("medi_cal", .mediCal, .none), ("pregnancy", .mediCal, .pregnancy),
    ("number", .numberDeactivated, .none),
  ]

  /// Reads a list of events, with semicolons between them.
  static func list(_ text: String) throws(RowFault) -> [PeriodEvent] {
    var events: [PeriodEvent] = []
    for part in text.split(separator: ";") where part.contains(where: { $0 != " " }) {
      events.append(try PeriodEvent(part))
    }
    return events
  }

  init(_ text: Substring) throws(RowFault) {
    let words = text.split(separator: " ")
    func fault(_ reason: String) -> RowFault {
      RowFault("events: \"\(words.joined(separator: " "))\": \(reason)")
    }
    func day(_ index: Int) throws(RowFault) -> CalendarDate {
      guard let day = CalendarDate(iso: words[index]) else {
        throw fault("\"\(words[index])\" is no day such as 2026-04-01")
      }
      return day
    }
    // The California day of a time.
    func dayAt(_ index: Int) throws(RowFault) -> CalendarDate {
      guard let time = Instant(utc: words[index]) else {
        throw fault("\"\(words[index])\" is no time such as 2026-04-01T16:00:00Z")
      }
      return PacificTime.date(at: time)
    }
    let isCertified = words.count == 4 && words[2] == "certified"
    switch (words.first, words.count) {
    case ("activate", 2): self = .activate(visit: try day(1), certified: try day(1))
    case ("activate-at", 2): self = .activate(visit: try dayAt(1), certified: try dayAt(1))
    case ("activate", 4) where isCertified:
      self = .activate(visit: try day(1), certified: try day(3))
    case ("activate-at", 4) where isCertified:
      self = .activate(visit: try dayAt(1), certified: try day(3))
    case ("recertify", 2): self = .recertify(visit: try day(1))
    case ("recertify-at", 2): self = .recertify(visit: try dayAt(1))
    case ("update", 2): self = .update(visit: try day(1))
    case ("deactivate", 6) where words[2] == "reason" && words[4] == "effective":
      guard let (_, reason, sub) = Self.reasons.first(where: { $0.name == words[3] }) else {
        let names = Self.reasons.map(\.name).joined(separator: ", ")
        throw fault("\"\(words[3])\" is none of \(names)")
      }
      self = .deactivate(visit: try day(1), reason, sub, effective: try day(5))
    case ("retro", 2):
      var months: [CalendarDate] = []
      for month in words[1].split(separator: ",", omittingEmptySubsequences: false) {
        guard let first = CalendarDate(iso: month + "-01") else {
          throw fault("\"\(month)\" is no month such as 2026-04")
        }
        months.append(first)
      }
      self = .retroactive(months: months)
    case ("outage", 2):
      let days = words[1].split(separator: "/", omittingEmptySubsequences: false)
      guard days.count == 2, let first = CalendarDate(iso: days[0]),
        let last = CalendarDate(iso: days[1]), first <= last
      else { throw fault("two days in order, with a slash between them, are wanted") }
      self = .outage(OutageWindow(from: first, through: last))
    case ("replace-card", 2): self = .replaceCard(visit: try day(1))
    case ("ask", 2): self = .ask(visit: try day(1))
    case ("ask-at", 2): self = .ask(visit: try dayAt(1))
    default: throw fault("no such event, or a word of it is missing")
    }
  }
}
