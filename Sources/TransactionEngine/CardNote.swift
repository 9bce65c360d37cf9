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
  /// The site is not in the register.
  case unknownSite(SiteID)
  /// As many cards were replaced there as blank ones were shipped.
  case noBlankCard(SiteID)
  /// The staged batch has no room: try again after the next commit.
  case noRoom
  /// The role of the author may not do this.
  case roleNotPermitted

  /// What is wrong and what to do about it.
  public var description: String {
    switch self {
    case .noRecord: "the card has no record: compare the number"
    case .declined(let code): "refused with code \(code.rawValue)"
    case .unknownSite(let id): "site \(id.rawValue) is not in the register: compare the number"
    case .noBlankCard(let id):
      "site \(id.rawValue) has no blank card left: record what was shipped to it first"
    case .noRoom: "busy: try again"
    case .roleNotPermitted: "this needs the role of the office"
    }
  }
}

/// A note about a card as the log has it: on whose word, what, and the record after it.
///
///      0    8  author
///      8    1  note: 1 plastic lost, 2 found, 3 replaced, 4 hearing
///      9    1  outcome of the hearing; 0 of another note
///     10    2  zero
///     12    4  day of the hearing's decision; 0 of another note
///     16    4  day from which the client is eligible by it; 0 of another note, or outcome
///     20    4  zero
///     24    8  site that gave out the blank card; 0 of another note
///     32       the record image
public struct CardNoteEntry: Sendable {
  static let byteCountMax = 32 + RecordImage.byteCountMax

  public var author: Author
  public var note: CardNote
  /// The eligibility record as it is after the note.
  public var image: EligibilityRecord

  init(_ note: CardNote, by author: Author, image: EligibilityRecord) {
    self.note = note
    self.author = author
    self.image = image
  }

  func write(to output: inout OutputRawSpan) {
    author.write(to: &output)
    var (kind, outcome, site) = (UInt8(0), UInt8(0), UInt64(0))
    var (decided, first) = (UInt32(0), UInt32(0))
    switch note {
    case .plasticLost: kind = 1
    case .plasticFound: kind = 2
    case .plasticReplaced(let id): (kind, site) = (3, id.rawValue)
    case .hearing(let result, let decidedOn, let firstDay):
      (kind, outcome) = (4, result.rawValue)
      (decided, first) = (decidedOn.yyyymmdd, firstDay.yyyymmdd)
    }
    output.put(kind)
    output.put(outcome)
    output.put(UInt16(0))
    output.put(decided)
    output.put(first)
    output.put(UInt32(0))
    output.put(site)
    RecordImage.write(image, to: &output)
  }

  /// Reads an entry; `nil` when it breaks the layout.
  public init?(_ body: RawSpan) {
    var reader = RecordReader(body)
    guard let author = Author(&reader), let kind: UInt8 = reader.next(),
      let rawOutcome: UInt8 = reader.next(),
      let outcome = HearingDecision.Outcome(rawValue: rawOutcome), reader.skipZeros(2),
      let decidedOn = reader.nextDate(), let firstDay = reader.nextDate(), reader.skipZeros(4),
      let site: UInt64 = reader.next(), let image = RecordImage.read(&reader),
      reader.remainingByteCount == 0,
      kind == 3 || site == 0,
      kind == 4 || outcome == .none && decidedOn.isNone && firstDay.isNone
    else { return nil }
    switch kind {
    case 1: note = .plasticLost
    case 2: note = .plasticFound
    case 3: note = .plasticReplaced(at: SiteID(rawValue: site))
    case 4 where outcome != .none:
      note = .hearing(outcome, decidedOn: decidedOn, firstDay: firstDay)
    default: return nil
    }
    self.author = author
    self.image = image
  }
}
