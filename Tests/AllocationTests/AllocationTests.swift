import CAllocationCounter
import EligibilityPolicy
import Support
import Testing
import TransactionEngine
import TransactionModel
import WireFormat

/// From received bytes to encoded reply, as a reactor does it, without socket and TLS.
@Suite("In the steady state")
struct AllocationTests {
  @Test(
    "an inquiry allocates nothing between the received bytes and the encoded reply",
    arguments: [
      (Fixture.card(1), ResponseCode.eligible), (Fixture.card(2), .neverActivated),
      (Fixture.unknownCard(1), .cardUnknown), (benefitsCard, .eligible),
      (CardNumber(high: 0x3930_3030_3030_3031, low: 0x4131_3631_3233_2020), .cardUnknown),
    ])
  func inquiry(card: CardNumber, code: ResponseCode) throws {
    let fixture = try FixtureEngine()
    let activation = RequestBody.activate(
      Certification(
        card: Fixture.card(1), certificationDate: Fixture.today,
        client: SampleForm.eligible.with(.benefitsCard, Self.benefitsCard.revealed)))
    _ = try fixture.decide(
      Self.frame(6, activation), from: Self.identity, at: Fixture.start)
    let request = Self.frame(
      7, .inquiry(card: card, dateOfService: Fixture.today, purpose: .information))
    var reply = FrameBuffer()
    var digester = RequestDigester()
    let count = try Self.allocations(perRound: 1_000) {
      try Self.answer(request, fixture.engine, &digester, &reply)
    }
    #expect(reply.frame.responseCode == code)
    #expect(count == 0, "\(count) allocations in 1000 inquiries")
  }

  @Test("the counter counts")
  func counts() {
    let count = Self.allocations(perRound: 10) {
      _ = [UInt8](repeating: 1, count: 100).shuffled()
    }
    #expect(count >= 10)
  }

  /// Allocations of this thread in so many calls, after a few that warm up what is made once.
  private static func allocations(
    perRound callCount: Int, _ body: () throws -> Void
  ) rethrows -> UInt64 {
    for _ in 0..<10 { try body() }
    let before = CAllocationCounter_count()
    for _ in 0..<callCount { try body() }
    return CAllocationCounter_count() - before
  }

  /// Its number is 90000000A16123.
  private static let benefitsCard = CardNumber(
    high: 0x3930_3030_3030_3030, low: 0x4131_3631_3233_2020)

  private static let identity = CertificateIdentity(
    environment: .test, subject: .terminal(TerminalID(rawValue: 1001)))

  private static func frame(_ traceNumber: UInt32, _ body: RequestBody) -> [UInt8] {
    var frame = FrameBuffer()
    let header = RequestHeader(
      environment: .test, flags: .keyed,
      traceNumber: SystemTraceAuditNumber(rawValue: traceNumber),
      software: SoftwareID(rawValue: 1), terminal: TerminalID(rawValue: 1001),
      transactionTime: Fixture.start, operatorID: OperatorID(rawValue: 501))
    precondition(frame.encode(header, body), "there is no text to overflow")
    return (0..<frame.byteCount).map { frame.byte(at: $0) }
  }

  private static func answer(
    _ received: [UInt8], _ engine: SharedEngine, _ digester: inout RequestDigester,
    _ reply: inout FrameBuffer
  ) throws {
    guard let frame = try FrameView(prefixOf: unsafe received.span.bytes, .request) else {
      preconditionFailure("the frame is whole")
    }
    let type = try FrameCheck.checkRequest(frame)
    _ = engine.decide(
      frame, type,
      from: identity, at: Fixture.start, changesAvailable: true, digester: &digester, into: &reply)
  }
}
