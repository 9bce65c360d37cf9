import Support
import Testing
import TransactionModel
import WireFormat

@testable import TransactionServer

/// What the engine's tests play in memory, played with certificate, server, log and disk.
///
/// Two kinds of cases stay behind: those that stand at a limit of the clock need a clock that
/// stands, and a certificate of another environment is turned away at the handshake, before any
/// frame.
@Suite("Transaction cases over TLS on loopback", .serialized)
struct LoopbackCasesTests {
  static let cases = TransactionCase.all.filter { $0.holdsOnRunningClock && $0.holdsOverTLS }

  @Test("go as the table says, and a daemon that starts again gives the same answers")
  func playAndStartAgain() throws {
    let installation = try FixtureInstallation()
    let first = try FixtureTerminals(of: installation)
    for (number, transactionCase) in Self.cases.enumerated() {
      let mismatches = try transactionCase.mismatches(playedOn: first, number: UInt64(number))
      #expect(mismatches.isEmpty, "\(transactionCase): \(mismatches.joined(separator: "\n"))")
    }
    // Those that tell the time differ by it.
    let steps = Self.cases.enumerated()
      .flatMap { $1.steps(number: UInt64($0)) }.filter { !$0.body.tellsTime }
    let before = try steps.map { try $0.answer(by: first) }
    first.hangUp()
    let second = try FixtureTerminals(of: installation)
    for (step, earlier) in zip(steps, before) {
      let trace = step.header.traceNumber
      #expect(try step.answer(by: second) == earlier, "\(step.body.messageType) \(trace)")
    }
    // The comparison is worth something only if both kinds of answers are in it.
    #expect(before.contains { $0.isStoredReply })
    #expect(before.contains { !$0.isStoredReply })
  }

  @Test("get the same answers one by one and many in one TLS record")
  func pipelined() throws {
    let terminals = try FixtureTerminals(of: FixtureInstallation())
    let pipelining = try FixtureTerminals(of: FixtureInstallation())
    let connection = try pipelining.connection(of: Speaker.clinic.identity)
    let stories = Self.cases.enumerated().map { Story(transactionCase: $1, number: UInt64($0)) }
      .filter(\.canBePipelined)
    var remaining = stories[...]
    var recordCount = 0
    while !remaining.isEmpty {
      let together = remaining.prefixThatFitsOneRecord
      remaining = remaining.dropFirst(together.count)
      recordCount += 1
      try connection.send(together.flatMap(\.bytes))
      let collected = CollectedAnswers()
      for _ in together.flatMap(\.steps) { try collected.take(connection.receive()) }
      for story in together {
        let mismatches = try story.transactionCase.mismatches(
          playedOn: collected, number: story.number)
        #expect(
          mismatches.isEmpty, "\(story.transactionCase): \(mismatches.joined(separator: "\n"))")
        for step in story.steps {
          let alone = try step.answer(by: terminals)
          let together = try step.answer(by: collected)
          #expect(together.withoutTimes == alone.withoutTimes, "\(step.body.messageType)")
        }
      }
    }
    #expect(stories.count > recordCount, "several cases in a record")
  }

  @Test("a pharmacy's hidden answers are the same and wait for no change, the clinic's wait")
  func waiting() throws {
    let terminals = try FixtureTerminals(of: FixtureInstallation(), commits: false)
    let clinic = try terminals.connection(of: Speaker.clinic.identity)
    let refused = Fixture.card(0)
    func frame(_ body: RequestBody, trace: UInt32, from speaker: Speaker = .clinic) -> [UInt8] {
      encode(speaker.header(trace: trace), body)
    }
    try clinic.send(
      frame(Scene.activate(refused, SampleForm.incomeTooHigh), trace: 1)
        + frame(Scene.inquire(refused), trace: 2) + frame(.echo, trace: 3))
    // The echo overtakes both: what was sent for them would have come before it.
    #expect(ReplySummary(clinic.receive())?.traceNumber == 3)
    let cards = [
      refused, Fixture.card(1), Fixture.cardOfSecondClinic(0), Fixture.unshippedCard(0),
      Fixture.voidedCard(0), Fixture.unknownCard(0),
    ]
    let hidden = try cards.map { card in
      try terminals.answer(
        frame(Scene.inquire(card), trace: 4, from: .pharmacy), from: Speaker.pharmacy.identity,
        at: Fixture.start)
    }
    #expect(Set(hidden).count == 1)
    #expect(ReplySummary(.frame(hidden[0]))?.code == .noInformation)
    try clinic.send(frame(.echo, trace: 5))
    #expect(ReplySummary(clinic.receive())?.traceNumber == 5)
    try terminals.daemon?.startCommitting()
    #expect(ReplySummary(clinic.receive())?.traceNumber == 1)
    #expect(ReplySummary(clinic.receive())?.traceNumber == 2)
  }
}

/// A case with its number, and its requests.
private struct Story {
  let transactionCase: TransactionCase
  let number: UInt64
  let steps: [TransactionStep]

  init(transactionCase: TransactionCase, number: UInt64) {
    self.transactionCase = transactionCase
    self.number = number
    steps = transactionCase.steps(number: number)
  }

  var bytes: [UInt8] { steps.flatMap(\.frame) }

  /// Whether one connection can send it, and trace numbers tell its replies apart.
  var canBePipelined: Bool {
    steps.allSatisfy { $0.identity == Speaker.clinic.identity }
      && Set(steps.map(\.header.traceNumber)).count == steps.count
  }
}

extension ArraySlice<Story> {
  /// TLS carries at most so many bytes in one record.
  private static var recordByteCountMax: Int { 16_384 }

  fileprivate var prefixThatFitsOneRecord: ArraySlice<Story> {
    var byteCount = 0
    return prefix { story in
      byteCount += story.bytes.count
      return byteCount <= Self.recordByteCountMax
    }
  }
}

/// Replies that have come already, in whatever order, to be asked for by trace number.
private final class CollectedAnswers: Answering {
  enum Failure: Error {
    case notAFrame(TestClient.Reading)
    case twice(SystemTraceAuditNumber)
    case none(SystemTraceAuditNumber)
  }

  private var replies: [SystemTraceAuditNumber: [UInt8]] = [:]

  func take(_ reading: TestClient.Reading) throws {
    guard case .frame(let reply) = reading else { throw Failure.notAFrame(reading) }
    let trace = unsafe FrameView(whole: reply.span.bytes).traceNumber
    guard replies.updateValue(reply, forKey: trace) == nil else { throw Failure.twice(trace) }
  }

  func answer(
    _ frame: [UInt8], from identity: CertificateIdentity, at time: Instant
  ) throws -> [UInt8] {
    let trace = unsafe FrameView(whole: frame.span.bytes).traceNumber
    guard let reply = replies[trace] else { throw Failure.none(trace) }
    return reply
  }
}

extension TransactionCase {
  /// Whether every certificate that it needs is let in.
  fileprivate var holdsOverTLS: Bool {
    steps(number: 0).allSatisfy { $0.identity.environment == Fixture.environment }
  }
}

extension TransactionStep {
  fileprivate func answer(by answering: some Answering) throws -> [UInt8] {
    try answering.answer(frame, from: identity, at: serverTime)
  }
}

extension Speaker {
  func header(trace: UInt32) -> RequestHeader {
    RequestHeader(
      environment: Fixture.environment, flags: [],
      traceNumber: SystemTraceAuditNumber(rawValue: trace), software: SoftwareID(rawValue: 77),
      terminal: terminal, transactionTime: Fixture.start, operatorID: operatorID)
  }
}

extension RequestBody {
  /// Whether its reply says what time it is.
  fileprivate var tellsTime: Bool {
    [.signOn, .signOff, .echo, .last].contains(messageType)
  }
}

extension [UInt8] {
  /// A reply with zero in place of the times that are the server's clock.
  fileprivate var withoutTimes: [UInt8] {
    let frame = unsafe FrameView(whole: span.bytes)
    guard let type = frame.messageType, !frame.responseCode.isRefusal else { return self }
    let times =
      switch type {
      case .signOn: [SignOnReplyLayout.serverTime, SignOnReplyLayout.clockDifference]
      case .signOff, .echo: [EchoReplyLayout.serverTime, EchoReplyLayout.clockDifference]
      case .inquiry: [InquiryReplyLayout.lastChange]
      case .update: [UpdateReplyLayout.lastChange]
      // What is told again has a time of its own in it.
      case .last: [LastReplyLayout.serverTime, LastReplyLayout.storedReply]
      case .activate, .recertify, .deactivate, .reverse: [Field]()
      }
    var bytes = self
    for offset in times.flatMap(\.range) { bytes[offset] = 0 }
    return bytes
  }

  fileprivate var isStoredReply: Bool {
    self[HeaderLayout.flags.offset] & FrameFlags.storedReply.rawValue != 0
  }
}
