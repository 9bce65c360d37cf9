public import TransactionModel

/// Something that the office notes about a card; a record of its own in the log.
public enum CardNote: Hashable, Sendable {
  /// The plastic is lost; its holder is as eligible as before.
  case plasticLost
  /// The plastic is found again.
  case plasticFound
  /// A blank card of a site's stock bears the number now.
  case plasticReplaced(at: SiteID)
  /// A fair hearing decided; for the client, eligibility begins on `firstDay`.
  case hearing(HearingDecision.Outcome, decidedOn: CalendarDate, firstDay: CalendarDate)
}

/// Why a note was not taken; nothing has changed.
public enum CardNoteRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The card has no record: nothing ever happened to it.
  case noRecord
  /// A rule of the program says no.
  case declined(ResponseCode)
  /// The staged batch has no room: try again after the next commit.
  case noRoom
  /// The role of the author may not do this.
  case roleNotPermitted

  /// What is wrong and what to do about it.
  public var description: String {
    switch self {
    case .noRecord: "the card has no record: compare the number"
    case .declined(let code): "refused with code \(code.rawValue)"
    case .noRoom: "busy: try again"
    case .roleNotPermitted: "this needs the role of the office"
    }
  }
}

extension SharedEngine {
  /// Stages a note about a card; its position must be durable before anybody is told.
  public func note(
    _ note: CardNote, on card: CardNumber, by author: Author, at now: Instant
  ) throws(CardNoteRefusal) -> LogPosition {
    throw .noRecord
  }
}
