import LinuxSystem
import TLS
import TransactionModel
import WireFormat

@testable import TerminalClient

/// A server that does for one connection after the other what a test says.
final class ScriptedServer {
  typealias Script = @Sendable (inout ScriptedConnection) -> Void

  let port: UInt16
  private var thread: LinuxSystem.Thread?

  /// Serves one connection for each script, in order; then ends.
  ///
  /// One that does not linger closes at once after a handshake that failed.
  init(
    _ certificates: TestCertificates, server: String = "server", lingers: Bool = true,
    _ scripts: [Script]
  ) throws {
    let context = try TLSServerContext(
      certificateChainFile: certificates.certificate(server),
      privateKeyFile: certificates.key(server), clientAuthorityFile: certificates.authority)
    let listener = try ListeningSocket(host: "127.0.0.1", port: 0)
    port = listener.address.port
    let box = ListenerBox(listener)
    thread = try LinuxSystem.Thread(name: "scripted") {
      for script in scripts {
        guard
          var connection = ScriptedConnection(acceptingFrom: box, context, lingers: lingers)
        else { continue }
        script(&connection)
        connection.end()
      }
    }
  }

  /// Waits until all scripts are through.
  func join() {
    thread.take()?.join()
  }
}

final class ListenerBox: Sendable {
  let socket: ListeningSocket
  init(_ socket: consuming ListeningSocket) { self.socket = socket }
}

/// The server's end of one connection; blocking, with a bound on every wait.
struct ScriptedConnection: ~Copyable {
  private static let waitMilliseconds: Int32 = 60_000

  private var session: TLSSession
  private let descriptor: OwnedDescriptor
  private var received: [UInt8] = []

  /// `nil` when the handshake failed; its alert has been sent then.
  init?(acceptingFrom listener: ListenerBox, _ context: TLSServerContext, lingers: Bool) {
    let poll = try? ReadinessPoller()
    guard var poller = poll else { return nil }
    try? poller.add(listener.socket.rawValue, token: 0, interest: .readable)
    guard poller.wait(timeoutMilliseconds: Self.waitMilliseconds) > 0,
      case .accepted(let descriptor, _) = listener.socket.accept(),
      var session = try? TLSSession(context, descriptor: descriptor.rawValue)
    else { return nil }
    var outcome = session.handshake()
    while outcome == .wantsRead || outcome == .wantsWrite {
      let interest: ReadinessInterest = outcome == .wantsRead ? .readable : .writable
      guard descriptor.waitUntil(interest, timeoutMilliseconds: Self.waitMilliseconds) else {
        return nil
      }
      outcome = session.handshake()
    }
    if outcome != .complete {
      if lingers { Self.linger(descriptor) }
      return nil
    }
    self.session = session
    self.descriptor = descriptor
  }

  /// The next whole request; empty when the client has gone.
  mutating func receive() -> [UInt8] {
    while true {
      if received.count >= 2 {
        let byteCount = Int(received[0]) << 8 | Int(received[1])
        if received.count >= byteCount {
          defer { received.removeFirst(byteCount) }
          return Array(received[..<byteCount])
        }
      }
      var buffer = FileBuffer(byteCount: 4096)
      var outcome = TLSOutcome.failed
      let count = buffer.withOutput(in: 0..<4096) { outcome = session.read(into: &$0) }
      let bytes = buffer.bytes
      received += (0..<count).map { bytes.byte(at: $0) }
      switch outcome {
      case .complete: continue
      case .wantsRead:
        guard descriptor.waitUntil(.readable, timeoutMilliseconds: Self.waitMilliseconds) else {
          return []
        }
      case .wantsWrite, .peerClosed, .failed: return []
      }
    }
  }

  /// Sends what a test that goes well can send; a client that has gone is the test's to report.
  mutating func send(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    _ = session.write(bytes.rawBytes)
  }

  /// Closes so that the client can still read what was sent.
  mutating func end() {
    _ = session.shutdownWrite()
    Self.linger(descriptor)
  }

  private static func linger(_ descriptor: borrowing OwnedDescriptor) {
    descriptor.shutdownWrite()
    var buffer = FileBuffer(byteCount: 4096)
    while descriptor.waitUntil(.readable, timeoutMilliseconds: waitMilliseconds) {
      var outcome = TransferOutcome.peerClosed
      _ = buffer.withOutput(in: 0..<4096) { outcome = descriptor.receive(into: &$0) }
      guard case .transferred = outcome else { return }
    }
  }
}

/// Replies as a server makes them; none to a request that never came.
enum ScriptedReply {
  static let serverTime = Instant(milliseconds: 1_776_268_800_000)

  static func echo(to request: [UInt8]) -> [UInt8] {
    make(request) { buffer in
      buffer.encodeEcho(
        .echo, code: .approved, serverTime: serverTime, clock: .withinAllowance,
        differenceMilliseconds: 0, replyingTo: FrameView(whole: request.rawBytes))
    }
  }

  static func refusal(_ code: ResponseCode, to request: [UInt8]) -> [UInt8] {
    make(request) { buffer in
      buffer.encodeRefusal(code, replyingTo: FrameView(whole: request.rawBytes))
    }
  }

  static func signOn(newestTraceNumber: UInt32, to request: [UInt8]) -> [UInt8] {
    make(request) { buffer in
      let reply = SignOnReply(
        serverTime: serverTime, newestTraceNumber: newestTraceNumber, framesInFlightMax: 64,
        operatorIdleSeconds: 1_200, connectionIdleSeconds: 1_800, clockAllowanceSeconds: 60,
        changeAgeSecondsMax: 900, storedAgeSecondsMax: 259_200,
        policySet: CalendarDate(trusted: 2015_11_01), site: SiteID(rawValue: 1_234_567_893),
        role: .enrollingClinic, terminalState: .active, clockState: .withinAllowance,
        clockDifferenceMilliseconds: 0)
      buffer.encode(reply, code: .approved, replyingTo: FrameView(whole: request.rawBytes))
    }
  }

  private static func make(
    _ request: [UInt8], _ fill: (inout FrameBuffer) -> Void
  ) -> [UInt8] {
    guard !request.isEmpty else { return [] }
    var buffer = FrameBuffer()
    fill(&buffer)
    return (0..<buffer.byteCount).map { buffer.byte(at: $0) }
  }
}
