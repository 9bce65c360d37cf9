/// How a request ended; the ranges are fixed, so that an old terminal can act on a new code.
///
/// The texts for people are in Protocol/codes.csv. A code that this version does not know is still
/// a value: its class tells what to do.
@frozen
public struct ResponseCode: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable init(_ rawValue: UInt16) { self.rawValue = rawValue }

  /// In every request, never in a reply.
  public static let none = ResponseCode(0)
}

/// What kind of answer a code is; the number is the one that a refusal carries.
public enum ResponseClass: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// The frame breaks a rule of the format: 1000 to 1999.
  case format = 1
  /// Certificate, terminal, operator, role: 2000 to 2499.
  case authority = 2
  /// Trace number and clock: 2500 to 2999.
  case sequence = 3
  /// A rule of the program says no: 3000 to 3499.
  case declined = 4
  /// Done, or eligible: 3500 to 3799.
  case approved = 5
  /// The card is at fault, its holder is eligible: 3800 to 3999.
  case cardAtFault = 6
  /// posd cannot do it now: 4000 to 4999.
  case system = 7
  /// A number outside every range.
  case unknown = 0
}

extension ResponseCode {
  @inlinable
  public var responseClass: ResponseClass {
    switch rawValue {
    case 1000...1999: .format
    case 2000...2499: .authority
    case 2500...2999: .sequence
    case 3000...3499: .declined
    case 3500...3799: .approved
    case 3800...3999: .cardAtFault
    case 4000...4999: .system
    default: .unknown
    }
  }

  /// Whether the code is of a class: in the ranges together.
  @inlinable public var hasClass: Bool { (1000...4999).contains(rawValue) }

  /// Whether the answer is the short refusal frame, whatever was asked.
  @inlinable
  public var isRefusal: Bool {
    (1000...2999).contains(rawValue) || (4000...4999).contains(rawValue)
  }

  // MARK: Format: the number is 1000 plus the number of the rule

  public static let frameLengthWrong = ResponseCode(1001)
  public static let versionUnknown = ResponseCode(1002)
  public static let messageTypeUnknown = ResponseCode(1003)
  public static let flagUnknown = ResponseCode(1004)
  public static let reservedNotZero = ResponseCode(1005)
  public static let textMalformed = ResponseCode(1006)
  public static let textAlphabet = ResponseCode(1007)
  public static let dateImpossible = ResponseCode(1008)
  public static let valueOutOfRange = ResponseCode(1009)
  public static let absentNotZero = ResponseCode(1010)
  public static let requiredFieldAbsent = ResponseCode(1011)
  public static let checkDigitWrong = ResponseCode(1012)
  public static let clearNotAllowed = ResponseCode(1013)
  public static let presenceBitUnknown = ResponseCode(1014)

  // MARK: Authority

  public static let terminalNotOfCertificate = ResponseCode(2001)
  public static let terminalUnknown = ResponseCode(2002)
  public static let terminalBlocked = ResponseCode(2003)
  public static let certificateExpired = ResponseCode(2004)
  public static let environmentMismatch = ResponseCode(2005)
  public static let siteNotActive = ResponseCode(2006)
  public static let operatorNotSignedOn = ResponseCode(2010)
  public static let operatorUnknown = ResponseCode(2011)
  public static let operatorSecretWrong = ResponseCode(2012)
  public static let operatorLocked = ResponseCode(2013)
  public static let newSecretNeeded = ResponseCode(2014)
  public static let roleNotPermitted = ResponseCode(2020)

  // MARK: Sequence

  public static let traceNumberReused = ResponseCode(2501)
  public static let tooOldInquire = ResponseCode(2502)
  public static let transactionTimeTooOld = ResponseCode(2503)
  public static let transactionTimeAhead = ResponseCode(2504)
  public static let trainingInBatch = ResponseCode(2505)

  // MARK: Declined

  public static let notEligibleOnDate = ResponseCode(3001)
  public static let neverActivated = ResponseCode(3002)
  public static let noInformation = ResponseCode(3003)
  public static let dateOfServiceAhead = ResponseCode(3004)
  public static let dateOfServiceTooOld = ResponseCode(3005)
  public static let ineligibleResidence = ResponseCode(3010)
  public static let ineligibleIncome = ResponseCode(3011)
  public static let ineligibleNeed = ResponseCode(3012)
  public static let ineligibleAge = ResponseCode(3013)
  public static let ineligibleInstitution = ResponseCode(3014)
  public static let ineligibleMediCal = ResponseCode(3015)
  public static let ineligibleOtherCoverage = ResponseCode(3016)
  public static let noIncomeTable = ResponseCode(3017)
  public static let cardUnknown = ResponseCode(3020)
  public static let cardNotShipped = ResponseCode(3021)
  public static let cardOfOtherSite = ResponseCode(3022)
  public static let cardOfOtherClient = ResponseCode(3023)
  public static let cardVoided = ResponseCode(3024)
  public static let alreadyActive = ResponseCode(3025)
  public static let recertifyInstead = ResponseCode(3026)
  public static let versionConflict = ResponseCode(3030)
  public static let certificationDateNotAllowed = ResponseCode(3031)
  public static let recertificationTooEarly = ResponseCode(3032)
  public static let deactivationReasonNotInForce = ResponseCode(3033)
  public static let effectiveDateNotAllowed = ResponseCode(3034)
  public static let birthDateAhead = ResponseCode(3035)
  public static let selfCertification = ResponseCode(3036)
  public static let reversalAfterLaterActivity = ResponseCode(3040)
  public static let reversalTooLate = ResponseCode(3041)
  public static let notReversible = ResponseCode(3042)
  public static let originalReversed = ResponseCode(3043)
  public static let noStoredAnswer = ResponseCode(3050)

  // MARK: Approved

  public static let approved = ResponseCode(3500)
  public static let eligible = ResponseCode(3501)
  public static let activated = ResponseCode(3502)
  public static let recertified = ResponseCode(3503)
  public static let updated = ResponseCode(3504)
  public static let deactivated = ResponseCode(3505)
  public static let alreadyDeactivated = ResponseCode(3506)
  public static let reversed = ResponseCode(3507)
  public static let reversalRemembered = ResponseCode(3508)
  public static let eligibleRetroactively = ResponseCode(3509)
  public static let approvedClockOff = ResponseCode(3510)

  // MARK: Card at fault, holder eligible

  public static let cardReportedLost = ResponseCode(3801)
  public static let cardMerged = ResponseCode(3802)

  // MARK: System

  public static let busy = ResponseCode(4001)
  public static let changesUnavailable = ResponseCode(4002)
  public static let shuttingDown = ResponseCode(4003)
  public static let notAvailable = ResponseCode(4004)
}
