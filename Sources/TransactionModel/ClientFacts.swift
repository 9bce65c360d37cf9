public enum Sex: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case female = 1
  case male = 2
}

/// Medi-Cal coverage as the client declares it.
public enum MediCalStatus: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case none = 1
  case fullScope = 2
  case shareOfCostMet = 3
  case shareOfCostUnmet = 4
  case limitedScopeWithoutFamilyPlanning = 5
  case managedCare = 6
}

/// Other health coverage as the client declares it.
public enum OtherCoverage: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case none = 1
  case coversFamilyPlanning = 2
  case withoutContraceptives = 3
  case deductibleUnmet = 4
  case copaymentOnly = 5
  case studentHealthWithoutContraceptives = 6
}

/// One calendar month before certification for which the client claims eligibility.
///
/// Eight bytes: flags, Medi-Cal, other coverage, family size, monthly income. Slot 1 is the month
/// before the month of certification.
public struct RetroactiveClaim: Hashable, Sendable, BitwiseCopyable {
  public static let byteCount = 8
  public static let isResidentBit: UInt8 = 0x01
  public static let isInNeedBit: UInt8 = 0x02
  public static let isInstitutionalisedBit: UInt8 = 0x04
  public static let flagsMask: UInt8 = 0x07

  public var flags: UInt8
  public var mediCal: MediCalStatus
  public var otherCoverage: OtherCoverage
  public var familySize: UInt8
  public var monthlyIncome: UInt32

  public init(
    flags: UInt8, mediCal: MediCalStatus, otherCoverage: OtherCoverage,
    familySize: UInt8, monthlyIncome: UInt32
  ) {
    self.flags = flags
    self.mediCal = mediCal
    self.otherCoverage = otherCoverage
    self.familySize = familySize
    self.monthlyIncome = monthlyIncome
  }
}

/// Why a client's eligibility is ended (codes of the program manual).
public enum DeactivationReason: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case notResident = 1
  case incomeOverLimit = 2
  case sterilized = 3
  case otherCoverage = 4
  case mediCal = 5
  case numberDeactivated = 6
}

/// What a deactivation reason leaves open: 0 is none.
public enum DeactivationSubReason: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case none = 0
  /// Under reason 5: found pregnant; effective the day after the visit.
  case pregnancy = 1
}
