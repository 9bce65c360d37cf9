/// What an auditor wants to know of a transaction beside what it did.
public struct TransactionMarks: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The terminal kept the change while the line was down.
  public static let storedAndForwarded = TransactionMarks(rawValue: 1 << 0)
  /// Its certification date lies before its day, within a declared outage.
  public static let certifiedInOutage = TransactionMarks(rawValue: 1 << 1)
  /// No operator was signed on: the gateway vouched for who it was.
  public static let vouchedFor = TransactionMarks(rawValue: 1 << 2)
}
