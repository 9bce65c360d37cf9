import LinuxSystem
import TerminalSimulation
import Testing
import TransactionModel
import WireFormat

@testable import TerminalClient

@Suite("ReliableTerminal, with changes pending,")
struct ReliableTerminalPendingTests {
  private let fixture: LineFixture

  init() throws { fixture = try LineFixture() }

  @Test("keeps changes while the line is down, and forwards them in order, a result for each")
  func forward() throws {
    let cards = (0..<3).map { CardScheme.healthAccessNumber(serial: 1_000_000_000_001 + $0) }
    let frames = Log<[UInt8]>()
    do {
      var terminal = try fixture.terminal(fixture.profile(ports: 1))
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
      fixture.certificates,
      [
        { connection in
          for _ in 0..<4 {
            let request = connection.receive()
            frames.append(request)
            connection.send(ModelReply.outcome(.deactivated, to: request))
          }
        }
      ])
    var terminal = try fixture.terminal(fixture.profile(ports: server.port))
    var told: [UInt32] = []
    try terminal.forward(patienceMilliseconds: LineFixture.patience) { result in
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
    let gone = try ScriptedServer(fixture.certificates, [LineFixture.silent])
    do {
      var terminal = try fixture.terminal(fixture.profile(ports: gone.port))
      #expect(
        try terminal.perform(LineFixture.change, patienceMilliseconds: LineFixture.silence) { _ in }
          == nil)
      terminal.disconnect()
    }
    gone.join()
    let server = try ScriptedServer(
      fixture.certificates,
      [
        { connection in
          connection.send(ModelReply.outcome(.deactivated, to: connection.receive()))
          connection.send(ModelReply.outcome(.eligible, to: connection.receive()))
        }
      ])
    var terminal = try fixture.terminal(fixture.profile(ports: server.port))
    #expect(terminal.pending.map(\.mayHaveBeenSent) == [true])
    var told: [RequestResult] = []
    let result = try terminal.perform(
      Samples.inquiry(Samples.card), patienceMilliseconds: LineFixture.patience
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
      fixture.certificates,
      [
        { connection in
          connection.send(ModelReply.refusal(.operatorNotSignedOn, to: connection.receive()))
          let signOn = connection.receive()
          connection.send(ModelReply.signOn(to: signOn, serverTime: Samples.time))
          let request = connection.receive()
          connection.send(ModelReply.outcome(isChange ? .deactivated : .eligible, to: request))
        }
      ])
    var terminal = try fixture.terminal(fixture.profile(ports: server.port))
    terminal.secret = Secret(bytes: InlineArray(repeating: 0x41))
    var reports = 0
    let body = isChange ? LineFixture.change : Samples.inquiry(Samples.card)
    let result = try terminal.perform(body, patienceMilliseconds: LineFixture.patience) { _ in
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
      fixture.certificates,
      [
        { connection in
          connection.send(ModelReply.refusal(.operatorNotSignedOn, to: connection.receive()))
          connection.send(ModelReply.refusal(.operatorNotSignedOn, to: connection.receive()))
          connection.send(ModelReply.refusal(.operatorSecretWrong, to: connection.receive()))
        }
      ])
    var terminal = try fixture.terminal(fixture.profile(ports: server.port))
    let result = try terminal.perform(
      LineFixture.change, patienceMilliseconds: LineFixture.patience
    ) { _ in }
    #expect(result?.outcome.isFinal == false)
    #expect(result?.outcome.reply?.header.code == .operatorNotSignedOn)
    terminal.secret = Secret(bytes: InlineArray(repeating: 0x41))
    try terminal.forward(patienceMilliseconds: LineFixture.patience) { _ in }
    #expect(terminal.signOnRefusal?.header.code == .operatorSecretWrong)
    #expect(terminal.pending.count == 1)
    terminal.disconnect()
    server.join()
  }

  @Test("cancels by a reversal what may have been sent, and by forgetting what was not")
  func cancel() throws {
    let server = try ScriptedServer(
      fixture.certificates,
      [
        LineFixture.silent,
        { connection in
          let request = connection.receive()
          let body = TerminalRequest(frame: request)?.body
          guard case .reverse(let number, .deactivate, 1, _)? = body, number.rawValue == 1
          else { return }
          connection.send(ModelReply.outcome(.reversalRemembered, to: request))
        },
      ])
    var terminal = try fixture.terminal(fixture.profile(ports: server.port))
    #expect(
      try terminal.perform(LineFixture.change, patienceMilliseconds: LineFixture.silence) { _ in }
        == nil)
    terminal.disconnect()
    var told: [String] = []
    let first = SystemTraceAuditNumber(rawValue: 1)
    try terminal.cancel(first, patienceMilliseconds: LineFixture.patience) {
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

  @Test("cancels although no other change can be kept any more")
  func cancelWhenFull() throws {
    let profile = fixture.profile(ports: 1)
    let terminal = try fixture.terminal(profile)
    let privateKey = try File(readingFrom: profile.privateKeyFile).content()
    do {
      var file = try PendingFile.open(
        Directory(path: profile.stateDirectory), name: "pending-1001", path: "pending-1001",
        terminal: profile.terminal, privateKey: privateKey)
      for number in 1..<UInt32(PendingFile.placeCount) {
        try file.keep(Samples.change(number, isSent: true))
      }
    }
    _ = consume terminal
    var full = try fixture.terminal(profile)
    do throws(TerminalError) {
      _ = try full.perform(LineFixture.change, patienceMilliseconds: 1) { _ in }
      Issue.record("there is room for another change")
    } catch {
      guard case .pendingFull = error else { throw error }
    }
    try full.cancel(SystemTraceAuditNumber(rawValue: 7), patienceMilliseconds: 1) { _ in }
    #expect(full.pending.filter(\.isCancelled).map(\.traceNumber.rawValue) == [7])
    full.disconnect()
  }
}
