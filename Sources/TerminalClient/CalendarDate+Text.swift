public import TransactionModel

extension CalendarDate {
  /// Reads `2026-04-01` or `20260401`; `nil` for anything else, and for a day that does not exist.
  public init?(text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let isDashed = parts.map(\.utf8.count) == [4, 2, 2]
    guard isDashed || parts.map(\.utf8.count) == [8] else { return nil }
    let digits = parts.joined()
    guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt32(digits) else {
      return nil
    }
    self.init(yyyymmdd: number)
  }
}
