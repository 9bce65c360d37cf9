import TransactionModel

/// The form of an eligibility record in the log: its words of 8 bytes that are not zero.
///
/// Little-endian. A word before them says which are there.
///
///       0  16  card number, as on the wire
///      16   8  position of the last change
///      24   8  time of the last change
///      32   8  site of the last change
///      40   8  when the client last affirmed that nothing changed; 0 never
///      48   4  record version
///      52   4  date of the last determination
///      56   4  policy set of the last determination
///      60   4  income table of the last determination
///      64   2  failed criteria
///      66   2  flags: bit 0 plastic lost, bit 1 certified in an outage
///      68   2  blank cards given out for the number
///      70   2  zero
///      72   8  presence map of the client block
///      80 216  client block, as on the wire: its numbers are in network byte order
///     296 128  eight periods of 16 bytes: first day, last day, certification date, kind, reason
///              and sub-reason of an early end, zero
///     424  16  alias card number, as on the wire; zero for none
///     440  12  hearing: day of decision, last day, 2 lifted criteria, 1 outcome, 1 zero
///     452   4  zero
///     456   8  site that the client gave the form to
///
/// Most records have one period, no alias and no hearing: they take half of it.
enum RecordImage {
  private static let wordCount = 58
  /// The most that an image takes.
  static let byteCountMax = 8 + wordCount * 8

  private typealias Words = InlineArray<58, UInt64>

  private enum Place {
    static let client = 10
    static let periods = 37
    static let alias = 53
    static let hearing = 55
    static let formSite = 57
  }

  // MARK: Writing

  static func write(_ record: borrowing EligibilityRecord, to output: inout OutputRawSpan) {
    var words = Words(repeating: 0)
    words[0] = record.card.high.byteSwapped
    words[1] = record.card.low.byteSwapped
    words[2] = record.lastPosition.rawValue
    words[3] = record.lastChange.milliseconds
    words[4] = record.lastChangeSite.rawValue
    words[5] = record.lastAffirmed.milliseconds
    words[6] = pair(record.version, record.determinationDate.yyyymmdd)
    words[7] = pair(record.policySet.yyyymmdd, record.incomeTable.yyyymmdd)
    words[8] = pair(
      UInt32(record.failedCriteria.rawValue) | UInt32(record.flags.rawValue) << 16,
      UInt32(record.replacementCount))
    words[9] = record.client.presence
    record.client.block.forEachWord { words[Place.client + $0] = $1 }
    let periods = record.periods.span
    for place in periods.indices {
      let period = periods[place]
      words[Place.periods + place * 2] = pair(period.firstDay.yyyymmdd, period.lastDay.yyyymmdd)
      words[Place.periods + place * 2 + 1] = pair(
        period.certificationDate.yyyymmdd,
        UInt32(period.kind.rawValue) | UInt32(period.endReason) << 8
          | UInt32(period.endSubReason) << 16)
    }
    if !record.alias.isBlank {
      words[Place.alias] = record.alias.high.byteSwapped
      words[Place.alias + 1] = record.alias.low.byteSwapped
    }
    let hearing = record.hearing
    words[Place.hearing] = pair(hearing.decidedOn.yyyymmdd, hearing.lastDay.yyyymmdd)
    words[Place.hearing + 1] =
      UInt64(hearing.liftedCriteria.rawValue) | UInt64(hearing.outcome.rawValue) << 16
    words[Place.formSite] = record.formSite.rawValue
    put(words.span, to: &output)
  }

  private static func put(_ words: Span<UInt64>, to output: inout OutputRawSpan) {
    // Each word goes behind the last that is not zero, over those that are: which are zero differs
    // from record to record, and a branch on it would be guessed wrong.
    var kept = Words(repeating: 0)
    var count = 0
    var presence: UInt64 = 0
    for place in words.indices {
      let isPresent: UInt64 = words[place] == 0 ? 0 : 1
      kept[count] = words[place].littleEndian
      count &+= Int(isPresent)
      presence |= isPresent &<< UInt64(place)
    }
    output.put(presence)
    output.put(kept, first: count)
  }

  private static func pair(_ low: UInt32, _ high: UInt32) -> UInt64 {
    UInt64(low) | UInt64(high) << 32
  }

  // MARK: Reading

  /// Reads an image; `nil` when it is cut short or a card, date or kind in it is none.
  static func read(_ reader: inout RecordReader) -> EligibilityRecord? {
    var record = EligibilityRecord(card: .blank)
    return read(&reader, into: &record) ? record : nil
  }

  /// Reads an image into a record that nothing has happened to; false when it is cut short, not in
  /// the form that is written, or a card, date or kind in it is none.
  static func read(_ reader: inout RecordReader, into record: inout EligibilityRecord) -> Bool {
    var words = Words(repeating: 0)
    guard take(&reader, into: &words) else { return false }
    record.card = CardNumber(high: words[0].byteSwapped, low: words[1].byteSwapped)
    record.lastPosition = LogPosition(rawValue: words[2])
    record.lastChange = Instant(milliseconds: words[3])
    record.lastChangeSite = SiteID(rawValue: words[4])
    record.lastAffirmed = Instant(milliseconds: words[5])
    record.version = low(words[6])
    record.failedCriteria = FailedCriteria(rawValue: UInt16(truncatingIfNeeded: words[8]))
    record.flags = RecordFlags(rawValue: UInt16(truncatingIfNeeded: words[8] >> 16))
    record.replacementCount = UInt16(truncatingIfNeeded: words[8] >> 32)
    record.client.presence = words[9]
    record.client.block.setWords { words[Place.client + $0] }
    record.formSite = SiteID(rawValue: words[Place.formSite])
    guard !record.card.isBlank, words[8] >> 48 == 0, let determinationDate = date(high(words[6])),
      let policySet = date(low(words[7])), let incomeTable = date(high(words[7]))
    else { return false }
    record.determinationDate = determinationDate
    record.policySet = policySet
    record.incomeTable = incomeTable
    for place in 0..<EligibilityRecord.periodCount {
      let (days, rest) = (words[Place.periods + place * 2], words[Place.periods + place * 2 + 1])
      guard days | rest != 0 else { continue }
      guard let period = period(days, rest) else { return false }
      record.periods[place] = period
    }
    return readAlias(words, into: &record) && readHearing(words, into: &record)
  }

  private static func readAlias(
    _ words: borrowing Words, into record: inout EligibilityRecord
  ) -> Bool {
    let (high, low) = (words[Place.alias], words[Place.alias + 1])
    guard high | low != 0 else { return true }
    record.alias = CardNumber(high: high.byteSwapped, low: low.byteSwapped)
    return !record.alias.isBlank
  }

  private static func readHearing(
    _ words: borrowing Words, into record: inout EligibilityRecord
  ) -> Bool {
    let (days, rest) = (words[Place.hearing], words[Place.hearing + 1])
    guard days | rest != 0 else { return true }
    guard let hearing = hearing(days, rest) else { return false }
    record.hearing = hearing
    return true
  }

  /// Takes the words of an image; false when it is cut short, or has a word that is zero.
  private static func take(_ reader: inout RecordReader, into words: inout Words) -> Bool {
    guard let presence: UInt64 = reader.next(), presence >> UInt64(wordCount) == 0,
      reader.remainingByteCount >= presence.nonzeroBitCount * 8
    else { return false }
    var rest = presence
    while rest != 0 {
      guard let word: UInt64 = reader.next(), word != 0 else { return false }
      words[rest.trailingZeroBitCount] = word
      rest &= rest - 1
    }
    return true
  }

  private static func low(_ word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word) }
  private static func high(_ word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word >> 32) }

  /// A day that exists, or none.
  private static func date(_ number: UInt32) -> CalendarDate? {
    number == 0 ? CalendarDate.none : CalendarDate(yyyymmdd: number)
  }

  private static func hearing(_ days: UInt64, _ rest: UInt64) -> HearingDecision? {
    guard rest >> 24 == 0, let decidedOn = date(low(days)), let lastDay = date(high(days)),
      let outcome = HearingDecision.Outcome(rawValue: UInt8(truncatingIfNeeded: rest >> 16))
    else { return nil }
    return HearingDecision(
      decidedOn: decidedOn, lastDay: lastDay,
      liftedCriteria: FailedCriteria(rawValue: UInt16(truncatingIfNeeded: rest)),
      outcome: outcome)
  }

  private static func period(_ days: UInt64, _ rest: UInt64) -> EligibilityPeriod? {
    let kindAndReasons = high(rest)
    guard kindAndReasons >> 24 == 0, let firstDay = date(low(days)),
      let lastDay = date(high(days)), let certificationDate = date(low(rest)),
      let kind = EligibilityPeriod.Kind(rawValue: UInt8(truncatingIfNeeded: kindAndReasons))
    else { return nil }
    var period = EligibilityPeriod(
      firstDay: firstDay, lastDay: lastDay, certificationDate: certificationDate, kind: kind)
    period.endReason = UInt8(truncatingIfNeeded: kindAndReasons >> 8)
    period.endSubReason = UInt8(truncatingIfNeeded: kindAndReasons >> 16)
    return period
  }
}
