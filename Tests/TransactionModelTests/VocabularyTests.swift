import Testing
import TransactionModel

@Suite("The vocabulary")
struct VocabularyTests {
  @Test(
    "takes card numbers of 1 to 16 printable characters without spaces",
    arguments: [
      ("1", true), ("1234567890123456", true), ("90000001A25123", true), ("", false),
      ("12345678901234567", false), ("12 34", false), ("12é4", false), ("12\u{7F}", false),
    ])
  func cardNumbers(text: String, isTaken: Bool) {
    let number = CardNumber(text)
    #expect((number != nil) == isTaken)
    guard let number else { return }
    #expect(number.revealed == text)
    #expect(number.characterCount == text.utf8.count)
    #expect(
      (0..<16).map(number.byte(at:)) == Array(text.utf8)
        + .init(repeating: 0x20, count: 16 - text.utf8.count))
  }

  @Test("shows no more of a card number than its last four characters")
  func maskedCardNumber() throws {
    let number = try #require(CardNumber("10000000000016"))
    #expect("\(number)" == "**********0016")
    #expect(String(reflecting: number) == "**********0016")
    #expect(CardNumber.blank.description == "")
    #expect(CardNumber.blank.isBlank)
  }

  @Test("has one class for every code, by its range")
  func responseClasses() {
    let ranges: [(ClosedRange<UInt16>, ResponseClass)] = [
      (0...999, .unknown), (1000...1999, .format), (2000...2499, .authority),
      (2500...2999, .sequence), (3000...3499, .declined), (3500...3799, .approved),
      (3800...3999, .cardAtFault), (4000...4999, .system), (5000...UInt16.max, .unknown),
    ]
    for (range, responseClass) in ranges {
      let refusals: [ResponseClass] = [.format, .authority, .sequence, .system]
      let isRefusal = refusals.contains(responseClass)
      let wrong = range.filter {
        let code = ResponseCode(rawValue: $0)
        return code.responseClass != responseClass || code.isRefusal != isRefusal
          || code.hasClass != (responseClass != .unknown)
      }
      #expect(wrong.isEmpty)
    }
  }

  @Test(
    "knows the check digit of a National Provider Identifier",
    arguments: [
      (1_234_567_893, true), (1_234_567_890, false), (1_234_567_894, false),
      (123_456_789, false), (12_345_678_930, false), (0, false),
    ] as [(UInt64, Bool)])
  func siteIdentifiers(number: UInt64, isValid: Bool) {
    #expect(SiteID(rawValue: number).hasValidCheckDigit == isValid)
  }

  @Test("gives each failed criterion its code, the first in precedence first")
  func criteria() {
    #expect(FailedCriteria([]).firstCode == nil)
    for bit in UInt16(0)..<7 {
      let alone = FailedCriteria(rawValue: 1 << bit)
      #expect(alone.firstCode?.rawValue == 3010 + bit)
      #expect(alone.union(.noIncomeTable).firstCode == alone.firstCode)
    }
    #expect(FailedCriteria.noIncomeTable.firstCode == .noIncomeTable)
  }

  @Test("keeps a record small enough for the index")
  func recordSize() {
    #expect(MemoryLayout<EligibilityRecord>.stride <= 512)
  }

  @Test("measures from an earlier instant to a later one, never backwards")
  func instants() {
    let early = Instant(milliseconds: 1)
    let late = Instant(milliseconds: 5)
    #expect(early.millisecondsUntil(late) == 4)
    #expect(late.millisecondsUntil(early) == 0)
  }
}
