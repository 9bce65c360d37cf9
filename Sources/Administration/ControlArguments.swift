import Installation
import PolicyFiles
import TransactionEngine
import TransactionModel
import WireFormat

/// Reads the arguments of one command, and gathers what is wrong with them.
struct ControlArguments {
  private static let rangeCountMax = 4_096
  private static let outageDayCountMax: Int32 = 31
  /// How long after an outage its certifications may be entered, unless another day is named.
  private static let entryDayCount: Int32 = 30

  var reader = JSONReader()
  private let members: [String: JSONValue]
  private let today: CalendarDate

  init(_ members: [String: JSONValue], _ names: [String], on today: CalendarDate) {
    self.today = today
    self.members =
      reader.members(
        of: .object(members), at: "", names: ["command", "protocol"] + names) ?? [:]
  }

  func has(_ name: String) -> Bool { members[name] != nil }

  mutating func number(_ name: String, in range: ClosedRange<UInt64>) -> UInt64? {
    reader.number(members[name], at: name, in: range)
  }

  mutating func id() -> UInt64? { number("id", in: 1...UInt64.max) }

  mutating func after() -> UInt64? { has("after") ? number("after", in: 0...UInt64.max) : 0 }

  mutating func site(_ name: String = "site") -> SiteID? {
    guard let number = number(name, in: 1...UInt64.max) else { return nil }
    let id = SiteID(rawValue: number)
    if !id.hasValidCheckDigit {
      reader.report(name, "a National Provider Identifier of ten digits is wanted")
      return nil
    }
    return id
  }

  mutating func serials() -> ClosedRange<UInt64>? {
    guard let first = number("first", in: 0...CardScheme.serialMax),
      let last = number("last", in: 0...CardScheme.serialMax)
    else { return nil }
    guard first <= last else {
      reader.report("last", "at least first is wanted")
      return nil
    }
    return first...last
  }

  /// Lists of first serial, last serial and, for shipped cards, site.
  mutating func ranges() -> [CardRange]? {
    let elements = reader.elements(of: members["ranges"], at: "ranges")
    if elements.isEmpty || elements.count > Self.rangeCountMax {
      reader.report("ranges", "1 to \(Self.rangeCountMax) ranges are wanted")
      return nil
    }
    var ranges: [CardRange] = []
    for (place, value) in elements {
      guard case .array(let parts) = value, parts.count == 2 || parts.count == 3,
        case .integer(let first) = parts[0], case .integer(let last) = parts[1],
        first <= last, last <= CardScheme.serialMax
      else {
        reader.report(place, "[first, last] or [first, last, site] is wanted")
        return nil
      }
      var site = SiteID(rawValue: 0)
      if parts.count == 3 {
        guard case .integer(let number) = parts[2], number != 0 else {
          reader.report(place, "a site's number is wanted")
          return nil
        }
        site = SiteID(rawValue: number)
      }
      ranges.append(
        CardRange(firstSerial: first, lastSerial: last, site: site, isVoided: false))
    }
    return ranges
  }

  mutating func card() -> CardNumber? {
    guard let text = text("card") else { return nil }
    guard let card = CardNumber(text), case .valid = CardScheme.judge(card) else {
      // The number itself is nobody's to see.
      reader.report("card", "a card number with its check digit is wanted")
      return nil
    }
    return card
  }

  mutating func text(_ name: String) -> String? { reader.text(members[name], at: name) }

  mutating func day(_ name: String) -> CalendarDate? {
    if case .string(let text)? = members[name], let day = CalendarDate(iso: text) { return day }
    reader.report(name, "a date such as \"2026-04-01\" is wanted")
    return nil
  }

  mutating func instant(_ name: String) -> Instant? {
    if case .string(let text)? = members[name], let time = Instant(rfc3339: text) { return time }
    reader.report(name, "a time such as \"2026-04-01T16:00:00Z\" is wanted")
    return nil
  }

  mutating func dayOrNone(_ name: String) -> CalendarDate? {
    has(name) ? day(name) : CalendarDate.none
  }

  mutating func padded<let byteCount: Int>(_ name: String) -> InlineArray<byteCount, UInt8>? {
    guard let text = text(name) else { return nil }
    if let padded = InlineArray<byteCount, UInt8>(padded: text) { return padded }
    reader.report(name, "at most \(byteCount) bytes of plain text are wanted")
    return nil
  }
}

// MARK: What commands carry

extension ControlArguments {
  /// An outage that has been, of at most 31 days, which may be entered for 30 days by default.
  mutating func outage() -> OutageWindow? {
    guard let (from, through) = outageDays() else { return nil }
    guard through <= today, through < from.adding(days: Self.outageDayCountMax) else {
      reader.report(
        "through", "at most \(Self.outageDayCountMax) days, none of them to come, are wanted")
      return nil
    }
    guard has("enter_by") else {
      return OutageWindow(
        from: from, through: through, enteredBy: through.adding(days: Self.entryDayCount))
    }
    guard let enterBy = day("enter_by") else { return nil }
    guard through <= enterBy else {
      reader.report("enter_by", "a day not before through is wanted")
      return nil
    }
    return OutageWindow(from: from, through: through, enteredBy: enterBy)
  }

  /// The outage as it is when nothing of it may be entered from today on.
  mutating func endedOutage() -> OutageWindow? {
    outageDays().map {
      OutageWindow(from: $0.from, through: $0.through, enteredBy: today.adding(days: -1))
    }
  }

  private mutating func outageDays() -> (from: CalendarDate, through: CalendarDate)? {
    guard let from = day("from"), let through = day("through") else { return nil }
    guard from <= through else {
      reader.report("through", "a day not before from is wanted")
      return nil
    }
    return (from, through)
  }

  mutating func hearing() -> ControlCommand? {
    guard let card = card(), let decided = day("decided"), let firstDay = day("first_day") else {
      return nil
    }
    switch members["outcome"] {
    case .string("eligible"):
      return .note(.hearing(.eligible, decidedOn: decided, firstDay: firstDay), on: card)
    case .string("ineligible"):
      return .note(.hearing(.ineligible, decidedOn: decided, firstDay: firstDay), on: card)
    default:
      reader.report("outcome", "\"eligible\" or \"ineligible\" is wanted")
      return nil
    }
  }

  /// Name and birth date are wanted of everybody: nobody may certify himself or herself.
  mutating func person() -> Operator? {
    guard let id = id(), let site = site(),
      let lastName: InlineArray<32, UInt8> = padded("last_name"),
      let firstName: InlineArray<24, UInt8> = padded("first_name"),
      let birthDate = day("birth_date")
    else { return nil }
    guard birthDate <= today else {
      reader.report("birth_date", "a day not after today is wanted")
      return nil
    }
    return Operator(
      id: OperatorID(rawValue: id), site: site, state: .active, birthDate: birthDate,
      lastName: lastName, firstName: firstName)
  }

  mutating func newSite() -> Site? {
    guard let id = site("id"), let name: InlineArray<40, UInt8> = padded("name"),
      let firstDay = day("first_day"), let lastDay = dayOrNone("last_day")
    else { return nil }
    guard lastDay.isNone || firstDay <= lastDay else {
      reader.report("last_day", "a day not before first_day is wanted")
      return nil
    }
    guard let role = Role.allCases.first(where: { .string($0.name) == members["role"] }) else {
      reader.report("role", "one of \(Role.allCases.map(\.name).joined(separator: ", ")) is wanted")
      return nil
    }
    let provider = has("provider") ? site("provider")?.rawValue : 0
    guard let provider else { return nil }
    return Site(
      id: id, provider: ProviderID(rawValue: provider), role: role, state: .active,
      vouchesForOperators: reader.truth(members["gateway_vouches"], at: "gateway_vouches"),
      firstDay: firstDay, lastDay: lastDay, name: name)
  }

  mutating func newProvider() -> Provider? {
    guard let id = site("id"), let name: InlineArray<40, UInt8> = padded("name"),
      let firstDay = day("first_day"), let lastDay = dayOrNone("last_day")
    else { return nil }
    return Provider(
      id: ProviderID(rawValue: id.rawValue), state: .active, firstDay: firstDay,
      lastDay: lastDay, name: name)
  }
}
