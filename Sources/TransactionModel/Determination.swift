/// The criteria that a client failed.
///
/// The lowest bit is the first in order of precedence: its code is the answer's code.
@frozen
public struct FailedCriteria: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  public static let residence = FailedCriteria(rawValue: 1 << 0)
  public static let income = FailedCriteria(rawValue: 1 << 1)
  public static let need = FailedCriteria(rawValue: 1 << 2)
  public static let age = FailedCriteria(rawValue: 1 << 3)
  public static let institution = FailedCriteria(rawValue: 1 << 4)
  public static let mediCal = FailedCriteria(rawValue: 1 << 5)
  public static let otherCoverage = FailedCriteria(rawValue: 1 << 6)
  /// No income table for the date; only where nothing else fails.
  public static let noIncomeTable = FailedCriteria(rawValue: 1 << 7)

  /// All bits that have a meaning.
  public static let mask: UInt16 = 0x00FF

  /// The code of the first criterion that failed; `nil` when none did.
  public var firstCode: ResponseCode? {
    switch rawValue.trailingZeroBitCount {
    case 0: .ineligibleResidence
    case 1: .ineligibleIncome
    case 2: .ineligibleNeed
    case 3: .ineligibleAge
    case 4: .ineligibleInstitution
    case 5: .ineligibleMediCal
    case 6: .ineligibleOtherCoverage
    case 7: .noIncomeTable
    default: nil
    }
  }
}

/// What the rules say of a client on a day, and by which rules.
@frozen
public struct Determination: Hashable, Sendable, BitwiseCopyable {
  public var failedCriteria: FailedCriteria
  /// First day of the policy set that decided.
  public var policySet: CalendarDate
  /// First day of the income table that was used; none when there is no table for the day.
  public var incomeTable: CalendarDate
  /// The highest monthly income in whole dollars for the family size; 0 without a table.
  public var incomeLimit: UInt32
  /// The first eight bytes of the SHA-256 of the policy set's file.
  public var policyVersion: UInt64
  /// The first eight bytes of the SHA-256 of the table's file.
  public var tableVersion: UInt64

  @inlinable public var isEligible: Bool { failedCriteria.isEmpty }

  @inlinable
  public init(
    failedCriteria: FailedCriteria, policySet: CalendarDate, incomeTable: CalendarDate,
    incomeLimit: UInt32, policyVersion: UInt64, tableVersion: UInt64
  ) {
    self.failedCriteria = failedCriteria
    self.policySet = policySet
    self.incomeTable = incomeTable
    self.incomeLimit = incomeLimit
    self.policyVersion = policyVersion
    self.tableVersion = tableVersion
  }
}
