public import TransactionModel

/// Where a card stands, as a reply says it.
public enum CardStatus: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// Not told, or not known.
  case none = 0
  case eligible = 1
  case notEligible = 2
  case neverActivated = 3
  case retroactive = 4
}

/// The part that the replies to inquiry and changes share.
public struct Outcome: Hashable, Sendable, BitwiseCopyable {
  public var code: ResponseCode
  public var status = CardStatus.none
  public var deactivationReason: UInt8 = 0
  public var failedCriteria: FailedCriteria = []
  public var recordVersion: UInt32 = 0
  public var periodFirst = CalendarDate.none
  public var periodLast = CalendarDate.none
  public var recertificationOpens = CalendarDate.none
  public var policySet = CalendarDate.none
  public var incomeTable = CalendarDate.none
  public var daysLeft: UInt16 = 0
  public var aidCode = AidCode.none
  public var confirmation: ConfirmationNumber?
  public var notices: Notices = []

  @inlinable public init(_ code: ResponseCode) { self.code = code }

  /// Whether the answer names the program's aid code.
  public var hasAidCode: Bool {
    get { aidCode != .none }
    set { aidCode = newValue ? .healthAccess : .none }
  }
}

/// What a claim is filed under: two characters of ASCII, as they lie in the frame.
@frozen
public struct AidCode: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Two spaces.
  @inlinable public static var none: AidCode { AidCode(rawValue: 0x2020) }
  /// 8H, the code of the program.
  @inlinable public static var healthAccess: AidCode { AidCode(rawValue: 0x3848) }

  public var description: String {
    String(decoding: [UInt8(rawValue >> 8), UInt8(rawValue & 0xFF)], as: UTF8.self)
  }
}

/// Things a clerk should know beside the outcome.
@frozen
public struct Notices: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Another number may belong to the same client.
  @inlinable public static var possibleDuplicateClient: Notices { Notices(rawValue: 1 << 0) }
  /// A renewed period waits for the present one to end.
  @inlinable public static var renewalWaiting: Notices { Notices(rawValue: 1 << 1) }
  /// The client was found ineligible while a period runs: deactivate.
  @inlinable public static var deactivationDue: Notices { Notices(rawValue: 1 << 2) }
  /// The outcome may be appealed: hand out the fair hearing rights.
  @inlinable public static var fairHearing: Notices { Notices(rawValue: 1 << 3) }
  /// A fair hearing decided for the client, against what the criteria say.
  @inlinable public static var decidedByHearing: Notices { Notices(rawValue: 1 << 4) }
}
