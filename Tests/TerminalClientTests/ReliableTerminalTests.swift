import LinuxSystem
import Synchronization
import TLS
import TerminalSimulation
import Testing
import TransactionModel
import WireFormat

@testable import TerminalClient

@Suite("ReliableTerminal over TLS")
struct ReliableTerminalTests {
  private let directory: TemporaryDirectory
  private let certificates: TestCertificates

  init() throws {
    directory = try TemporaryDirectory()
    certificates = try TestCertificates(in: directory)
  }

  private func profile(ports: UInt16...) -> TerminalProfile {
    var profile = TerminalProfile(
      servers: ports.map { ServerAddress(host: "127.0.0.1", port: $0) },
      authorityFile: certificates.authority,
      certificateFile: certificates.certificate("terminal"),
      privateKeyFile: certificates.key("terminal"), environment: .test,
      terminal: TerminalID(rawValue: 1_001), operatorID: OperatorID(rawValue: 501),
      software: SoftwareID(rawValue: 1), stateDirectory: directory.file("state"))
    profile.intervals.firstReconnectMillisecondsMax = 20
    profile.intervals.firstWaitMilliseconds = 20
    profile.intervals.waitMillisecondsMax = 40
    return profile
  }

  private func terminal(_ profile: TerminalProfile) throws -> ReliableTerminal {
    try ReliableTerminal(profile)
  }

  private static let change = Samples.deactivation(Samples.card)
  private static let patience: Int32 = 30_000

  @Test("gets one answer to a change, and keeps nothing of it")
  func answered() throws {
    let server = try ScriptedServer(certificates, [Self.answering(.deactivated)])
    var terminal = try terminal(profile(ports: server.port))
    var reports: [RequestResult] = []
    let result = try terminal.perform(Self.change, patienceMilliseconds: Self.patience) {
      reports.append($0)
    }
    #expect(result?.outcome.reply?.header.code == .deactivated)
    #expect(reports == [try #require(result)])
    #expect(terminal.pending.isEmpty)
    terminal.disconnect()
    server.join()
  }

  @Test("repeats the same bytes until there is an answer, at every cut of the reply")
  func cutReplies() throws {
    let reply = ModelReply.outcome(.deactivated, to: Samples.request(1).frame)
    let frames = Log<[UInt8]>()
    let cuts = Array(0..<reply.count)
    let scripts = cuts.flatMap { count -> [ScriptedServer.Script] in
      [
        { connection in
          let request = connection.receive()
          frames.append(request)
          connection.send(Array(ModelReply.outcome(.deactivated, to: request).prefix(count)))
        },
        { connection in
          let request = connection.receive()
          frames.append(request)
          let reply = ModelReply.outcome(.deactivated, to: request)
          connection.send(ModelReply.with(.storedReply, reply))
        },
      ]
    }
    let server = try ScriptedServer(certificates, scripts)
    for count in cuts {
      var terminal = try terminal(profile(ports: server.port))
      let result = try terminal.perform(Self.change, patienceMilliseconds: Self.patience) { _ in }
      #expect(result?.outcome.reply?.header.code == .deactivated, "cut at \(count)")
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
      certificates,
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
    var terminal = try terminal(profile(ports: server.port))
    for _ in 0..<2 {
      let result = try terminal.perform(Self.change, patienceMilliseconds: Self.patience) { _ in }
      #expect(result?.outcome.reply?.header.code == .deactivated)
    }
    #expect(terminal.strayReplyCount == 4)
    terminal.disconnect()
    server.join()
  }

  @Test("goes to the second server when the first is not there, and when it is silent")
  func secondServer() throws {
    let nobody = try ListeningSocket(host: "127.0.0.1", port: 0)
    let silent = try ScriptedServer(certificates, [Self.silent])
    let server = try ScriptedServer(
      certificates, [Self.answering(.deactivated), Self.answering(.deactivated)])
    let closedPort = nobody.address.port
    _ = consume nobody
    do {
      var terminal = try terminal(profile(ports: closedPort, server.port))
      let result = try terminal.perform(Self.change, patienceMilliseconds: Self.patience) { _ in }
      #expect(result?.outcome.reply?.header.flags == [])
      terminal.disconnect()
    }
    var profile = profile(ports: silent.port, server.port)
    profile.answerTimeoutMilliseconds = 100
    var terminal = try terminal(profile)
    let result = try terminal.perform(Self.change, patienceMilliseconds: Self.patience) { _ in }
    #expect(result?.outcome.reply?.header.flags == [.repeat])
    terminal.disconnect()
    server.join()
    silent.join()
  }

  @Test("keeps changes while the line is down, and forwards them in order, a result for each")
  func forward() throws {
    let cards = (0..<3).map { CardScheme.healthAccessNumber(serial: 1_000_000_000_001 + $0) }
    let frames = Log<[UInt8]>()
    do {
      var terminal = try terminal(profile(ports: 1))
      for card in cards + [cards[0]] {
        let body = Samples.deactivation(card)
        let result = try terminal.perform(body, patienceMilliseconds: 1) { _ in }
        #expect(result == nil)
      }
      guard case .unreachable = terminal.failure else {
        Issue.record("it does not say why")
        return
      }
      #expect(terminal.pending.map(\.traceNumber.rawValue) == [1, 2, 3, 4])
      #expect(!terminal.pending.contains { $0.mayHaveBeenSent })
    }
    let server = try ScriptedServer(
      certificates,
      [
        { connection in
          for _ in 0..<4 {
            let request = connection.receive()
            frames.append(request)
            connection.send(ModelReply.outcome(.deactivated, to: request))
          }
        }
      ])
    var terminal = try terminal(profile(ports: server.port))
    var told: [UInt32] = []
    try terminal.forward(patienceMilliseconds: Self.patience) { result in
      told.append(result.request.traceNumber.rawValue)
    }
    #expect(told == [1, 2, 3, 4])
    #expect(frames.all.compactMap { TerminalRequest(frame: $0)?.traceNumber.rawValue } == told)
    #expect(terminal.pending.isEmpty)
    terminal.disconnect()
    server.join()
  }

  @Test("finishes what an earlier process left, before anything else on that card")
  func leftBehind() throws {
    let gone = try ScriptedServer(certificates, [Self.silent])
    do {
      var terminal = try terminal(profile(ports: gone.port))
      #expect(try terminal.perform(Self.change, patienceMilliseconds: 100) { _ in } == nil)
      terminal.disconnect()
    }
    gone.join()
    let server = try ScriptedServer(
      certificates,
      [
        { connection in
          connection.send(ModelReply.outcome(.deactivated, to: connection.receive()))
          connection.send(ModelReply.outcome(.eligible, to: connection.receive()))
        }
      ])
    var terminal = try terminal(profile(ports: server.port))
    #expect(terminal.pending.map(\.mayHaveBeenSent) == [true])
    var told: [RequestResult] = []
    let result = try terminal.perform(
      Samples.inquiry(Samples.card), patienceMilliseconds: Self.patience
    ) { told.append($0) }
    #expect(told.map(\.request.traceNumber.rawValue) == [1])
    #expect(told.first?.outcome.reply?.header.flags == [.repeat])
    #expect(result?.outcome.reply?.header.code == .eligible)
    terminal.disconnect()
    server.join()
  }

  @Test(
    "signs on when it is asked to, if it has the secret, and goes on", arguments: [true, false])
  func signsOn(isChange: Bool) throws {
    let server = try ScriptedServer(
      certificates,
      [
        { connection in
          connection.send(ModelReply.refusal(.operatorNotSignedOn, to: connection.receive()))
          let signOn = connection.receive()
          connection.send(ModelReply.signOn(to: signOn, serverTime: Samples.time))
          let request = connection.receive()
          connection.send(ModelReply.outcome(isChange ? .deactivated : .eligible, to: request))
        }
      ])
    var terminal = try terminal(profile(ports: server.port))
    terminal.secret = Secret(bytes: InlineArray(repeating: 0x41))
    var reports = 0
    let body = isChange ? Self.change : Samples.inquiry(Samples.card)
    let result = try terminal.perform(body, patienceMilliseconds: Self.patience) { _ in
      reports += 1
    }
    #expect(result?.outcome.reply?.header.code == (isChange ? .deactivated : .eligible))
    #expect(reports == (isChange ? 1 : 0))
    terminal.disconnect()
    server.join()
  }

  @Test("holds a change that is refused for want of a sign-on, and says so")
  func held() throws {
    let server = try ScriptedServer(
      certificates,
      [
        { connection in
          connection.send(ModelReply.refusal(.operatorNotSignedOn, to: connection.receive()))
          connection.send(ModelReply.refusal(.operatorNotSignedOn, to: connection.receive()))
          connection.send(ModelReply.refusal(.operatorSecretWrong, to: connection.receive()))
        }
      ])
    var terminal = try terminal(profile(ports: server.port))
    let result = try terminal.perform(Self.change, patienceMilliseconds: Self.patience) { _ in }
    #expect(result?.outcome.isFinal == false)
    #expect(result?.outcome.reply?.header.code == .operatorNotSignedOn)
    terminal.secret = Secret(bytes: InlineArray(repeating: 0x41))
    try terminal.forward(patienceMilliseconds: Self.patience) { _ in }
    #expect(terminal.signOnRefusal?.header.code == .operatorSecretWrong)
    #expect(terminal.pending.count == 1)
    terminal.disconnect()
    server.join()
  }

  @Test("cancels by a reversal what may have been sent, and by forgetting what was not")
  func cancel() throws {
    let server = try ScriptedServer(
      certificates,
      [
        Self.silent,
        { connection in
          let request = connection.receive()
          let body = TerminalRequest(frame: request)?.body
          guard case .reverse(let number, .deactivate, 1, _)? = body, number.rawValue == 1
          else { return }
          connection.send(ModelReply.outcome(.reversalRemembered, to: request))
        },
      ])
    var terminal = try terminal(profile(ports: server.port))
    #expect(try terminal.perform(Self.change, patienceMilliseconds: 100) { _ in } == nil)
    terminal.disconnect()
    var told: [String] = []
    let first = SystemTraceAuditNumber(rawValue: 1)
    try terminal.cancel(first, patienceMilliseconds: Self.patience) {
      told.append(SessionFixture.words(.report($0)))
    }
    #expect(told == ["report 1 cancelled 3508"])
    #expect(terminal.pending.isEmpty)
    do throws(TerminalError) {
      try terminal.cancel(first, patienceMilliseconds: 1) { _ in }
      Issue.record("it was cancelled twice")
    } catch {
      guard case .notPending = error else { throw error }
    }
    terminal.disconnect()
    server.join()
  }

  @Test("is one process's at a time")
  func oneProcess() throws {
    let profile = profile(ports: 1)
    var terminal = try terminal(profile)
    do throws(TerminalError) {
      _ = try ReliableTerminal(profile)
      Issue.record("two have the terminal")
    } catch {
      guard case .stateInUse = error else { throw error }
    }
    terminal.disconnect()
  }

  /// Takes a request, and answers nothing until the terminal goes.
  private static let silent: ScriptedServer.Script = { connection in
    while !connection.receive().isEmpty {}
  }

  private static func answering(_ code: ResponseCode) -> ScriptedServer.Script {
    { connection in connection.send(ModelReply.outcome(code, to: connection.receive())) }
  }
}

/// What the threads of a test have seen.
final class Log<Element: Sendable>: Sendable {
  private let elements = Mutex<[Element]>([])

  var all: [Element] { elements.withLock { $0 } }

  func append(_ element: Element) { elements.withLock { $0.append(element) } }
}
