import Foundation
import LinuxSystem
import LoadTest
import Synchronization
import TLS
import TransactionModel
import WireFormat

/// A server on one thread that answers right, but for what a test makes wrong.
///
/// It serves one connection after the other, until it is asked to stop.
final class StubServer {
  /// An answer that is about to be sent.
  struct Answer {
    /// How many requests came before this one, sign-ons not counted.
    let index: Int
    let type: MessageType
    let request: [UInt8]
    /// Empty for none; several frames are sent one behind the other.
    var bytes: [UInt8]
    /// To wait before it.
    var stallMilliseconds: UInt32 = 0
    /// Ends the connection in place of the answer, or after it.
    var endsConnection = false
  }

  typealias Fault = @Sendable (inout Answer) -> Void

  let port: UInt16
  private let directory: TemporaryDirectory
  private let isStopping: Flag
  private let thread = OwnThread()

  private final class Flag: Sendable {
    let value = Atomic<Bool>(false)
  }

  private final class Listener: Sendable {
    let socket: ListeningSocket
    init(_ socket: consuming ListeningSocket) { self.socket = socket }
  }

  /// `refuse` may answer a request with a refusal before anything is done about it; sign-ons are
  /// refused by a code of their own.
  init(
    _ fault: @escaping Fault = { _ in }, signOnCode: ResponseCode? = nil,
    refuse: @escaping @Sendable (_ index: Int, _ type: MessageType) -> ResponseCode? = { _, _ in
      nil
    }
  ) throws {
    directory = try TemporaryDirectory()
    try Self.makeCertificates(directory)
    let context = try TLSServerContext(
      certificateChainFile: directory.file("server.pem"),
      privateKeyFile: directory.file("server.key"),
      clientAuthorityFile: directory.file("authority.pem"))
    let listener = Listener(try ListeningSocket(host: "127.0.0.1", port: 0))
    port = listener.socket.address.port
    let flag = Flag()
    isStopping = flag
    try thread.start(name: "stub") {
      var records = StubRecords()
      var index = 0
      while !flag.value.load(ordering: .relaxed) {
        guard var connection = StubConnection(listener.socket, context) else { continue }
        while !flag.value.load(ordering: .relaxed), let request = connection.receive() {
          let type = FrameView(whole: request.rawBytes).messageType ?? .echo
          let refusal = type == .signOn ? signOnCode : refuse(index, type)
          var answer = Answer(
            index: index, type: type, request: request,
            bytes: refusal.map { StubRecords.refusal($0, to: request) } ?? records.answer(request))
          if type != .signOn {
            index += 1
            fault(&answer)
          }
          if answer.stallMilliseconds > 0 { usleep(answer.stallMilliseconds * 1_000) }
          guard connection.send(answer.bytes), !answer.endsConnection else { break }
        }
      }
    }
  }

  deinit {
    isStopping.value.store(true, ordering: .relaxed)
    thread.join()
  }

  /// One terminal of one clinic.
  var target: LoadTarget {
    LoadTarget(
      environment: .test, host: "127.0.0.1", port: port,
      authorityFile: directory.file("authority.pem"),
      terminals: [TerminalID(rawValue: 1_001)], operators: [OperatorID(rawValue: 501)],
      credentials: [
        LoadTarget.Credentials(
          certificateFile: directory.file("terminal.pem"),
          privateKeyFile: directory.file("terminal.key"))
      ],
      firstSerial: 1_000_000_000_001)
  }

  private static func makeCertificates(_ directory: TemporaryDirectory) throws {
    let now = WallClock.nowMilliseconds
    let validity = CertificateValidity(
      notBeforeMilliseconds: now - 86_400_000, notAfterMilliseconds: now + 86_400_000)
    let authority = try CertificateAuthority(commonName: "test", validity: validity)
    try directory.write(try authority.certificatePEM(), to: "authority.pem")
    let server = try authority.issueServerCertificate(
      commonName: "server", dnsNames: ["localhost"], addresses: ["127.0.0.1"], validity: validity)
    try directory.write(server.certificatePEM, to: "server.pem")
    try directory.write(server.privateKeyPEM, to: "server.key")
    let terminal = try authority.issueClientCertificate(
      commonName: "terminal", identityURI: "posd://test/terminal/1001", validity: validity)
    try directory.write(terminal.certificatePEM, to: "terminal.pem")
    try directory.write(terminal.privateKeyPEM, to: "terminal.key")
  }
}

/// The stub's end of one connection.
private struct StubConnection: ~Copyable {
  private static let waitMilliseconds: Int32 = 100

  private var session: TLSSession
  private let descriptor: OwnedDescriptor
  private var received: [UInt8] = []
  private var buffer = FileBuffer(byteCount: 16_384)

  /// Waits for a connection for a moment; nil when none came, or its handshake failed.
  init?(_ listener: borrowing ListeningSocket, _ context: TLSServerContext) {
    let made = try? ReadinessPoller()
    guard var poller = made else { return nil }
    try? poller.add(listener.rawValue, token: 0, interest: .readable)
    guard poller.wait(timeoutMilliseconds: Self.waitMilliseconds) > 0,
      case .accepted(let descriptor, _) = listener.accept(),
      var session = try? TLSSession(context, descriptor: descriptor.rawValue)
    else { return nil }
    var outcome = session.handshake()
    while outcome == .wantsRead || outcome == .wantsWrite {
      let interest: ReadinessInterest = outcome == .wantsRead ? .readable : .writable
      guard descriptor.waitUntil(interest, timeoutMilliseconds: 60_000) else { return nil }
      outcome = session.handshake()
    }
    guard outcome == .complete else { return nil }
    self.session = session
    self.descriptor = descriptor
  }

  /// The next whole request; nil when the client has gone.
  mutating func receive() -> [UInt8]? {
    while true {
      if received.count >= 2 {
        let byteCount = Int(received[0]) << 8 | Int(received[1])
        if received.count >= byteCount {
          defer { received.removeFirst(byteCount) }
          return Array(received[..<byteCount])
        }
      }
      var outcome = TLSOutcome.failed
      let count = buffer.withOutput(in: 0..<16_384) { outcome = session.read(into: &$0) }
      received += buffer.bytes.array(first: count)
      if outcome == .complete { continue }
      guard outcome == .wantsRead,
        descriptor.waitUntil(.readable, timeoutMilliseconds: 60_000)
      else { return nil }
    }
  }

  mutating func send(_ bytes: [UInt8]) -> Bool {
    var sentCount = 0
    while sentCount < bytes.count {
      let (byteCount, outcome) = session.write(bytes.rawBytes.extracting(sentCount..<bytes.count))
      sentCount += byteCount
      if outcome == .complete { continue }
      guard outcome == .wantsWrite,
        descriptor.waitUntil(.writable, timeoutMilliseconds: 60_000)
      else { return false }
    }
    return true
  }
}
