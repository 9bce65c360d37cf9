import SimulatedStorage
import Support
import Testing
import TransactionModel
import WireFormat

@testable import TransactionEngine

@Suite("The duplicate store")
struct DuplicateStoreTests {
  @Test("the 257th change pushes the first out, which is then too old and not executed")
  func windowByCount() throws {
    var line = Line(try FixtureEngine())
    let first = try line.send(Scene.activate(Fixture.card(0)))
    line.advance(milliseconds: 1)
    let second = try line.send(Scene.activate(Fixture.card(1)))
    line.advance(milliseconds: 1)
    for _ in 2..<256 { try line.send(Scene.inquire(Fixture.card(9), .verify)) }
    #expect(try line.send(first.step).bytes == first.bytes.asStoredReply)

    let last = try line.send(Scene.inquire(Fixture.card(9), .verify))
    let forgotten = try line.send(first.step)
    #expect(forgotten.code == .tooOldInquire)
    #expect(forgotten.waitPosition == last.position, "rests on what pushed it out")
    #expect(try line.send(second.step).bytes == second.bytes.asStoredReply)

    // Any unknown key of that time or before may have been executed.
    var unknown = line.step(Scene.activate(Fixture.card(2)))
    unknown.header.transactionTime = first.step.header.transactionTime
    #expect(try line.send(unknown).code == .tooOldInquire)
    unknown.header.transactionTime = Instant(
      milliseconds: first.step.header.transactionTime.milliseconds + 1)
    #expect(try line.send(unknown).code == .activated)
    #expect(try line.send(Scene.inquire(Fixture.card(0))).outcome?.recordVersion == 1)
  }

  @Test("what another terminal does pushes nothing out")
  func windowPerTerminal() throws {
    var line = Line(try FixtureEngine())
    let first = try line.send(Scene.activate(Fixture.card(0)))
    for _ in 0..<300 {
      try line.send(Scene.inquire(Fixture.card(9), .verify), from: .newTerminal)
    }
    #expect(try line.send(first.step).bytes == first.bytes.asStoredReply)
  }

  @Test("an answer of seven days is kept, one a millisecond older is forgotten")
  func windowByAge() throws {
    var line = Line(try FixtureEngine())
    let first = try line.send(Scene.activate(Fixture.card(0)))
    line.advance(milliseconds: 7 * 24 * 3_600_000)
    try line.send(Scene.inquire(Fixture.card(9), .verify))
    #expect(try line.send(first.step).bytes == first.bytes.asStoredReply)
    line.advance(milliseconds: 1)
    try line.send(Scene.inquire(Fixture.card(9), .verify))
    #expect(try line.send(first.step).code == .tooOldInquire)
  }

  @Test("a refusal of authority or system class is not remembered")
  func notStored() throws {
    var line = Line(try FixtureEngine())
    let step = line.step(Scene.activate(Fixture.card(0)))
    let unavailable = try line.send(step, changesAvailable: false)
    #expect(unavailable.code == .changesUnavailable)
    guard case .refusal(let refusal) = unavailable.reply.message else {
      Issue.record("not a refusal")
      return
    }
    #expect(refusal.retryAfterMilliseconds == 2000)
    #expect(try line.send(step).code == .activated)
  }

  @Test("while the log takes no changes, repeats and inquiries are answered")
  func changesUnavailable() throws {
    var line = Line(try FixtureEngine())
    let change = try line.send(Scene.activate(Fixture.card(0)))
    #expect(try line.send(change.step, changesAvailable: false).bytes == change.bytes.asStoredReply)
    let inquiry = line.step(Scene.inquire(Fixture.card(0)))
    #expect(try line.send(inquiry, changesAvailable: false).code == .eligible)
    #expect(try line.send(line.step(.echo), changesAvailable: false).code == .approved)
    for body in [Scene.signOn, .signOff, Scene.inquire(Fixture.card(0), .verify)] {
      let refused = line.step(body)
      #expect(try line.send(refused, changesAvailable: false).code == .changesUnavailable)
    }
  }

  @Test("behaves as a plain list does", arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
  func againstModel(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let countMax = Int.random(in: 1...9, using: &random)
    var store = DuplicateStore(countMax: countMax, ageMillisecondsMax: 100)
    var model: [StoredAnswer] = []
    var forgottenThrough = Instant.none
    let terminal = TerminalID(rawValue: 1)
    var now: UInt64 = 1_000
    for position in UInt64(1)...400 {
      now += UInt64.random(in: 0...40, using: &random)
      let answer = answer(
        trace: UInt32(position * 7 % 401 + 1), at: now - UInt64.random(in: 0...50, using: &random),
        server: now, position: position)
      store.insert(answer, for: terminal)
      while let oldest = model.first,
        model.count == countMax || oldest.serverTime.milliseconds + 100 < now
      {
        forgottenThrough = max(forgottenThrough, oldest.transactionTime)
        model.removeFirst()
      }
      model.append(answer)
      #expect(store.newestTraceNumber(of: terminal) == answer.traceNumber.rawValue)
      var faults: [UInt32] = []
      for trace in UInt32(1)...401 {
        let time = Instant(milliseconds: now - UInt64.random(in: 0...300, using: &random))
        let number = SystemTraceAuditNumber(rawValue: trace)
        let known = model.last { $0.traceNumber == number }
        let isRight =
          switch store.find(terminal, number, at: time) {
          case .stored(let found): found.position == known?.position
          case .forgotten(let newest):
            known == nil && time <= forgottenThrough && newest == answer.position
          case .unknown: known == nil && time > forgottenThrough
          case .reversed: false
          }
        if !isRight { faults.append(trace) }
      }
      #expect(faults.isEmpty, "seed \(seed), position \(position)")
    }
  }

  private func answer(
    trace: UInt32, at time: UInt64, server: UInt64, position: UInt64
  ) -> StoredAnswer {
    StoredAnswer(
      digest: 0, position: LogPosition(rawValue: position),
      transactionTime: Instant(milliseconds: time), serverTime: Instant(milliseconds: server),
      traceNumber: SystemTraceAuditNumber(rawValue: trace), replyByteCount: 48,
      frameByteCount: 48, reply: InlineArray(repeating: 0))
  }
}
