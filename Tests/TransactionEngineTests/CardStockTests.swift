import SimulatedStorage
import Support
import Synchronization
import Testing
import TransactionModel
import WireFormat

@testable import TransactionEngine

@Suite("The card stock")
struct CardStockTests {
  /// What is said of one card.
  fileprivate struct Place: Hashable {
    var site: UInt64
    var isVoided: Bool
  }

  private static let serials: ClosedRange<UInt64> = 1...3
  private static let places = [
    Place(site: 0, isVoided: false), Place(site: 1, isVoided: false),
    Place(site: 2, isVoided: false), Place(site: 1, isVoided: true),
  ]

  private static var spans: [ClosedRange<UInt64>] {
    serials.flatMap { first in (first...serials.upperBound).map { first...$0 } }
  }

  private static func range(_ span: ClosedRange<UInt64>, _ place: Place) -> CardRange {
    CardRange(
      firstSerial: span.lowerBound, lastSerial: span.upperBound,
      site: SiteID(rawValue: place.site), isVoided: place.isVoided)
  }

  @Test("says of every card what was said last, whatever was laid over what")
  func exhaustive() {
    let steps = Self.spans.flatMap { span in Self.places.map { (span, $0) } }
    for first in steps {
      for second in steps {
        for third in steps {
          var stock = CardStock()
          var model: [UInt64: Place] = [:]
          for (span, place) in [first, second, third] {
            stock.lay(Self.range(span, place))
            for serial in span { model[serial] = place }
          }
          guard !Self.agrees(stock, model) else { continue }
          Issue.record("\(first), \(second), \(third): \(stock.ranges)")
          return
        }
      }
    }
  }

  private static func agrees(_ stock: CardStock, _ model: [UInt64: Place]) -> Bool {
    guard stock.cardCount == UInt64(model.count) else { return false }
    for serial in 0...serials.upperBound + 1 {
      let found = stock.range(containing: serial).map(place)
      guard found == model[serial] else { return false }
    }
    for (range, next) in zip(stock.ranges, stock.ranges.dropFirst()) {
      guard range.lastSerial < next.firstSerial,
        range.lastSerial + 1 < next.firstSerial || place(range) != place(next)
      else { return false }
    }
    for span in spans {
      var parts: [UInt64: Place] = [:]
      for part in stock.parts(span) {
        for serial in part.firstSerial...part.lastSerial { parts[serial] = place(part) }
      }
      guard parts == model.filter({ span.contains($0.key) }) else { return false }
      guard stock.firstMissing(span) == span.first(where: { model[$0] == nil }) else {
        return false
      }
    }
    return true
  }

  private static func place(_ range: CardRange) -> Place {
    Place(site: range.site.rawValue, isVoided: range.isVoided)
  }

  @Test("orders do to cards what they say, one card at a time, and a replay does the same")
  func orders() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed: seed)
    var engine = try FixtureEngine()
    var model: [UInt64: Place] = [:]
    for step in 0..<800 {
      let first = UInt64.random(in: 1...12, using: &random)
      let span = first...UInt64.random(in: first...12, using: &random)
      let site = [Fixture.clinic, Fixture.secondClinic].randomElement(using: &random)!
      let order: AdministrativeOrder
      let expected: [UInt64: Place]?
      switch UInt8.random(in: 0...9, using: &random) {
      case 0...3:
        let place = Place(site: Bool.random(using: &random) ? 0 : site.rawValue, isVoided: false)
        order = .importCards([Self.range(span, place)])
        expected = span.contains { model[$0] != nil } ? nil : model.setting(span) { _ in place }
      case 4...7:
        order = .shipCards(span, to: site)
        let isFree = span.allSatisfy { serial in
          model[serial].map { !$0.isVoided && [0, site.rawValue].contains($0.site) } ?? false
        }
        expected =
          isFree
          ? model.setting(span) { _ in Place(site: site.rawValue, isVoided: false) } : nil
      default:
        order = .voidCards(span)
        expected =
          span.allSatisfy { model[$0] != nil }
          ? model.setting(span) { Place(site: $0?.site ?? 0, isVoided: true) } : nil
      }
      let count = engine.records.count
      let position = try? engine.engine.carryOut(order, by: Fixture.author, at: Fixture.start)
      #expect((position != nil) == (expected != nil), "seed \(seed), step \(step): \(order)")
      if expected == nil || expected == model { #expect(engine.records.count == count) }
      model = expected ?? model
      #expect(Self.cards(engine) == model, "seed \(seed), step \(step)")
      if step % 200 == 199 {
        engine = try engine.replayed()
        #expect(Self.cards(engine) == model, "seed \(seed), replayed at \(step)")
      }
      if model.count == 12, model.values.allSatisfy(\.isVoided) {
        engine = try FixtureEngine()
        model = [:]
      }
    }
  }

  private static func cards(_ engine: FixtureEngine) -> [UInt64: Place] {
    var cards: [UInt64: Place] = [:]
    for range in engine.engine.engine.withLock({ $0.register.stock.parts(1...12) }) {
      for serial in range.firstSerial...range.lastSerial { cards[serial] = place(range) }
    }
    return cards
  }

  @Test("an import with one range that cannot be leaves none of them")
  func allOrNothing() throws {
    let engine = try FixtureEngine()
    let count = engine.records.count
    let good = Self.range(1...4, Place(site: 0, isVoided: false))
    for bad in [
      good, Self.range(4...5, Place(site: 0, isVoided: false)),
      Self.range(1_000_000_000_001...1_000_000_000_001, Place(site: 0, isVoided: false)),
      Self.range(7...8, Place(site: Fixture.pharmacy.rawValue, isVoided: false)),
      Self.range(7...8, Place(site: 404, isVoided: false)),
    ] {
      #expect(throws: OrderRefusal.self) {
        try engine.engine.carryOut(
          .importCards([good, bad]), by: Fixture.author, at: Fixture.start)
      }
    }
    #expect(engine.records.count == count)
  }

  @Test("a card that is voided after its activation keeps its client")
  func voidedAfterwards() throws {
    var line = Line(try FixtureEngine())
    let card = Fixture.card(3)
    #expect(try line.send(Scene.activate(card)).code == .activated)
    let serial = try #require(CardScheme.serial(of: card))
    _ = try line.engine.engine.carryOut(
      .voidCards(serial...serial), by: Fixture.author, at: line.time)
    #expect(try line.send(Scene.inquire(card)).code == .eligible)
    #expect(try line.send(Scene.activate(Fixture.card(4))).code == .activated)
  }

  @Test("the report counts what is there, what is activated and what was shipped this year")
  func report() throws {
    var line = Line(try FixtureEngine())
    for number: UInt64 in [0, 1, 2] {
      #expect(try line.send(Scene.activate(Fixture.card(number))).code == .activated)
    }
    let first: UInt64 = 1_000_000_000_001
    let engine = line.engine.engine
    let before = try #require(engine.cards(of: Fixture.clinic, on: Fixture.today).first)
    let orders: [AdministrativeOrder] = [
      .voidCards(first...first), .voidCards(first + 10...first + 19),
      .shipCards(3_000_000_000_001...3_000_000_000_050, to: Fixture.clinic),
      .shipBlankCards(BlankCardShipment(site: Fixture.clinic, count: 30)),
    ]
    for order in orders { _ = try engine.carryOut(order, by: Fixture.author, at: line.time) }
    let cards = try #require(engine.cards(of: Fixture.clinic, on: Fixture.today).first)
    // The fixture ships one range and voids another; both were shipped on the day before.
    #expect(cards.shipped == 200_050 && cards.voided == 100_011 && cards.activated == 3)
    #expect(cards.left == 200_050 - 100_011 - 2)
    #expect(cards.blanksShipped == before.blanksShipped + 30)
    #expect(cards.blanksShippedThisYear == before.blanksShippedThisYear + 30)
    #expect(cards.shippedThisYear == 100_050)
    let nextYear = try #require(
      engine.cards(of: Fixture.clinic, on: CalendarDate(trusted: 2027_01_01)).first)
    #expect(nextYear.shippedThisYear == 0 && nextYear.blanksShipped == cards.blanksShipped)
  }
}

extension [UInt64: CardStockTests.Place] {
  fileprivate func setting(
    _ span: ClosedRange<UInt64>, _ value: (CardStockTests.Place?) -> CardStockTests.Place
  ) -> Self {
    var copy = self
    for serial in span { copy[serial] = value(self[serial]) }
    return copy
  }
}
