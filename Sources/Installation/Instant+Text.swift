import TerminalClient
public import TransactionModel

extension Instant {
  /// Reads a time in UTC by RFC 3339, section 5.6, in whole seconds: `2026-04-15T16:00:00Z`.
  public init?(rfc3339 text: String) {
    let parts = text.split(separator: "T", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].hasSuffix("Z"), parts[0].utf8.count == 10,
      let date = CalendarDate(text: parts[0]), date.dayNumber >= 0
    else { return nil }
    let fields = parts[1].dropLast().split(separator: ":", omittingEmptySubsequences: false)
    guard fields.map(\.utf8.count) == [2, 2, 2],
      fields.joined().utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    let numbers = fields.compactMap { UInt64($0) }
    guard numbers[0] < 24, numbers[1] < 60, numbers[2] < 60 else { return nil }
    let seconds = numbers[0] * 3_600 + numbers[1] * 60 + numbers[2]
    self.init(milliseconds: (UInt64(date.dayNumber) * 86_400 + seconds) * 1_000)
  }

  /// The time as `init(rfc3339:)` reads it, cut to whole seconds.
  public var rfc3339: String {
    func padded(_ value: UInt64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let seconds = milliseconds / 1_000
    let date = CalendarDate(dayNumber: Int32(seconds / 86_400))
    let clock = [seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60].map(padded)
    return "\(date)T\(clock.joined(separator: ":"))Z"
  }
}
