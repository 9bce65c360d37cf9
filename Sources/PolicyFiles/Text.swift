package import TransactionModel

extension CalendarDate {
  /// Reads `2026-04-01`, and nothing else; `nil` for a day that does not exist too.
  package init?(iso text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2],
      let year = UInt32(digits: parts[0]), let month = UInt32(digits: parts[1]),
      let day = UInt32(digits: parts[2])
    else { return nil }
    self.init(yyyymmdd: year * 10_000 + month * 100 + day)
  }
}

extension Instant {
  /// Reads a time in UTC such as `2026-04-15T16:00:00Z`; `nil` for anything else.
  init?(utc text: some StringProtocol) {
    let halves = text.split(separator: "T", omittingEmptySubsequences: false)
    guard halves.count == 2, halves[1].hasSuffix("Z"), let date = CalendarDate(iso: halves[0]),
      date.dayNumber >= 0
    else { return nil }
    let clock = halves[1].dropLast().split(separator: ":", omittingEmptySubsequences: false)
    guard clock.map(\.utf8.count) == [2, 2, 2],
      let hour = UInt32(digits: clock[0]), let minute = UInt32(digits: clock[1]),
      let second = UInt32(digits: clock[2]), hour < 24, minute < 60, second < 60
    else { return nil }
    let seconds =
      UInt64(date.dayNumber) * 86_400 + UInt64(hour) * 3_600 + UInt64(minute) * 60
      + UInt64(second)
    self.init(milliseconds: seconds * 1_000)
  }
}

extension FixedWidthInteger {
  /// Reads decimal digits without a sign; `nil` for anything else, and for what is too large.
  package init?(digits text: some StringProtocol) {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    self.init(text)
  }
}

extension UInt64 {
  /// The 16 hexadecimal digits that name a version of a policy file.
  package var versionText: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
