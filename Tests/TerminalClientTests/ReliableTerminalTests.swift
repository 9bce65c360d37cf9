import LinuxSystem
import TerminalSimulation
import Testing
import TransactionModel
import WireFormat

@testable import TerminalClient

@Suite("ReliableTerminal over TLS")
struct ReliableTerminalTests {
  private let fixture: LineFixture

  init() throws { fixture = try LineFixture() }

  @Test("gets one answer to a change, and keeps nothing of it")
  func answered() throws {
    let server = try ScriptedServer(fixture.certificates, [LineFixture.answering(.deactivated)])
    var terminal = try fixture.terminal(fixture.profile(ports: server.port))
    var reports: [RequestResult] = []
    let result = try terminal.perform(
      LineFixture.change, patienceMilliseconds: LineFixture.patience
    ) {
      reports.append($0)
    }
    #expect(result?.outcome.reply?.header.code == .deactivated)
    #expect(reports == [try #require(result)])
    #expect(terminal.pending.isEmpty)
    terminal.disconnect()
    server.join()
  }

  @Test(
    "repeats the same bytes until there is an answer, wherever the reply is cut",
    arguments: Samples.bodies)
  func cutReplies(body: RequestBody) throws {
    let code: ResponseCode = body.messageType == .reverse ? .reversed : .deactivated
    let byteCount = ModelReply.outcome(code, to: Samples.request(1, body).frame).count
    // Every byte of one kind; of the others, whose replies are cut alike, every seventh.
    let cuts = Array(stride(from: 0, to: byteCount, by: body == LineFixture.change ? 1 : 7))
    let frames = Log<[UInt8]>()
    let scripts = cuts.flatMap { count -> [ScriptedServer.Script] in
      [
        { connection in
          let request = connection.receive()
          frames.append(request)
          connection.send(Array(ModelReply.outcome(code, to: request).prefix(count)))
        },
        { connection in
          let request = connection.receive()
          frames.append(request)
          connection.send(ModelReply.with(.storedReply, ModelReply.outcome(code, to: request)))
        },
      ]
    }
    let server = try ScriptedServer(fixture.certificates, scripts)
    for count in cuts {
      var terminal = try fixture.terminal(fixture.profile(ports: server.port))
      let result = try terminal.perform(body, patienceMilliseconds: LineFixture.patience) { _ in }
      #expect(result?.outcome.reply?.header.code == code, "cut at \(count)")
      #expect(result?.outcome.reply?.header.flags == [.storedReply, .repeat], "cut at \(count)")
      #expect(terminal.pending.isEmpty)
      terminal.disconnect()
    }
    server.join()
    let sent = frames.all
    try #require(sent.count == 2 * cuts.count)
    for index in cuts.indices {
      #expect(sent[2 * index + 1] == ModelReply.with(.repeat, sent[2 * index]))
    }
  }

  @Test("takes no late, second or foreign answer for the one it waits for")
  func strayAnswers() throws {
    let server = try ScriptedServer(
      fixture.certificates,
      [
        { connection in
          let first = connection.receive()
          connection.send(ModelReply.outcome(.deactivated, to: first))
          connection.send(ModelReply.outcome(.effectiveDateNotAllowed, to: first))
          let second = connection.receive()
          connection.send(ModelReply.outcome(.effectiveDateNotAllowed, to: first))
          var other = second
          other[HeaderLayout.traceNumber.range.upperBound - 1] += 1
          connection.send(ModelReply.outcome(.effectiveDateNotAllowed, to: other))
          other = second
          other[HeaderLayout.transactionTime.range.upperBound - 1] ^= 1
          connection.send(ModelReply.outcome(.effectiveDateNotAllowed, to: other))
          connection.send(ModelReply.outcome(.deactivated, to: second))
        }
      ])
    var terminal = try fixture.terminal(fixture.profile(ports: server.port))
    for _ in 0..<2 {
      let result = try terminal.perform(
        LineFixture.change, patienceMilliseconds: LineFixture.patience
      ) { _ in }
      #expect(result?.outcome.reply?.header.code == .deactivated)
    }
    #expect(terminal.strayReplyCount == 4)
    terminal.disconnect()
    server.join()
  }

  @Test("goes to the second server when the first is not there, and when it is silent")
  func secondServer() throws {
    let silent = try ScriptedServer(fixture.certificates, [LineFixture.silent])
    let server = try ScriptedServer(
      fixture.certificates,
      [LineFixture.answering(.deactivated), LineFixture.answering(.deactivated)])
    do {
      var terminal = try fixture.terminal(fixture.profile(ports: LineFixture.nobody, server.port))
      let result = try terminal.perform(
        LineFixture.change, patienceMilliseconds: LineFixture.patience
      ) { _ in }
      #expect(result?.outcome.reply?.header.flags == [])
      terminal.disconnect()
    }
    var profile = fixture.profile(ports: silent.port, server.port)
    profile.answerTimeoutMilliseconds = LineFixture.silence
    var terminal = try fixture.terminal(profile)
    let result = try terminal.perform(
      LineFixture.change, patienceMilliseconds: LineFixture.patience
    ) { _ in }
    #expect(result?.outcome.reply?.header.flags == [.repeat])
    terminal.disconnect()
    server.join()
    silent.join()
  }

  @Test("is one process's at a time")
  func oneProcess() throws {
    let profile = fixture.profile(ports: 1)
    var terminal = try fixture.terminal(profile)
    do throws(TerminalError) {
      _ = try ReliableTerminal(profile)
      Issue.record("two have the terminal")
    } catch {
      guard case .stateInUse = error else { throw error }
    }
    terminal.disconnect()
  }
}
