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
  @inlinable public static var none: ResponseCode { ResponseCode(0) }
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

  @inlinable public static var frameLengthWrong: ResponseCode { ResponseCode(1001) }
  @inlinable public static var versionUnknown: ResponseCode { ResponseCode(1002) }
  @inlinable public static var messageTypeUnknown: ResponseCode { ResponseCode(1003) }
  @inlinable public static var flagUnknown: ResponseCode { ResponseCode(1004) }
  @inlinable public static var reservedNotZero: ResponseCode { ResponseCode(1005) }
  @inlinable public static var textMalformed: ResponseCode { ResponseCode(1006) }
  @inlinable public static var textAlphabet: ResponseCode { ResponseCode(1007) }
  @inlinable public static var dateImpossible: ResponseCode { ResponseCode(1008) }
  @inlinable public static var valueOutOfRange: ResponseCode { ResponseCode(1009) }
  @inlinable public static var absentNotZero: ResponseCode { ResponseCode(1010) }
  @inlinable public static var requiredFieldAbsent: ResponseCode { ResponseCode(1011) }
  @inlinable public static var checkDigitWrong: ResponseCode { ResponseCode(1012) }
  @inlinable public static var clearNotAllowed: ResponseCode { ResponseCode(1013) }
  @inlinable public static var presenceBitUnknown: ResponseCode { ResponseCode(1014) }

  // MARK: Authority

  @inlinable public static var terminalNotOfCertificate: ResponseCode { ResponseCode(2001) }
  @inlinable public static var terminalUnknown: ResponseCode { ResponseCode(2002) }
  @inlinable public static var terminalBlocked: ResponseCode { ResponseCode(2003) }
  @inlinable public static var certificateExpired: ResponseCode { ResponseCode(2004) }
  @inlinable public static var environmentMismatch: ResponseCode { ResponseCode(2005) }
  @inlinable public static var siteNotActive: ResponseCode { ResponseCode(2006) }
  @inlinable public static var operatorNotSignedOn: ResponseCode { ResponseCode(2010) }
  @inlinable public static var operatorUnknown: ResponseCode { ResponseCode(2011) }
  @inlinable public static var operatorSecretWrong: ResponseCode { ResponseCode(2012) }
  @inlinable public static var operatorLocked: ResponseCode { ResponseCode(2013) }
  @inlinable public static var newSecretNeeded: ResponseCode { ResponseCode(2014) }
  @inlinable public static var roleNotPermitted: ResponseCode { ResponseCode(2020) }

  // MARK: Sequence

  @inlinable public static var traceNumberReused: ResponseCode { ResponseCode(2501) }
  @inlinable public static var tooOldInquire: ResponseCode { ResponseCode(2502) }
  @inlinable public static var transactionTimeTooOld: ResponseCode { ResponseCode(2503) }
  @inlinable public static var transactionTimeAhead: ResponseCode { ResponseCode(2504) }
  @inlinable public static var trainingInBatch: ResponseCode { ResponseCode(2505) }

  // MARK: Declined

  @inlinable public static var notEligibleOnDate: ResponseCode { ResponseCode(3001) }
  @inlinable public static var neverActivated: ResponseCode { ResponseCode(3002) }
  @inlinable public static var noInformation: ResponseCode { ResponseCode(3003) }
  @inlinable public static var dateOfServiceAhead: ResponseCode { ResponseCode(3004) }
  @inlinable public static var dateOfServiceTooOld: ResponseCode { ResponseCode(3005) }
  @inlinable public static var ineligibleResidence: ResponseCode { ResponseCode(3010) }
  @inlinable public static var ineligibleIncome: ResponseCode { ResponseCode(3011) }
  @inlinable public static var ineligibleNeed: ResponseCode { ResponseCode(3012) }
  @inlinable public static var ineligibleAge: ResponseCode { ResponseCode(3013) }
  @inlinable public static var ineligibleInstitution: ResponseCode { ResponseCode(3014) }
  @inlinable public static var ineligibleMediCal: ResponseCode { ResponseCode(3015) }
  @inlinable public static var ineligibleOtherCoverage: ResponseCode { ResponseCode(3016) }
  @inlinable public static var noIncomeTable: ResponseCode { ResponseCode(3017) }
  @inlinable public static var cardUnknown: ResponseCode { ResponseCode(3020) }
  @inlinable public static var cardNotShipped: ResponseCode { ResponseCode(3021) }
  @inlinable public static var cardOfOtherSite: ResponseCode { ResponseCode(3022) }
  @inlinable public static var cardOfOtherClient: ResponseCode { ResponseCode(3023) }
  @inlinable public static var cardVoided: ResponseCode { ResponseCode(3024) }
  @inlinable public static var alreadyActive: ResponseCode { ResponseCode(3025) }
  @inlinable public static var recertifyInstead: ResponseCode { ResponseCode(3026) }
  @inlinable public static var versionConflict: ResponseCode { ResponseCode(3030) }
  @inlinable public static var certificationDateNotAllowed: ResponseCode { ResponseCode(3031) }
  @inlinable public static var recertificationTooEarly: ResponseCode { ResponseCode(3032) }
  @inlinable public static var deactivationReasonNotInForce: ResponseCode { ResponseCode(3033) }
  @inlinable public static var effectiveDateNotAllowed: ResponseCode { ResponseCode(3034) }
  @inlinable public static var birthDateAhead: ResponseCode { ResponseCode(3035) }
  @inlinable public static var selfCertification: ResponseCode { ResponseCode(3036) }
  @inlinable public static var reversalAfterLaterActivity: ResponseCode { ResponseCode(3040) }
  @inlinable public static var reversalTooLate: ResponseCode { ResponseCode(3041) }
  @inlinable public static var notReversible: ResponseCode { ResponseCode(3042) }
  @inlinable public static var originalReversed: ResponseCode { ResponseCode(3043) }
  @inlinable public static var noStoredAnswer: ResponseCode { ResponseCode(3050) }

  // MARK: Approved

  @inlinable public static var approved: ResponseCode { ResponseCode(3500) }
  @inlinable public static var eligible: ResponseCode { ResponseCode(3501) }
  @inlinable public static var activated: ResponseCode { ResponseCode(3502) }
  @inlinable public static var recertified: ResponseCode { ResponseCode(3503) }
  @inlinable public static var updated: ResponseCode { ResponseCode(3504) }
  @inlinable public static var deactivated: ResponseCode { ResponseCode(3505) }
  @inlinable public static var alreadyDeactivated: ResponseCode { ResponseCode(3506) }
  @inlinable public static var reversed: ResponseCode { ResponseCode(3507) }
  @inlinable public static var reversalRemembered: ResponseCode { ResponseCode(3508) }
  @inlinable public static var eligibleRetroactively: ResponseCode { ResponseCode(3509) }
  @inlinable public static var approvedClockOff: ResponseCode { ResponseCode(3510) }

  // MARK: Card at fault, holder eligible

  @inlinable public static var cardReportedLost: ResponseCode { ResponseCode(3801) }
  @inlinable public static var cardMerged: ResponseCode { ResponseCode(3802) }

  // MARK: System

  @inlinable public static var busy: ResponseCode { ResponseCode(4001) }
  @inlinable public static var changesUnavailable: ResponseCode { ResponseCode(4002) }
  @inlinable public static var shuttingDown: ResponseCode { ResponseCode(4003) }
  @inlinable public static var notAvailable: ResponseCode { ResponseCode(4004) }
}
