import Testing
import TransactionModel

@testable import TransactionServer

@Suite("Frames on their way in")
struct FramingTests {
  @Test("an echo gets its reply")
  func echo() throws {
    let server = try TestServer()
    let client = try server.client()
    try client.send(client.echo())
    let reply = try #require(ReplySummary(client.receive()))
    #expect(reply.type == .echo && reply.code == .approved && reply.traceNumber == 1)
    #expect(server.count("frames_echo") == 1)
    #expect(server.count("replies_approved") == 1)
  }
}
