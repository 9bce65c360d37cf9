import LinuxSystem
import TLS
import Testing
import TransactionModel
import WireFormat

@testable import TerminalClient

@Suite("TerminalClient over TLS")
struct TerminalClientTests {
  private let directory: TemporaryDirectory
  private let certificates: TestCertificates

  init() throws {
    directory = try TemporaryDirectory()
    certificates = try TestCertificates(in: directory)
  }

  private func profile(port: UInt16, terminal: String = "terminal") -> TerminalProfile {
    var profile = TerminalProfile(
      servers: [ServerAddress(host: "127.0.0.1", port: port)],
      authorityFile: certificates.authority,
      certificateFile: certificates.certificate(terminal),
      privateKeyFile: certificates.key(terminal), environment: .test,
      terminal: TerminalID(rawValue: 1_001), operatorID: OperatorID(rawValue: 501),
      software: SoftwareID(rawValue: 1), stateDirectory: directory.file("state"))
    profile.answerTimeoutMilliseconds = 10_000
    return profile
  }

  @Test("gets the answer to its request, over one connection for many")
  func answers() throws {
    let server = try ScriptedServer(
      certificates,
      [
        { connection in
          for _ in 0..<3 { connection.send(ScriptedReply.echo(to: connection.receive())) }
        }
      ])
    var client = try TerminalClient(profile(port: server.port))
    for number in UInt32(1)...3 {
      let reply = try client.send(.echo)
      #expect(reply.header.traceNumber.rawValue == number)
      #expect(reply.header.code == .approved)
    }
    client.disconnect()
    server.join()
  }

  @Test(
    "finds each answer whatever the order they come in",
    arguments: [[0, 1, 2], [2, 0, 1], [2, 1, 0]])
  func overtaking(order: [Int]) throws {
    let server = try ScriptedServer(
      certificates,
      [
        { connection in
          var requests: [[UInt8]] = []
          for _ in order { requests.append(connection.receive()) }
          for index in order { connection.send(ScriptedReply.echo(to: requests[index])) }
        }
      ])
    var client = try TerminalClient(profile(port: server.port))
    var numbers: [SystemTraceAuditNumber] = []
    for _ in order {
      let request = try client.prepare(.echo)
      try client.submit(request)
      numbers.append(request.traceNumber)
    }
    for number in numbers {
      #expect(try client.receive(number).header.traceNumber == number)
    }
    client.disconnect()
    server.join()
  }

  @Test("never takes a late answer for the next request's")
  func lateAnswer() throws {
    let server = try ScriptedServer(
      certificates,
      [
        { connection in
          let first = connection.receive()
          let second = connection.receive()
          connection.send(ScriptedReply.refusal(.busy, to: first))
          connection.send(ScriptedReply.echo(to: second))
        }
      ])
    var profile = profile(port: server.port)
    profile.answerTimeoutMilliseconds = 3_000
    var client = try TerminalClient(profile)
    try client.connect()
    do throws(TerminalError) {
      _ = try client.send(.echo)
      Issue.record("an answer came")
    } catch {
      guard case .timedOut(_, .answer, _) = error else { throw error }
    }
    client.setAnswerTimeout(milliseconds: 10_000)
    let reply = try client.send(.echo)
    #expect(reply.header.code == .approved)
    #expect(reply.header.traceNumber.rawValue == 2)
    #expect(client.strayReplyCount == 1)
    client.disconnect()
    server.join()
  }

  @Test("reads an answer that comes byte by byte, and two that come at once")
  func splitAnswers() throws {
    let server = try ScriptedServer(
      certificates,
      [
        { connection in
          for byte in ScriptedReply.echo(to: connection.receive()) { connection.send([byte]) }
          let (second, third) = (connection.receive(), connection.receive())
          connection.send(ScriptedReply.echo(to: second) + ScriptedReply.echo(to: third))
        }
      ])
    var client = try TerminalClient(profile(port: server.port))
    #expect(try client.send(.echo).header.traceNumber.rawValue == 1)
    let (second, third) = (try client.prepare(.echo), try client.prepare(.echo))
    try client.submit(second)
    try client.submit(third)
    #expect(try client.receive(third.traceNumber).header.traceNumber.rawValue == 3)
    #expect(try client.receive(second.traceNumber).header.traceNumber.rawValue == 2)
    client.disconnect()
    server.join()
  }

  @Test(
    "refuses an answer that does not give the key back, or is none",
    arguments: [
      Field?.some(HeaderLayout.software), HeaderLayout.transactionTime, HeaderLayout.operatorID,
      HeaderLayout.environment, nil,
    ])
  func contradiction(field: Field?) throws {
    let server = try ScriptedServer(
      certificates,
      [
        { connection in
          var reply = ScriptedReply.echo(to: connection.receive())
          // Without a field it is the frame's length that cannot be.
          let offset = field.map { $0.offset + $0.byteCount - 1 } ?? 1
          if !reply.isEmpty { reply[offset] ^= 3 }
          connection.send(reply)
        }
      ])
    var client = try TerminalClient(profile(port: server.port))
    do throws(TerminalError) {
      _ = try client.send(.echo)
      Issue.record("the answer was taken")
    } catch {
      guard case .replyUnusable = error else { throw error }
    }
    server.join()
  }

  @Test("connects again after the connection was lost")
  func reconnects() throws {
    let server = try ScriptedServer(
      certificates,
      [
        { connection in _ = connection.receive() },
        { connection in connection.send(ScriptedReply.echo(to: connection.receive())) },
      ])
    var client = try TerminalClient(profile(port: server.port))
    let request = try client.prepare(.echo)
    do throws(TerminalError) {
      _ = try client.send(request)
      Issue.record("an answer came")
    } catch {
      guard case .connectionLost = error else { throw error }
      #expect(error.leavesOutcomeOpen)
    }
    let reply = try client.send(request.repeated)
    #expect(reply.header.traceNumber == request.traceNumber)
    #expect(reply.header.flags.contains(.repeat))
    client.disconnect()
    server.join()
  }

  @Test(
    "says why the server refused its certificate",
    arguments: [
      ("expired", TLSAlert.certificateExpired, "certificate expired"),
      ("stranger", TLSAlert.unknownAuthority, "another authority"),
    ])
  func refusedCertificate(name: String, alert: UInt8, words: String) throws {
    let server = try ScriptedServer(certificates, [{ _ in }])
    var client = try TerminalClient(profile(port: server.port, terminal: name))
    do throws(TerminalError) {
      _ = try client.send(.echo)
      Issue.record("an answer came")
    } catch {
      guard case .refusedByServer(_, alert) = error else { throw error }
      #expect(error.description.contains(words))
      #expect(!error.leavesOutcomeOpen)
    }
    server.join()
  }

  @Test("reads why it was refused before it reports that it cannot write")
  func refusedBeforeWriting() throws {
    let server = try ScriptedServer(certificates, lingers: false, [{ _ in }])
    var client = try TerminalClient(profile(port: server.port, terminal: "expired"))
    try client.connect()
    server.join()
    do throws(TerminalError) {
      // The first write makes the server's machine reset the connection, the second one fails.
      for _ in 0..<2 { try client.submit(client.prepare(.echo)) }
      Issue.record("both were written")
    } catch {
      guard case .refusedByServer(_, TLSAlert.certificateExpired) = error else { throw error }
    }
  }

  @Test(
    "trusts no server of another authority or name",
    arguments: [
      ("impostor", TLSFailureReason.certificateUnknownAuthority),
      ("elsewhere", .certificateWrongHost),
    ])
  func untrustedServer(name: String, reason: TLSFailureReason) throws {
    let server = try ScriptedServer(certificates, server: name, [{ _ in }])
    var client = try TerminalClient(profile(port: server.port))
    do throws(TerminalError) {
      _ = try client.send(.echo)
      Issue.record("an answer came")
    } catch {
      guard case .serverNotTrusted(_, reason, _) = error else { throw error }
    }
    server.join()
  }

  @Test("does not send a request that breaks a rule of the format")
  func malformedRequest() throws {
    let listener = try ListeningSocket(host: "127.0.0.1", port: 0)
    var client = try TerminalClient(profile(port: listener.address.port))
    let wrong = try #require(CardNumber("10000000000017"))
    do throws(TerminalError) {
      _ = try client.send(
        .inquiry(
          card: wrong, dateOfService: CalendarDate(trusted: 2026_04_15), purpose: .information))
      Issue.record("the request was sent")
    } catch {
      guard case .requestMalformed(let field, .checkDigitWrong) = error else { throw error }
      #expect(try client.prepare(.echo).traceNumber.rawValue == 1)
      #expect(field == "card_number")
      #expect(!error.description.contains("10000000000017"))
    }
    guard case .wouldBlock = listener.accept() else {
      Issue.record("the client connected")
      return
    }
  }

  @Test("learns at sign-on which trace numbers its terminal has used")
  func learnsTraceNumber() throws {
    let server = try ScriptedServer(
      certificates,
      [
        { connection in
          connection.send(ScriptedReply.signOn(newestTraceNumber: 700, to: connection.receive()))
        }
      ])
    var client = try TerminalClient(profile(port: server.port))
    _ = try client.send(
      .signOn(secret: .none, newSecret: .none, softwareVersion: "test", highestVersion: 1))
    #expect(try client.prepare(.echo).traceNumber.rawValue == 1_701)
    client.disconnect()
    server.join()
  }

  @Test("goes by the server's clock when it is told to")
  func serverClock() throws {
    let server = try ScriptedServer(
      certificates,
      [{ connection in connection.send(ScriptedReply.echo(to: connection.receive())) }])
    var profile = profile(port: server.port)
    profile.clock = .server
    var client = try TerminalClient(profile)
    try client.connect()
    let hour: UInt64 = 3_600_000
    let time = try client.prepare(.echo).header.transactionTime
    let range =
      ScriptedReply.serverTime.milliseconds...(ScriptedReply.serverTime.milliseconds + hour)
    #expect(range.contains(time.milliseconds))
    client.disconnect()
    server.join()
  }

  @Test("has no more requests in flight than it may")
  func framesInFlight() throws {
    let server = try ScriptedServer(
      certificates,
      [
        { connection in
          let first = connection.receive()
          _ = connection.receive()
          connection.send(ScriptedReply.echo(to: first))
          connection.send(ScriptedReply.echo(to: connection.receive()))
        }
      ])
    var profile = profile(port: server.port)
    profile.framesInFlightMax = 2
    var client = try TerminalClient(profile)
    let first = try client.prepare(.echo)
    try client.submit(first)
    try client.submit(client.prepare(.echo))
    let third = try client.prepare(.echo)
    do throws(TerminalError) {
      try client.submit(third)
      Issue.record("a third was sent")
    } catch {
      guard case .tooManyInFlight(2) = error else { throw error }
    }
    _ = try client.receive(first.traceNumber)
    #expect(try client.send(third).header.traceNumber == third.traceNumber)
    client.disconnect()
    server.join()
  }
}
