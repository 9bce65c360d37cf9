import LoadTest
import Synchronization
import Testing
import TransactionModel
import WireFormat

/// What a load test says of servers that stall or lie.
@Suite("The load test's honesty")
struct HonestyTests {
  /// One connection, so that answers come in the order of their requests.
  static func plan(rate: Double = 400, seconds: Double = 0.5) -> LoadPlan {
    var plan = LoadPlan()
    plan.connections = 1
    plan.terminals = 1
    plan.stages = [LoadPlan.Stage(rate: rate, seconds: seconds)]
    plan.warmUpSeconds = 0
    plan.loop = .open(.uniform)
    plan.cards = 40
    plan.mix = MessageMix([
      (.inquiry, 6), (.update, 3), (.reaffirm, 1), (.verify, 1), (.activate, 1), (.reverse, 1),
      (.last, 1), (.deactivate, 2), (.recertify, 2), (.signOff, 1), (.training, 1), (.batch, 1),
    ])
    plan.repeatShare = 0.1
    plan.malformedShare = 0.05
    plan.answerSeconds = 60
    plan.giveUpSeconds = 60
    return plan
  }

  /// Requests of the preparation: one inquiry for each card, and the activations.
  static let preparedCount = 80

  @Test("finds nothing wrong with a server that answers right")
  func right() throws {
    let server = try StubServer()
    let result = try LoadRun(Self.plan(), server.target).run()
    #expect(result.violations.described == [])
    #expect(result.isRight && result.failure == nil)
    #expect(result.total.latencies.count == 200)
    let kinds = Set(result.kinds.map(\.kind))
    #expect(
      kinds.isSuperset(of: [
        .inquiry, .update, .recertify, .reverse, .last, .repeat, .malformed, .signOff, .training,
        .batch,
      ]))
  }

  @Test("shows a stall of 200 ms to all who had to wait for it, not to one")
  func stall() throws {
    let server = try StubServer { answer in
      if answer.index == Self.preparedCount + 200 { answer.stallMilliseconds = 200 }
    }
    var plan = Self.plan(rate: 1_000, seconds: 1)
    plan.mix = MessageMix([(.inquiry, 1)])
    (plan.repeatShare, plan.malformedShare) = (0, 0)
    let result = try LoadRun(plan, server.target).run()
    #expect(result.isRight)
    let latencies = result.total.latencies
    #expect(latencies.count == 1_000)
    // 200 requests were due while it lasted, of which 64 could be sent. Those of its first half
    // waited for longer than 100 ms, sent or not: 100 of 1,000. Counted from when they were sent it
    // would be 64; a client that waits for each answer would have seen one.
    #expect(latencies.nanoseconds(atPercentile: 99) >= 185_000_000)
    #expect(latencies.nanoseconds(atPercentile: 91) >= 100_000_000)
    let stalled = result.intervals.filter { $0.latencies.maxNanoseconds >= 100_000_000 }
    #expect(!stalled.isEmpty)
  }

  @Test("says of a closed loop that a stall does not show in it")
  func closedLoop() throws {
    let server = try StubServer()
    var plan = Self.plan(seconds: 0.2)
    plan.loop = .closed(inFlight: 2)
    let result = try LoadRun(plan, server.target).run()
    #expect(result.isRight)
    #expect(result.warnings.contains { $0.contains("closed loop") })
  }

  /// What a server does wrong, and what has to be said of it.
  struct Lie: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let said: String
    let fault: StubServer.Fault

    static let noAnswer = "no answer within"
    var losesAnswers: Bool { said == Self.noAnswer }

    init(_ testDescription: String, _ said: String, _ fault: @escaping StubServer.Fault) {
      self.testDescription = testDescription
      self.said = said
      self.fault = fault
    }

    /// Spoils answers of the measured time, of a type.
    static func always(
      _ testDescription: String, _ said: String, of types: Set<MessageType> = [.inquiry],
      _ spoil: @escaping @Sendable (inout [UInt8]) -> Void
    ) -> Lie {
      Lie(testDescription, said) { answer in
        guard answer.index >= preparedCount, types.contains(answer.type),
          answer.request[HeaderLayout.flags.offset] == 0,
          Int(answer.bytes[6]) << 8 | Int(answer.bytes[7]) >= 3_000
        else { return }
        spoil(&answer.bytes)
      }
    }

    /// Spoils one answer to an inquiry.
    static func once(
      _ testDescription: String, _ said: String,
      _ spoil: @escaping @Sendable (inout [UInt8]) -> Void
    ) -> Lie {
      let gate = Gate()
      return always(testDescription, said) { bytes in
        if gate.open() { spoil(&bytes) }
      }
    }
  }

  static let lies: [Lie] = [
    .always("a lower record version", "record version") {
      $0[OutcomeLayout.recordVersion.offset + 3] -= 1
    },
    .always("a higher record version", "record version", of: [.update]) {
      $0[OutcomeLayout.recordVersion.offset + 3] += 1
    },
    .always("a wrong card status", "card status") { $0[OutcomeLayout.status.offset] = 2 },
    .always("a wrong code", "code 3001, not 3501") { bytes in
      bytes[HeaderLayout.responseCode.offset] = UInt8(3_001 >> 8)
      bytes[HeaderLayout.responseCode.offset + 1] = UInt8(3_001 & 0xFF)
    },
    .always("a wrong period", "a period from") { $0[OutcomeLayout.periodLast.offset + 3] += 1 },
    .always("another client's data", "client data") { $0[InquiryReplyLayout.clientOffset] += 1 },
    .always("another position in the log", "log position") {
      $0[HeaderLayout.logPosition.offset + 7] &+= 1
    },
    .once("an answer for another STAN", "nothing that was asked") {
      $0[HeaderLayout.traceNumber.offset + 1] &+= 1
    },
    .once("an answer for another terminal", "nothing that was asked") {
      $0[HeaderLayout.terminal.offset + 7] &+= 1
    },
    .always("another transaction time", "the transaction time") {
      $0[HeaderLayout.transactionTime.offset + 7] &+= 1
    },
    .once("a lost answer", Lie.noAnswer) { $0 = [] },
    .once("an answer twice", "nothing that was asked") { $0 += $0 },
    .always("a change without a confirmation number", "no confirmation number", of: [.update]) {
      for place in OutcomeLayout.confirmation.range { $0[place] = 0x20 }
    },
    .always("a frame that breaks the format", "breaks rule 5") {
      $0[InquiryReplyLayout.reserved.offset] = 1
    },
    Lie("a repeat that is carried out again", "a repeat was answered anew") { answer in
      guard answer.request[HeaderLayout.flags.offset] == FrameFlags.repeat.rawValue else { return }
      answer.bytes[HeaderLayout.flags.offset] &= ~FrameFlags.storedReply.rawValue
    },
    Lie("a stored answer that has changed", "otherwise than the first time") { answer in
      guard answer.request[HeaderLayout.flags.offset] == FrameFlags.repeat.rawValue else { return }
      answer.bytes[OutcomeLayout.recordVersion.offset + 2] ^= 1
    },
    Lie("another stored answer than the one that was given", "the stored answer") { answer in
      guard answer.type == .last, answer.bytes.count == LastReplyLayout.byteCount else { return }
      answer.bytes[LastReplyLayout.storedReply.offset + 60] ^= 1
    },
    Lie("a reversal of another change", "another change was undone") { answer in
      guard answer.type == .reverse, answer.bytes.count == ReverseReplyLayout.byteCount else {
        return
      }
      answer.bytes[ReverseReplyLayout.originalTraceNumber.offset + 2] ^= 1
    },
    Lie("a reversal that undoes nothing", "record version") { answer in
      guard answer.type == .reverse, answer.bytes.count == ReverseReplyLayout.byteCount else {
        return
      }
      answer.bytes[OutcomeLayout.recordVersion.offset + 3] -= 1
    },
    .always("a renewed period that is not told of", "no renewed period", of: [.recertify]) {
      $0[OutcomeLayout.notices.offset + 1] &= ~UInt8(Notices.renewalWaiting.rawValue)
    },
    .always("a renewed period without a cause", "nobody made", of: [.update]) {
      $0[OutcomeLayout.notices.offset + 1] |= UInt8(Notices.renewalWaiting.rawValue)
    },
    .always("a recertification that counts for nothing", "record version", of: [.recertify]) {
      $0[OutcomeLayout.recordVersion.offset + 3] -= 1
    },
    .always("a sign-off that is declined", "code 3001", of: [.signOff]) { bytes in
      bytes[HeaderLayout.responseCode.offset] = UInt8(3_001 >> 8)
      bytes[HeaderLayout.responseCode.offset + 1] = UInt8(3_001 & 0xFF)
    },
    Lie("a training update that shows nothing", "record version") { answer in
      guard answer.request[HeaderLayout.flags.offset] == FrameFlags.training.rawValue else {
        return
      }
      answer.bytes[OutcomeLayout.recordVersion.offset + 3] -= 1
    },
    Lie("a training update that is not for training", "a flag") { answer in
      guard answer.request[HeaderLayout.flags.offset] == FrameFlags.training.rawValue else {
        return
      }
      answer.bytes[HeaderLayout.flags.offset] = 0
    },
    Lie("a wrong refusal", "not 10") { answer in
      guard answer.bytes[6] == 3, answer.bytes.count == 64 else { return }
      answer.bytes[7] = answer.bytes[7] == 0xEC ? 0xED : 0xEC
    },
  ]

  @Test("tells every lie", arguments: lies)
  func lie(_ lie: Lie) throws {
    let server = try StubServer(lie.fault)
    var plan = Self.plan(seconds: 0.3)
    if lie.losesAnswers { plan.answerSeconds = 0.5 }
    let result = try LoadRun(plan, server.target).run()
    // Of a result that is shown whole there would be no end.
    let isRight = result.isRight
    #expect(!isRight)
    let said = result.violations.described
    #expect(said.contains { $0.contains(lie.said) }, "\(said)")
    // A card number is never said whole.
    #expect(!said.contains { $0.contains("1000000000") })
  }

  @Test("ends early when the server is gone, with what was measured until then")
  func gone() throws {
    let server = try StubServer { answer in
      if answer.index > Self.preparedCount + 100 { answer.bytes = [0, 7] }
    }
    var plan = Self.plan(seconds: 5)
    plan.giveUpSeconds = 0.3
    // Who has signed off signs on anew at each connection, and that the server still answers.
    plan.mix = MessageMix([(.inquiry, 1), (.signOff, 1)])
    let result = try LoadRun(plan, server.target).run()
    #expect(result.failure != nil)
    #expect(result.answerCount > 0)
  }
}

/// Opens once.
final class Gate: Sendable {
  private let isShut = Atomic<Bool>(false)
  func open() -> Bool { !isShut.exchange(true, ordering: .relaxed) }
}
