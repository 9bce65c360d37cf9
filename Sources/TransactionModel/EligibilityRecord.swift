/// A stretch of days on which a client is eligible, both ends included.
@frozen
public struct EligibilityPeriod: Hashable, Sendable, BitwiseCopyable {
  public enum Kind: UInt8, Sendable, BitwiseCopyable {
    case unused = 0
    case regular = 1
    /// A whole calendar month before certification, decided by itself.
    case retroactive = 2
  }

  public var firstDay: CalendarDate
  public var lastDay: CalendarDate
  public var certificationDate: CalendarDate
  public var kind: Kind
  /// Why it ended early; 0 when it did not.
  public var endReason: UInt8
  public var endSubReason: UInt8
  public var reserved: UInt8

  public init(
    firstDay: CalendarDate, lastDay: CalendarDate, certificationDate: CalendarDate, kind: Kind
  ) {
    self.firstDay = firstDay
    self.lastDay = lastDay
    self.certificationDate = certificationDate
    self.kind = kind
    endReason = 0
    endSubReason = 0
    reserved = 0
  }

  /// A place where no period stands.
  public static var unused: EligibilityPeriod {
    EligibilityPeriod(
      firstDay: .none, lastDay: .none, certificationDate: .none, kind: .unused)
  }

  /// Empty when a deactivation took effect on or before its first day.
  public var isEmpty: Bool { kind == .unused || lastDay < firstDay }

  @inlinable
  public func contains(_ day: CalendarDate) -> Bool {
    kind != .unused && firstDay <= day && day <= lastDay
  }
}

/// What a fair hearing decided about a client; it binds the provider.
@frozen
public struct HearingDecision: Hashable, Sendable, BitwiseCopyable {
  public enum Outcome: UInt8, Sendable, BitwiseCopyable {
    /// No hearing was held.
    case none = 0
    case eligible = 1
    case ineligible = 2
  }

  public var decidedOn: CalendarDate
  /// The last day on which it stands in the place of a determination.
  public var lastDay: CalendarDate
  /// The criteria that a decision for the client lifts.
  public var liftedCriteria: FailedCriteria
  public var outcome: Outcome
  public var reserved: UInt8

  public init(
    decidedOn: CalendarDate, lastDay: CalendarDate, liftedCriteria: FailedCriteria,
    outcome: Outcome
  ) {
    self.decidedOn = decidedOn
    self.lastDay = lastDay
    self.liftedCriteria = liftedCriteria
    self.outcome = outcome
    reserved = 0
  }

  public static var none: HearingDecision {
    HearingDecision(decidedOn: .none, lastDay: .none, liftedCriteria: [], outcome: .none)
  }
}

/// What is known of a card beside its holder's eligibility.
@frozen
public struct RecordFlags: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The plastic was reported lost, and not replaced or found since; the client is as eligible.
  @inlinable public static var plasticLost: RecordFlags { RecordFlags(rawValue: 1 << 0) }
  /// The latest certification was entered after its day, within a declared outage.
  @inlinable public static var certifiedInOutage: RecordFlags { RecordFlags(rawValue: 1 << 1) }

  /// All bits that have a meaning.
  public static let mask: UInt16 = 0x0003
}

/// What is known of one card and its holder.
///
/// Trivially copyable and of fixed size, so that the index holds records in flat memory. In memory
/// at most 512 bytes; its form in the log is the engine's `RecordImage`.
public struct EligibilityRecord: Sendable, BitwiseCopyable {
  public static let periodCount = 8

  public var card: CardNumber
  /// The position of the last change, kept also when a change took everything away.
  public var lastPosition: LogPosition
  public var lastChange: Instant
  public var lastChangeSite: SiteID
  /// The site that the client gave the form, or the contact data in it, to.
  public var formSite: SiteID
  /// When the client last affirmed that nothing changed.
  public var lastAffirmed: Instant
  /// One more for each change; 0 for a card that no change has touched.
  public var version: UInt32
  /// The day of the last determination.
  public var determinationDate: CalendarDate
  public var policySet: CalendarDate
  public var incomeTable: CalendarDate
  public var failedCriteria: FailedCriteria
  public var flags: RecordFlags
  /// How many blank cards have been given out for the number.
  public var replacementCount: UInt16
  public var reserved: UInt16
  public var hearing: HearingDecision
  public var client: ClientForm
  /// In order of their first days; unused ones last.
  public var periods: InlineArray<8, EligibilityPeriod>
  /// The number that this one was merged into; blank for none.
  public var alias: CardNumber

  /// A record of a card that nothing has happened to.
  public init(card: CardNumber) {
    self.card = card
    lastPosition = .zero
    lastChange = .none
    lastChangeSite = SiteID(rawValue: 0)
    formSite = SiteID(rawValue: 0)
    lastAffirmed = .none
    version = 0
    determinationDate = .none
    policySet = .none
    incomeTable = .none
    failedCriteria = []
    flags = []
    replacementCount = 0
    reserved = 0
    hearing = .none
    client = ClientForm()
    periods = InlineArray(repeating: .unused)
    alias = .blank
  }

  /// The index in `periods` of the period that contains a day.
  public func periodIndex(containing day: CalendarDate) -> Int? {
    for index in 0..<Self.periodCount where periods[index].contains(day) { return index }
    return nil
  }

  /// Whether any determination ever found the client eligible.
  @inlinable public var hasBeenActivated: Bool { periods[0].kind != .unused }
}
