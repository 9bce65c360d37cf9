import Testing
import TransactionModel

@testable import WireFormat

@Suite("The stripe of a card")
struct CardTrackTests {
  private static let digits = Sample.card.revealed
  private static let other = Sample.otherCard.revealed
  private static let benefits = Sample.benefitsCard.revealed
  private static let track1 = "%B\(digits)^^49120000?"
  private static let track2 = ";\(digits)=49120000?"

  private func read(_ text: String) -> Result<CardNumber, CardReadingError> {
    Result { () throws(CardReadingError) in try CardTrack.number(fromSwipe: text) }
  }

  @Test("has posd's layout: both tracks, the first alone for a number with a letter")
  func layout() {
    #expect(CardTrack.swipe(Sample.card) == Self.track1 + Self.track2)
    #expect(CardTrack.swipe(Sample.benefitsCard) == "%B\(Self.benefits)^^49120000?")
  }

  @Test("is read back with and without checks, in either case, with any line ends")
  func readers() {
    for card in [Sample.card, Sample.otherCard, Sample.benefitsCard] {
      for hasCheck in [false, true] {
        let swipe = CardTrack.swipe(card, withRedundancyCheck: hasCheck)
        for text in [swipe, swipe.lowercased()] {
          for end in ["", "\r", "\n", "\r\n"] {
            let lines = text.replacing("?;", with: "?\(end);")
            for read in [text + end, end + text, lines + end].map(read) {
              #expect(read == .success(card))
            }
          }
        }
      }
    }
  }

  @Test("is read with any of a thousand numbers, whatever character their checks are")
  func anyCheck() {
    var wrong: [UInt64] = []
    for serial in UInt64(5_000_000_000_000)..<5_000_000_001_000 {
      let card = CardScheme.healthAccessNumber(serial: serial)
      let swipe = CardTrack.swipe(card, withRedundancyCheck: true)
      if read(swipe) != .success(card) { wrong.append(serial) }
    }
    #expect(wrong.isEmpty)
  }

  @Test(
    "is read from either track alone, with a name, and beside a third track",
    arguments: [
      track1, track2, "%B\(digits)^GARCIA/MARIA^49120000?", track1 + track2 + "+123?",
      "%b\(digits)^garcia/maria^49120000?" + track2, "%B\(digits)^?",
    ])
  func forms(text: String) {
    #expect(read(text) == .success(Sample.card))
  }

  @Test(
    "is read from the good track when the other is damaged",
    arguments: [
      "%E?" + track2, track1 + ";E?", track1 + ";12E4?", track1 + ";1234",
      "%B1000000000E016^^49120000?" + track2, "%B\(digits)" + "?" + track2,
      "%B\(other)^^49120000?!" + track2, track1 + ";\(other)=49120000?1",
    ])
  func damaged(text: String) {
    #expect(read(text) == .success(Sample.card))
  }

  @Test(
    "that cannot be read says why",
    arguments: [
      ("", .nothingRead), ("\r\n", .nothingRead), ("hello", .noStartSentinel),
      (digits, .noStartSentinel), ("+123?", .noStartSentinel), (" " + track1, .noStartSentinel),
      (track1 + track1, .noStartSentinel), (track1 + "AB", .redundancyTail),
      ("%B\(digits)^^4912", .truncated(track: 1)), ("%", .truncated(track: 1)),
      (";\(digits)", .truncated(track: 2)), ("%E?", .misread(track: 1)),
      (";E?", .misread(track: 2)), ("%E?;E?", .misread(track: 1)),
      ("%B1000000000E016^^4912?", .misread(track: 1)), ("%B\(digits)?", .misread(track: 1)),
      (";\(digits)?", .misread(track: 2)), ("%B\(digits)^é^4912?", .misread(track: 1)),
      (track1 + "!", .redundancyCheckWrong(track: 1)),
      (track2 + "0", .redundancyCheckWrong(track: 2)),
      (track1 + ";\(other)=49120000?", .tracksDisagree),
      ("%B\(benefits)^^49120000?" + track2, .tracksDisagree),
      (track1 + ";4000000000000002=49120000?", .tracksDisagree),
      ("%B4000000000000002^X^4912?;4000000000000002=4912?", .unknownCard),
      ("%CA1234^X^?", .unknownCard), ("%B^^4912?", .unknownCard), ("%?", .unknownCard),
      ("%B10000000000017^^4912?;10000000000017=4912?", .checkDigitWrong),
      (";10000000000017=4912?", .checkDigitWrong),
    ] as [(String, CardReadingError)])
  func failures(text: String, error: CardReadingError) {
    #expect(read(text) == .failure(error))
  }

  @Test("of a benefits card may have a second track that holds no card number")
  func benefitsCard() {
    #expect(read("%B\(Self.benefits)^^4912?;90000001025123=4912?") == .success(Sample.benefitsCard))
  }

  @Test("is refused, or read right from its other track, with any one character misread")
  func singleErrors() {
    let swipe = Array(CardTrack.swipe(Sample.card, withRedundancyCheck: true).utf8)
    var wrong: [String] = []
    for place in swipe.indices {
      for character in UInt8(0x20)...0x5F where character != swipe[place] {
        var misread = swipe
        misread[place] = character
        let text = String(decoding: misread, as: UTF8.self)
        if case .success(let card) = read(text), card != Sample.card { wrong.append(text) }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
  }

  @Test("never traps on anything a reader might deliver", arguments: [1, 2] as [UInt64])
  func noise(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let characters = Array("%;+?^=BE0123456789é \r\n")
    for _ in 0..<5000 {
      let count = Int.random(in: 0...24, using: &generator)
      let text = String((0..<count).map { _ in characters.randomElement(using: &generator) ?? "?" })
      if case .success(let card) = read(text) {
        #expect(CardScheme.judge(card) == .valid, "seed \(seed)")
      }
    }
  }
}

extension CardReadingError {
  /// One wrong check character, and something more behind it.
  fileprivate static let redundancyTail = CardReadingError.noStartSentinel
}

@Suite("A typed card number")
struct KeyedCardTests {
  @Test(
    "may have spaces and dashes in it, and small letters",
    arguments: [
      ("10000000000016", Sample.card), ("1000 0000 0000 16", Sample.card),
      ("1000-0000-0000-16", Sample.card), ("  10000000 - 000016 ", Sample.card),
      ("90000001a25123", Sample.benefitsCard), ("90000001-A2-5123", Sample.benefitsCard),
    ])
  func accepted(text: String, card: CardNumber) throws {
    #expect(try CardTrack.number(fromKeyed: text) == card)
  }

  @Test(
    "is refused before it leaves the terminal, and says why",
    arguments: [
      ("", .nothingRead), (" - ", .nothingRead), ("10000000000017", .checkDigitWrong),
      ("1000000000001", .unknownCard), ("100000000000160", .unknownCard),
      ("12345678901234567890", .unknownCard), ("1000000000001é", .characterNotAllowed),
      ("1000.0000.0000.16", .characterNotAllowed), ("10000000000016\n", .characterNotAllowed),
      ("1000–0000–0000–16", .characterNotAllowed),
    ] as [(String, CardReadingError)])
  func refused(text: String, error: CardReadingError) {
    #expect(throws: error) { try CardTrack.number(fromKeyed: text) }
  }
}
