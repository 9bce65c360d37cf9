import SimulatedStorage
import Support
import Testing
import TransactionModel
import WireFormat

@testable import TransactionEngine

@Suite("Replay")
struct ReplayTests {
  @Test(
    "an engine after a restart answers every repeat and inquiry as before",
    arguments: [(UInt64(1), UInt64(168), 256), (2, 2, 256), (3, 168, 20)])
  func answersAlike(seed: UInt64, ageHoursMax: UInt64, countMax: Int) throws {
    var settings = Fixture.settings
    settings.storedAnswerAgeMillisecondsMax = ageHoursMax * 3_600_000
    settings.storedAnswerCountMax = countMax
    var traffic = SeededTraffic(seed: seed, try FixtureEngine(settings))
    try traffic.play(2_500)
    let before = traffic.line
    var after = traffic.line
    after.engine = try before.engine.replayed()

    var codes: Set<ResponseCode> = []
    for exchange in traffic.exchanges {
      guard exchange.step.body.isChange, exchange.code != .operatorNotSignedOn else { continue }
      let repeated = try before.send(exchange.step)
      codes.insert(repeated.code)
      // An authority refusal may become a decision of its own, which would change the engines.
      // So may one of a reversal whose original is forgotten meanwhile.
      guard
        repeated.reply.header.flags.contains(.storedReply) || repeated.code.isRefusal
          || exchange.code.isRefusal
      else {
        Issue.record("seed \(seed): a repeat was executed")
        return
      }
      #expect(try after.send(exchange.step).bytes == repeated.bytes, "seed \(seed)")
      if repeated.reply.header.flags.contains(.storedReply) {
        #expect(repeated.bytes == exchange.bytes.asStoredReply, "seed \(seed)")
      }
    }
    #expect(codes.contains(.tooOldInquire) && codes.count > 10, "seed \(seed)")

    var line = before
    for card in cards {
      for speaker in [Speaker.clinic, .secondClinic, .pharmacy, .office] {
        for daysBack: Int32 in [0, 3, 30] {
          let day = PacificTime.date(at: line.time).adding(days: -daysBack)
          let step = line.step(Scene.inquire(card, on: day), from: speaker)
          let (one, other) = (try before.send(step), try after.send(step))
          #expect(one.bytes == other.bytes, "seed \(seed)")
          #expect(one.waitPosition == other.waitPosition, "seed \(seed)")
        }
      }
    }
  }

  @Test("an engine after a restart goes on as it would have without", arguments: [UInt64(4), 5])
  func goesOnAlike(seed: UInt64) throws {
    var traffic = SeededTraffic(seed: seed, try FixtureEngine())
    try traffic.play(800)
    let replayed = try traffic.line.engine.replayed()
    // Both go through the same requests from here; nothing is shared but values.
    var random = SeededGenerator(seed: seed)
    var line = traffic.line
    for number in 0..<300 {
      line.advance(milliseconds: UInt64.random(in: 0...3_600_000, using: &random))
      let card = cards.randomElement(using: &random) ?? Fixture.card(0)
      let day = PacificTime.date(at: line.time)
      let body =
        switch number % 4 {
        case 0: Scene.activate(card, on: day)
        case 1: Scene.update(card, expecting: 2, SampleForm.emptyUpdate.with(.familySize, 4))
        case 2: Scene.deactivate(card, from: day)
        default: Scene.inquire(card, on: day, .verify)
        }
      let step = line.step(body)
      var other = line
      other.engine = replayed
      #expect(try line.send(step).bytes == other.send(step).bytes, "seed \(seed)")
    }
    #expect(line.engine.records == replayed.records, "seed \(seed)")
  }

  @Test("positions are dense and times never go back", arguments: [UInt64(6)])
  func dense(seed: UInt64) throws {
    var traffic = SeededTraffic(seed: seed, try FixtureEngine())
    try traffic.play(2_500)
    let records = traffic.line.engine.records
    #expect(records.map(\.position.rawValue) == Array(1...UInt64(records.count)))
    #expect(records.map(\.serverTime) == records.map(\.serverTime).sorted())
  }

  @Test("no change reaches the log twice", arguments: [UInt64(7)])
  func once(seed: UInt64) throws {
    var traffic = SeededTraffic(seed: seed, try FixtureEngine())
    try traffic.play(2_500)
    var keys: Set<[UInt64]> = []
    for staged in traffic.line.engine.records
    where staged.kind == RecordKind.transaction.rawValue {
      let record = try #require(TransactionRecord(body: staged.body))
      guard record.frameByteCount > 0 else { continue }
      let key = [
        record.terminal.rawValue, UInt64(record.traceNumber.rawValue),
        record.transactionTime.milliseconds,
      ]
      #expect(keys.insert(key).inserted, "seed \(seed)")
    }
    #expect(keys.count > 800)
  }

  private var cards: [CardNumber] {
    (UInt64(0)..<12).flatMap {
      [Fixture.card($0), Fixture.cardOfSecondClinic($0), Fixture.unknownCard($0)]
    }
  }
}

extension RequestBody {
  fileprivate var isChange: Bool {
    if case .inquiry(_, _, let purpose) = self { return purpose.countsAsChange }
    return messageType.isChange
  }
}
