import EligibilityPolicy
import TransactionModel

extension PolicyReader {
  /// The keys of a policy set, all of them wanted, and the order in which they are written.
  enum SetKey: String, CaseIterable {
    case effectiveFrom = "effective_from"
    case incomeCounted = "income_counted"
    /// Empty where the set prints no ages.
    case ageMaxFemale = "age_max_female"
    case ageMaxMale = "age_max_male"
    /// A number of days, or `calendar_year`.
    case periodDays = "period_days"
    case earlyRenewal = "early_renewal"
    case renewalOpensMonths = "renewal_opens_months"
    case inquiryMonths = "inquiry_months"
    case retroactiveMonths = "retroactive_months"
  }

  static let incomesCounted: [(name: String, value: PolicySet.IncomeCounted)] = [
    ("gross", .gross), ("taxable_household", .taxableHousehold),
  ]
  static let calendarYear = "calendar_year"
  static let earlyRenewals: [(name: String, value: PeriodRules.EarlyRenewal)] = [
    ("day_after_old_period", .dayAfterOldPeriod), ("day_of_recertification", .dayOfRecertification),
  ]

  mutating func readSet(_ file: PolicyFile) {
    let before = mistakes.count
    var values: [SetKey: (text: String, origin: Origin)] = [:]
    for row in rows(of: file, columns: ["key", "value"]) {
      let origin = Origin(file: file.name, line: row.line)
      guard let key = SetKey(rawValue: row["key"]) else {
        report(origin, "key \"\(row["key"])\" is unknown")
        continue
      }
      if values.updateValue((row["value"], origin), forKey: key) != nil {
        report(origin, "key \(key.rawValue) stands twice")
      }
    }
    guard mistakes.count == before || !values.isEmpty else { return }
    for key in SetKey.allCases where values[key] == nil {
      report(file.name, "key \(key.rawValue) is missing")
    }
    guard values.count == SetKey.allCases.count else { return }
    func field(_ key: SetKey) -> (text: String, origin: Origin) {
      values[key] ?? ("", Origin(file: file.name, line: 0))
    }
    let effectiveFrom = field(.effectiveFrom)
    let firstDay = day(effectiveFrom.text, SetKey.effectiveFrom.rawValue, at: effectiveFrom.origin)
    let income = choice(field(.incomeCounted), .incomeCounted, of: Self.incomesCounted)
    let ages = ageLimits(field(.ageMaxFemale), field(.ageMaxMale))
    let periods = periodRules(field)
    guard mistakes.count == before, let firstDay, let income else { return }
    let set = PolicySet(
      from: firstDay, version: file.version, incomeCounted: income, ageLimits: ages,
      periods: periods)
    sets.append((set, effectiveFrom.origin))
  }

  private mutating func ageLimits(
    _ female: (text: String, origin: Origin), _ male: (text: String, origin: Origin)
  ) -> PolicySet.AgeLimits? {
    guard female.text.isEmpty == male.text.isEmpty else {
      report(male.origin, "one age without the other: both are wanted, or both empty")
      return nil
    }
    guard !female.text.isEmpty else { return nil }
    let ofFemale = number(
      female.text, SetKey.ageMaxFemale.rawValue, in: 0...150 as ClosedRange<UInt32>,
      at: female.origin)
    let ofMale = number(
      male.text, SetKey.ageMaxMale.rawValue, in: 0...150 as ClosedRange<UInt32>, at: male.origin)
    guard let ofFemale, let ofMale else { return nil }
    return PolicySet.AgeLimits(female: ofFemale, male: ofMale)
  }

  private mutating func periodRules(
    _ field: (SetKey) -> (text: String, origin: Origin)
  ) -> PeriodRules {
    var rules = PeriodRules(retroactiveMonths: 0)
    let length = field(.periodDays)
    if length.text == Self.calendarYear {
      rules.length = .calendarYear
    } else if let days = number(
      length.text, SetKey.periodDays.rawValue, in: 1...3_660 as ClosedRange<Int32>,
      at: length.origin)
    {
      rules.length = .days(days)
    }
    if let renewal = choice(field(.earlyRenewal), .earlyRenewal, of: Self.earlyRenewals) {
      rules.earlyRenewal = renewal
    }
    for (key, path, max) in [
      (.renewalOpensMonths, \PeriodRules.renewalOpensMonths, 12),
      (.inquiryMonths, \PeriodRules.inquiryMonths, 120),
      // A request has room for three claims.
      (.retroactiveMonths, \PeriodRules.retroactiveMonths, 3),
    ] as [(SetKey, WritableKeyPath<PeriodRules, Int32>, Int32)] {
      let (text, origin) = field(key)
      if let months = number(text, key.rawValue, in: 0...max, at: origin) {
        rules[keyPath: path] = months
      }
    }
    return rules
  }

  private mutating func choice<Value>(
    _ field: (text: String, origin: Origin), _ key: SetKey,
    of choices: [(name: String, value: Value)]
  ) -> Value? {
    if let choice = choices.first(where: { $0.name == field.text }) { return choice.value }
    let names = choices.map(\.name).joined(separator: " or ")
    report(field.origin, "\(key.rawValue): \"\(field.text)\" is not \(names)")
    return nil
  }

  mutating func checkSets() {
    var seen: [CalendarDate: Origin] = [:]
    for (set, origin) in sets {
      if let other = seen.updateValue(origin, forKey: set.firstDay) {
        report(origin, "the set of \(set.firstDay) is in \(other.file) already")
      }
    }
  }
}
