import SimulatedStorage
import Support
import Testing
import TransactionModel

@testable import TransactionEngine

@Suite("Images of eligibility records")
struct RecordImageTests {
  @Test("are 8 bytes, and 8 more for each word that is not zero")
  func sizes() throws {
    #expect(image(of: EligibilityRecord(card: Fixture.card(0))).count == 8 + 16)
    #expect(image(of: Self.full).count == RecordImage.byteCountMax)
  }

  @Test("of the largest kind fit what is reserved for the records that hold them")
  func room() throws {
    let activation = try #require(TransactionRecordTests.bodies.first)
    var transaction = try #require(TransactionRecord(body: activation))
    #expect(transaction.replyBodyByteCount == transaction.replyBody.count)
    transaction.image = Self.full
    #expect(transaction.encoded.count == TransactionRecord.byteCountMax)
    let note = CardNoteEntry(.plasticLost, by: Fixture.author, image: Self.full)
    #expect(StagedRecord.body { note.write(to: &$0) }.count == CardNoteEntry.byteCountMax)
  }

  @Test("of any record are read as what was written", arguments: 0..<UInt64(200))
  func roundTrip(seed: UInt64) throws {
    let bytes = image(of: Self.record(seed))
    let presence = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    #expect(bytes.count == 8 + presence.nonzeroBitCount * 8)
    let again = try #require(read(bytes))
    #expect(image(of: again) == bytes, "seed \(seed)")
    #expect(again.client == Self.record(seed).client && again.card == Self.record(seed).card)
  }

  @Test("are refused when they are cut short, have a word of zero, or one that is none of theirs")
  func refused() throws {
    let bytes = image(of: Self.full)
    for count in bytes.indices {
      #expect(read(Array(bytes[..<count])) == nil, "\(count) bytes")
    }
    for word in 1...58 {
      var changed = bytes
      for place in word * 8..<word * 8 + 8 { changed[place] = 0 }
      #expect(read(changed) == nil, "word \(word - 1)")
    }
    for bit in 2..<8 {
      var changed = bytes + [UInt8](repeating: 1, count: 8)
      changed[7] |= 1 << UInt8(bit)
      #expect(read(changed) == nil, "bit \(56 + bit)")
    }
  }

  @Test("without a card, or with a day, a kind or an outcome that is none, are refused")
  func impossible() {
    let changes: [(inout EligibilityRecord) -> Void] = [
      { $0.card = .blank },
      { $0.determinationDate = CalendarDate(trusted: 2026_02_30) },
      { $0.policySet = CalendarDate(trusted: 1) },
      { $0.incomeTable = CalendarDate(trusted: 2026_13_01) },
      { $0.periods[7].lastDay = CalendarDate(trusted: 2026_11_31) },
      { $0.hearing.lastDay = CalendarDate(trusted: 99) },
    ]
    for (number, change) in changes.enumerated() {
      var record = Self.full
      change(&record)
      #expect(read(image(of: record)) == nil, "change \(number)")
    }
    let bytes = image(of: Self.full)
    // A kind and an outcome, and what is reserved.
    for (word, byte) in [(38, 4), (52, 4), (56, 2), (8, 6), (38, 7), (56, 3), (56, 4)] {
      var changed = bytes
      changed[8 + word * 8 + byte] = 9
      #expect(read(changed) == nil, "word \(word)")
    }
  }

  // MARK: Records

  /// A record without a word that is zero.
  static let full = record(0, filled: 1)

  /// A record of which about a part, or all, is filled.
  private static func record(_ seed: UInt64, filled share: Double = 0.4) -> EligibilityRecord {
    var random = SeededGenerator(seed: seed)
    func isFilled() -> Bool { Double.random(in: 0..<1, using: &random) < share }
    func number() -> UInt64 { isFilled() ? UInt64.random(in: 1...(.max), using: &random) : 0 }
    func small() -> UInt16 { isFilled() ? UInt16.random(in: 1...(.max), using: &random) : 0 }
    func day() -> CalendarDate {
      guard isFilled() else { return .none }
      return CalendarDate(trusted: 2000_01_01).adding(
        days: Int32.random(in: 0..<20_000, using: &random))
    }
    var record = EligibilityRecord(card: CardNumber(high: number() | 1, low: number() | 1))
    record.lastPosition = LogPosition(rawValue: number())
    record.lastChange = Instant(milliseconds: number())
    record.lastChangeSite = SiteID(rawValue: number())
    record.lastAffirmed = Instant(milliseconds: number())
    record.formSite = SiteID(rawValue: number())
    record.version = UInt32(small())
    record.determinationDate = day()
    record.policySet = day()
    record.incomeTable = day()
    record.failedCriteria = FailedCriteria(rawValue: small())
    record.flags = RecordFlags(rawValue: small())
    record.replacementCount = small()
    record.client.presence = number()
    for place in 0..<27 {
      let word = number()
      for byte in 0..<8 {
        record.client.block[place * 8 + byte] = UInt8(truncatingIfNeeded: word >> UInt64(byte * 8))
      }
    }
    for place in 0..<EligibilityRecord.periodCount {
      record.periods[place] = EligibilityPeriod(
        firstDay: day(), lastDay: day(), certificationDate: day(),
        kind: isFilled() ? .retroactive : .unused)
      record.periods[place].endReason = UInt8(truncatingIfNeeded: small())
    }
    record.alias = CardNumber(high: number(), low: number())
    record.hearing = HearingDecision(
      decidedOn: day(), lastDay: day(), liftedCriteria: FailedCriteria(rawValue: small()),
      outcome: isFilled() ? .eligible : .none)
    return record
  }

  private func image(of record: EligibilityRecord) -> [UInt8] {
    StagedRecord.body { RecordImage.write(record, to: &$0) }
  }

  private func read(_ bytes: [UInt8]) -> EligibilityRecord? {
    var reader = RecordReader(unsafe bytes.span.bytes)
    guard let record = RecordImage.read(&reader), reader.remainingByteCount == 0 else { return nil }
    return record
  }
}
