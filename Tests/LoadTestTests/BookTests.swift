import Testing
import TransactionModel
import WireFormat

@testable import LoadTest

@Suite("The book of cards")
struct BookTests {
  static let day = CalendarDate(trusted: 2026_11_02)

  static func activeBook() -> CardBook {
    var book = CardBook(firstSerial: 1_000_000_000_001, count: 3)
    for card in 0..<3 { book.learn(card, CardState()) }
    book.orderBlankCards()
    _ = book.takeBlank()
    let activation = exchange(.activate, 0)
    _ = book.begin(activation)
    book.commit(activation, position: LogPosition(rawValue: 10))
    return book
  }

  static func exchange(_ kind: MessageKind, _ card: Int) -> Exchange {
    var exchange = Exchange(kind, intendedNanoseconds: 0)
    exchange.card = card
    exchange.time = Instant(milliseconds: 1_793_642_400_000)
    return exchange
  }

  @Test("knows what each change makes of a card")
  func changes() {
    let active = Self.activeBook().state(of: 0)
    #expect(active.version == 1 && active.formVersion == 1)
    #expect(active.periodFirst == Self.day)
    #expect(active.periodLast == CalendarDate(trusted: 2027_11_01))
    #expect(active.position == LogPosition(rawValue: 10))
    let updated = CardBook.result(of: .update, on: active, Self.day)
    #expect(updated.version == 2 && updated.formVersion == 2)
    let affirmed = CardBook.result(of: .reaffirm, on: updated, Self.day)
    #expect(affirmed.version == 3 && affirmed.formVersion == 2)
    let ended = CardBook.result(of: .deactivate, on: affirmed, Self.day)
    #expect(ended.version == 4 && ended.periodLast == Self.day && ended.endReason == 2)
    #expect(CardBook.result(of: .deactivate, on: ended, Self.day) == ended)
    #expect(CardBook.result(of: .verify, on: ended, Self.day) == ended)
    // The day after, nobody is eligible any more, and there is nothing to affirm.
    let next = Self.day.adding(days: 1)
    #expect(CardBook.result(of: .reaffirm, on: ended, next) == ended)
  }

  @Test("knows what a recertification makes of a card whose period was ended, and when")
  func recertified() {
    let active = Self.activeBook().state(of: 0)
    let ended = CardBook.result(of: .deactivate, on: active, Self.day)
    #expect(!active.isRecertifiable(on: Self.day) && ended.isRecertifiable(on: Self.day))
    let renewed = CardBook.result(of: .recertify, on: ended, Self.day)
    #expect(renewed.version == 3 && renewed.formVersion == 3 && renewed.renewal == .waits)
    #expect(renewed.periodLast == Self.day && renewed.endReason == ended.endReason)
    // What waits is not renewed again, and ends with a deactivation.
    #expect(CardBook.result(of: .recertify, on: renewed, Self.day) == renewed)
    let endedAgain = CardBook.result(of: .deactivate, on: renewed, Self.day)
    #expect(endedAgain.version == 4 && endedAgain.renewal == .none)
    // On the next day it runs; without it there is nothing.
    let next = Self.day.adding(days: 1)
    #expect(renewed.isEligible(on: next) && !endedAgain.isEligible(on: next))
    #expect(renewed.asOf(next).periodLast == Self.day.adding(days: 365))
    #expect(renewed.asOf(next).endReason == 0 && renewed.asOf(next).renewal == .none)
    // Behind a period that is over a recertification begins on its day.
    let late = CardBook.result(of: .recertify, on: endedAgain, next)
    #expect(late.periodFirst == next && late.renewal == .none && late.endReason == 0)
  }

  @Test("offers for recertification what was ended, as long as it is known what comes of it")
  func ended() {
    var book = Self.activeBook()
    var random = RandomNumbers(seed: 1)
    #expect(book.pickEnded(on: Self.day, &random) == nil)
    let deactivation = Self.exchange(.deactivate, 0)
    _ = book.begin(deactivation)
    #expect(book.pickEnded(on: Self.day, &random) == nil)
    book.commit(deactivation, position: LogPosition(rawValue: 11))
    #expect(book.pickEnded(on: Self.day, &random) == 0)
    // Of a card that another test has ended today nobody knows whether it was renewed.
    var other = book.state(of: 0)
    other.renewal = .unknown
    book.learn(2, other)
    for _ in 0..<20 { #expect(book.pickEnded(on: Self.day, &random) == 0) }
    book.setAside(0)
    #expect(book.pickEnded(on: Self.day, &random) == nil)
  }

  @Test("takes blank cards in their order, and back when nothing came of them")
  func blank() {
    var book = Self.activeBook()
    #expect(book.active == [0])
    #expect(book.takeBlank() == 1)
    _ = book.begin(Self.exchange(.activate, 1))
    #expect(book.isBusy(1))
    book.cancel(1)
    #expect(!book.isBusy(1) && book.takeBlank() == 1 && book.takeBlank() == 2)
    #expect(book.takeBlank() == nil)
  }

  @Test("does not know the position of a change that is under way")
  func position() {
    var book = Self.activeBook()
    let after = book.begin(Self.exchange(.update, 0))
    #expect(after.position == .zero)
    #expect(book.state(of: 0).position == LogPosition(rawValue: 10))
  }
}

@Suite("A change that is undone")
struct UndoTests {
  @Test("leaves the card as it was, under a new version")
  func reversed() throws {
    var book = BookTests.activeBook()
    var update = BookTests.exchange(.update, 0)
    update.traceNumber = 7
    update.before = book.state(of: 0)
    _ = book.begin(update)
    book.commit(update, position: LogPosition(rawValue: 11))
    let original = try #require(book.undoableChange(of: 0))
    #expect(original.traceNumber == 7 && original.kind == .update)
    var reversal = BookTests.exchange(.reverse, 0)
    reversal.original = original
    let after = book.begin(reversal)
    #expect(after.version == 3 && after.formVersion == 1 && after.position == .zero)
    book.commit(reversal, position: LogPosition(rawValue: 12))
    #expect(book.state(of: 0).position == LogPosition(rawValue: 12))
    #expect(book.undoableChange(of: 0) == nil, "a reversal is not undone")
  }

  @Test(
    "is none that something else has followed, nor an activation",
    arguments: [MessageKind.verify, .reaffirm])
  func followed(kind: MessageKind) {
    var book = BookTests.activeBook()
    #expect(book.undoableChange(of: 0) == nil)
    for (place, next) in [MessageKind.update, kind].enumerated() {
      var exchange = BookTests.exchange(next, 0)
      exchange.before = book.state(of: 0)
      _ = book.begin(exchange)
      book.commit(exchange, position: LogPosition(rawValue: UInt64(20 + place)))
      #expect((book.undoableChange(of: 0) != nil) == (next == .update))
    }
  }
}

@Suite("The client of a test card")
struct TestClientTests {
  @Test("keeps the rules of the format, and is nobody else's")
  func form() {
    var names: Set<String> = []
    for place in 0..<200 as Range<UInt64> {
      let form = TestClient.form(serial: 1_000_000_000_001 + place, version: 1)
      names.insert(form.text(.lastName) ?? "")
      var frame = FrameBuffer()
      let header = RequestHeader(
        environment: .test, flags: [], traceNumber: SystemTraceAuditNumber(rawValue: 1),
        software: SoftwareID(rawValue: 1), terminal: TerminalID(rawValue: 1),
        transactionTime: Instant(milliseconds: 1_793_642_400_000),
        operatorID: OperatorID(rawValue: 1))
      let isEncoded = frame.encode(
        header,
        .activate(
          Certification(
            card: CardScheme.healthAccessNumber(serial: 1_000_000_000_001 + place),
            certificationDate: BookTests.day, client: form)))
      #expect(isEncoded)
      #expect(throws: Never.self) { try FrameCheck.checkRequest(frame.frame) }
    }
    #expect(names.count == 200)
  }

  @Test("has another ZIP code in each version")
  func zipCodes() {
    let codes = Set((1...1_000).map { TestClient.zipCode(serial: 1_000_000_000_001, version: $0) })
    #expect(codes.count == 1_000)
  }

  @Test("is told from another client")
  func isOwn() {
    var form = TestClient.form(serial: 5, version: 3)
    #expect(TestClient.isOwn(form, serial: 5))
    #expect(!TestClient.isOwn(form, serial: 6))
    form.set(.familySize, to: 3)
    #expect(!TestClient.isOwn(form, serial: 5))
  }
}

@Suite("Malformed frames")
struct MalformationTests {
  @Test("break the rule that they are to break, and only that", arguments: Malformation.allCases)
  func refused(malformation: Malformation) {
    let book = CardBook(firstSerial: 1_000_000_000_001, count: 50)
    let maker = FrameMaker(environment: .test, software: SoftwareID(rawValue: 1))
    let terminal = LoadTerminal(
      id: TerminalID(rawValue: 1_001), operatorID: OperatorID(rawValue: 501))
    for card in 0..<50 {
      var exchange = Exchange(.malformed, intendedNanoseconds: 0)
      exchange.card = card
      exchange.traceNumber = 1
      exchange.time = Instant(milliseconds: 1_793_642_400_000)
      var frame = FrameBuffer()
      maker.encode(exchange, terminal, book, into: &frame)
      #expect(throws: Never.self) { try FrameCheck.checkRequest(frame.frame) }
      exchange.malformation = malformation
      maker.encode(exchange, terminal, book, into: &frame)
      let (code, field) = malformation.refusal
      #expect {
        _ = try FrameCheck.checkRequest(frame.frame)
      } throws: { error in
        (error as? FormatRefusal)?.code == code
          && (error as? FormatRefusal)?.fieldNumber == field.number
      }
    }
  }
}
