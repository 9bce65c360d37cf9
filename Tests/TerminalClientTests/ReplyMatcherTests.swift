import LinuxSystem
import Testing
import TransactionModel
import WireFormat

@testable import TerminalClient

@Suite("ReplyMatcher")
struct ReplyMatcherTests {
  private static func request(_ number: UInt32) -> TerminalRequest {
    TerminalRequest(
      header: RequestHeader(
        environment: .test, flags: [], traceNumber: SystemTraceAuditNumber(rawValue: number),
        software: SoftwareID(rawValue: 1), terminal: TerminalID(rawValue: 1_001),
        transactionTime: Instant(milliseconds: 5), operatorID: OperatorID(rawValue: 501)),
      body: .echo)
  }

  private static func reply(_ number: UInt32) throws -> ReplyHeader {
    var sent = FrameBuffer()
    let fits = sent.encode(request(number).header, .echo)
    #expect(fits)
    let request = (0..<sent.byteCount).map { sent.byte(at: $0) }
    let bytes = ScriptedReply.refusal(.busy, to: request)
    return try Reply(FrameView(whole: bytes.rawBytes)).header
  }

  @Test("matches one reply to each request, however often it was repeated")
  func repeats() throws {
    var matcher = ReplyMatcher()
    matcher.expect(Self.request(1))
    matcher.expect(Self.request(1).repeated)
    #expect(matcher.count == 1)
    #expect(matcher.match(try Self.reply(1)) == .answer)
    #expect(matcher.match(try Self.reply(1)) == .stray)
  }

  @Test("calls a stray what nobody waits for")
  func strays() throws {
    var matcher = ReplyMatcher()
    matcher.expect(Self.request(1))
    matcher.abandon(SystemTraceAuditNumber(rawValue: 1))
    #expect(matcher.match(try Self.reply(1)) == .stray)
    matcher.expect(Self.request(2))
    #expect(matcher.match(try Self.reply(1)) == .stray)
    var reply = try Self.reply(2)
    reply.terminal = TerminalID(rawValue: 1_002)
    #expect(matcher.match(reply) == .stray)
    #expect(matcher.isWaiting(SystemTraceAuditNumber(rawValue: 2)))
  }
}
