/// The criteria that a client failed.
///
/// The lowest bit is the first in order of precedence: its code is the answer's code.
@frozen
public struct FailedCriteria: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  @inlinable public static var residence: FailedCriteria { FailedCriteria(rawValue: 1 << 0) }
  @inlinable public static var income: FailedCriteria { FailedCriteria(rawValue: 1 << 1) }
  @inlinable public static var need: FailedCriteria { FailedCriteria(rawValue: 1 << 2) }
  @inlinable public static var age: FailedCriteria { FailedCriteria(rawValue: 1 << 3) }
  @inlinable public static var institution: FailedCriteria { FailedCriteria(rawValue: 1 << 4) }
  @inlinable public static var mediCal: FailedCriteria { FailedCriteria(rawValue: 1 << 5) }
  @inlinable public static var otherCoverage: FailedCriteria { FailedCriteria(rawValue: 1 << 6) }
  /// No income table for the date; only where nothing else fails.
  @inlinable public static var noIncomeTable: FailedCriteria { FailedCriteria(rawValue: 1 << 7) }

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
