import EligibilityPolicy
import TransactionModel

extension PolicyReader {
  static let reasonColumns = [
    "reason", "sub_reason", "first_day", "last_day", "effective_days_min", "effective_days_max",
  ]

  mutating func readReasons(_ file: PolicyFile) {
    for row in rows(of: file, columns: Self.reasonColumns) {
      let origin = Origin(file: file.name, line: row.line)
      let before = mistakes.count
      let reason = number(
        row["reason"], "reason", in: 1...UInt8(DeactivationReason.allCases.count), at: origin
      ).flatMap(DeactivationReason.init)
      let subReason = number(
        row["sub_reason"], "sub_reason", in: 0...UInt8(DeactivationSubReason.allCases.count - 1),
        at: origin
      ).flatMap(DeactivationSubReason.init)
      let firstDay = day(row["first_day"], "first_day", at: origin)
      let lastDay = dayOrNone(row["last_day"], "last_day", at: origin)
      let days: ClosedRange<Int32> = -365...365
      let first = number(row["effective_days_min"], "effective_days_min", in: days, at: origin)
      let last = number(row["effective_days_max"], "effective_days_max", in: days, at: origin)
      if let firstDay, let lastDay, !lastDay.isNone, lastDay < firstDay {
        report(origin, "last_day \(lastDay) lies before first_day \(firstDay)")
      }
      if let first, let last, last < first {
        report(origin, "effective_days_max \(last) is below effective_days_min \(first)")
      }
      if reason != .mediCal, subReason == .pregnancy {
        report(origin, "sub_reason 1, pregnancy, belongs to reason 5")
      }
      guard mistakes.count == before, let reason, let subReason, let firstDay, let lastDay,
        let first, let last
      else { continue }
      let rule = DeactivationRule(
        reason, subReason, from: firstDay, through: lastDay, effectiveDays: first...last)
      rules.append((rule, origin))
    }
  }

  /// No reason may have two meanings on one day.
  mutating func checkReasons() {
    for index in rules.indices {
      let (rule, origin) = rules[index]
      for (other, otherOrigin) in rules[..<index]
      where other.reason == rule.reason && other.subReason == rule.subReason {
        let isApart =
          !rule.lastDay.isNone && rule.lastDay < other.firstDay
          || !other.lastDay.isNone && other.lastDay < rule.firstDay
        if !isApart { report(origin, "overlap: line \(otherOrigin.line) has days of it already") }
      }
    }
  }
}
