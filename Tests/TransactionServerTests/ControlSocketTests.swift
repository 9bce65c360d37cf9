import Glibc
import LinuxSystem
import Observability
import Testing
import TransactionModel
import WriteAheadLog

@testable import TransactionEngine
@testable import TransactionServer

@Suite("The control socket")
struct ControlSocketTests {
  @Test(
    "reads the name of a command",
    arguments: [
      (#"{"command":"status"}"#, "status"), (#" { "command" : "log.head" } "#, "log.head"),
      ("{\"command\":\"a-b\"}\r", "a-b"),
    ])
  func command(line: String, command: String) {
    #expect(ControlRequest(line: line)?.command == command)
  }

  @Test(
    "refuses every other line",
    arguments: [
      "", "status", "{}", #"{"command":""}"#, #"{"command":"Status"}"#, #"{"command":"a\"b"}"#,
      #"{"command":"status","more":1}"#, #"{"command":"status"}}"#, #"{"command":"status""#,
      #"{"command":7}"#, #"["status"]"#, #"{"commands":"status"}"#,
    ])
  func refused(line: String) {
    #expect(ControlRequest(line: line) == nil)
  }

  @Test("escapes what a JSON string cannot hold")
  func json() {
    var inner = JSONObject()
    inner.set("number", UInt64.max)
    var object = JSONObject()
    object.set("text", "a\"b\\c\nd\u{1}é")
    object.set("inner", inner)
    object.set("isTrue", true)
    let expected =
      #"{"text":"a\"b\\c\u000ad\u0001é","inner":{"number":18446744073709551615},"isTrue":true}"#
    #expect(object.text == expected)
  }

  @Test("answers status, and says what it does not know")
  func answers() throws {
    let path = "/tmp/posd-control-\(getpid())-\(UInt32.random(in: 0 ... .max)).socket"
    var counters = CounterListing()
    counters.add("connections_open", 3)
    let report = StatusReport(
      version: "1.0", environment: .test, uptimeMilliseconds: 5,
      durablePosition: LogPosition(rawValue: 12), changesAvailable: true,
      engine: EngineFigures(
        cardsWithRecords: 1, cardsInStock: 2, sites: 3, terminals: 4,
        stagedThrough: LogPosition(rawValue: 14), newestServerTime: Instant(milliseconds: 9)),
      counters: counters, log: CommitStatistics(slowSyncMilliseconds: 100))
    let user = getuid()
    let socket = try ControlSocket(
      path: path, mode: 0o600, isAllowed: { $0.userIdentifier == user },
      answer: { $0 == "status" ? report.json : nil })
    defer { socket.stop() }
    let expected =
      #"{"version":"1.0","environment":"test","uptime_milliseconds":5,"durable_position":12,"#
      + #""staged_position":14,"newest_server_time":9,"changes_available":true,"#
      + #""engine":{"cards_with_records":1,"cards_in_stock":2,"sites":3,"terminals":4},"#
      + #""log":{"syncs":0,"sync_nanoseconds":0,"slow_syncs":0,"longest_sync_nanoseconds":0},"#
      + #""counters":{"connections_open":3}}"#
    let client = try OwnedDescriptor.connected(toUnixPath: path)
    #expect(exchange(client, #"{"command":"status"}"#) == expected)
    #expect(exchange(client, #"{"command":"dance"}"#) == #"{"error":"unknown command dance"}"#)
    #expect(
      exchange(client, "dance") == #"{"error":"expected {\"command\":\"NAME\"}"}"#)
  }

  @Test("a line without an end closes the connection, and others are answered")
  func endless() throws {
    let path = "/tmp/posd-control-\(getpid())-\(UInt32.random(in: 0 ... .max)).socket"
    let socket = try ControlSocket(
      path: path, mode: 0o600, isAllowed: { _ in true }, answer: { _ in JSONObject() })
    defer { socket.stop() }
    let endless = try OwnedDescriptor.connected(toUnixPath: path)
    let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 8 * 1024)
    _ = unsafe endless.send(bytes.span.bytes)
    #expect(receiveUntilEnd(endless).bytes.isEmpty)
    let client = try OwnedDescriptor.connected(toUnixPath: path)
    #expect(exchange(client, #"{"command":"any"}"#) == "{}")
  }

  @Test("a stopped socket leaves no path behind")
  func stopped() throws {
    let path = "/tmp/posd-control-\(getpid())-\(UInt32.random(in: 0 ... .max)).socket"
    let socket = try ControlSocket(
      path: path, mode: 0o600, isAllowed: { _ in true }, answer: { _ in nil })
    #expect(unsafe access(path, F_OK) == 0)
    socket.stop()
    #expect(unsafe access(path, F_OK) != 0)
  }

  /// Sends a line and gives the one that comes back, or as much as came.
  private func exchange(_ descriptor: borrowing OwnedDescriptor, _ line: String) -> String {
    let bytes = Array((line + "\n").utf8)
    _ = unsafe descriptor.send(bytes.span.bytes)
    var answer: [UInt8] = []
    while answer.last != UInt8(ascii: "\n") {
      let isReady = descriptor.waitUntil(
        .readable, timeoutMilliseconds: TestClient.patienceMilliseconds)
      let more = isReady ? receiveAll(descriptor) : []
      guard !more.isEmpty else { break }
      answer += more
    }
    return String(decoding: answer.dropLast(), as: UTF8.self)
  }
}
