import TransactionModel

/// The form of an eligibility record in the log: 464 bytes, little-endian.
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
///     424  16  alias card number, as on the wire
///     440  12  hearing: day of decision, last day, 2 lifted criteria, 1 outcome, 1 zero
///     452   4  zero
///     456   8  site that the client gave the form to
enum RecordImage {
  static let byteCount = 464

  static func write(_ record: EligibilityRecord, to output: inout OutputRawSpan) {
    write(record.card, to: &output)
    output.put(record.lastPosition.rawValue)
    output.put(record.lastChange.milliseconds)
    output.put(record.lastChangeSite.rawValue)
    output.put(record.lastAffirmed.milliseconds)
    output.put(record.version)
    output.put(record.determinationDate.yyyymmdd)
    output.put(record.policySet.yyyymmdd)
    output.put(record.incomeTable.yyyymmdd)
    output.put(record.failedCriteria.rawValue)
    output.put(record.flags.rawValue)
    output.put(record.replacementCount)
    output.put(record.reserved)
    output.put(record.client.presence)
    output.put(record.client.block, first: ClientForm.blockByteCount)
    for index in 0..<EligibilityRecord.periodCount {
      let period = record.periods[index]
      output.put(period.firstDay.yyyymmdd)
      output.put(period.lastDay.yyyymmdd)
      output.put(period.certificationDate.yyyymmdd)
      output.put(period.kind.rawValue)
      output.put(period.endReason)
      output.put(period.endSubReason)
      output.put(period.reserved)
    }
    write(record.alias, to: &output)
    output.put(record.hearing.decidedOn.yyyymmdd)
    output.put(record.hearing.lastDay.yyyymmdd)
    output.put(record.hearing.liftedCriteria.rawValue)
    output.put(record.hearing.outcome.rawValue)
    output.put(record.hearing.reserved)
    output.put(UInt32(0))
    output.put(record.formSite.rawValue)
  }

  /// Reads an image; `nil` when it is cut short or a card, date or kind in it is none.
  static func read(_ reader: inout RecordReader) -> EligibilityRecord? {
    guard reader.remainingByteCount >= byteCount, let card = reader.nextCard(),
      !card.isBlank
    else { return nil }
    var record = EligibilityRecord(card: card)
    record.lastPosition = LogPosition(rawValue: reader.next() ?? 0)
    record.lastChange = Instant(milliseconds: reader.next() ?? 0)
    record.lastChangeSite = SiteID(rawValue: reader.next() ?? 0)
    record.lastAffirmed = Instant(milliseconds: reader.next() ?? 0)
    record.version = reader.next() ?? 0
    guard let determinationDate = reader.nextDate(), let policySet = reader.nextDate(),
      let incomeTable = reader.nextDate()
    else { return nil }
    record.determinationDate = determinationDate
    record.policySet = policySet
    record.incomeTable = incomeTable
    record.failedCriteria = FailedCriteria(rawValue: reader.next() ?? 0)
    record.flags = RecordFlags(rawValue: reader.next() ?? 0)
    record.replacementCount = reader.next() ?? 0
    record.reserved = reader.next() ?? 0
    let presence: UInt64 = reader.next() ?? 0
    guard let block: InlineArray<216, UInt8> = reader.nextBytes() else { return nil }
    record.client = ClientForm(presence: presence, block: block)
    for index in 0..<EligibilityRecord.periodCount {
      guard let period = readPeriod(&reader) else { return nil }
      record.periods[index] = period
    }
    guard let alias = reader.nextCard(), let hearing = readHearing(&reader),
      reader.skipZeros(4), let formSite: UInt64 = reader.next()
    else { return nil }
    record.formSite = SiteID(rawValue: formSite)
    record.alias = alias
    record.hearing = hearing
    return record
  }

  private static func readHearing(_ reader: inout RecordReader) -> HearingDecision? {
    guard let decidedOn = reader.nextDate(), let lastDay = reader.nextDate(),
      let lifted: UInt16 = reader.next(), let rawOutcome: UInt8 = reader.next(),
      let outcome = HearingDecision.Outcome(rawValue: rawOutcome),
      let reserved: UInt8 = reader.next()
    else { return nil }
    var hearing = HearingDecision(
      decidedOn: decidedOn, lastDay: lastDay, liftedCriteria: FailedCriteria(rawValue: lifted),
      outcome: outcome)
    hearing.reserved = reserved
    return hearing
  }

  private static func readPeriod(_ reader: inout RecordReader) -> EligibilityPeriod? {
    guard let firstDay = reader.nextDate(), let lastDay = reader.nextDate(),
      let certificationDate = reader.nextDate(), let rawKind: UInt8 = reader.next(),
      let kind = EligibilityPeriod.Kind(rawValue: rawKind), let endReason: UInt8 = reader.next(),
      let endSubReason: UInt8 = reader.next(), let reserved: UInt8 = reader.next()
    else { return nil }
    var period = EligibilityPeriod(
      firstDay: firstDay, lastDay: lastDay, certificationDate: certificationDate, kind: kind)
    period.endReason = endReason
    period.endSubReason = endSubReason
    period.reserved = reserved
    return period
  }

  private static func write(_ card: CardNumber, to output: inout OutputRawSpan) {
    for index in 0..<16 { output.append(card.byte(at: index)) }
  }
}
