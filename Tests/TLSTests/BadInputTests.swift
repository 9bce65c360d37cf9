import Glibc
import LinuxSystem
import TLS
import Testing

@Suite("A server's session")
struct BadInputTests {
  private let certificates: TestCertificates

  init() throws { certificates = try TestCertificates() }

  @Test(
    "says of bytes that are no TLS that they are none",
    arguments: [
      Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8),
      Array("CONNECT localhost:7171 HTTP/1.1\r\n\r\n".utf8),
      Array("SSH-2.0-OpenSSH_9.2\r\n".utf8),
      [UInt8](repeating: 0, count: 64),
      [UInt8](repeating: 0xFF, count: 64),
      // An alert, application data, and a handshake record that holds no handshake.
      [21, 3, 1, 0, 2, 2, 40],
      [23, 3, 3, 0, 4, 1, 2, 3, 4],
      [22, 3, 1, 0xFF, 0xFF] + [UInt8](repeating: 1, count: 64),
    ])
  func notTLS(_ bytes: [UInt8]) throws {
    let loopback = try Loopback()
    var server = try Endpoint(certificates.serverContext(), over: loopback.server)
    #expect(loopback.client.send(bytes) == .transferred(byteCount: bytes.count))
    #expect(server.descriptor.waitUntil(.readable, timeoutMilliseconds: waitMilliseconds) == true)
    #expect(server.session.handshake() == .failed)
    if bytes[0] != 21 { #expect(server.session.failure?.reason == .notTLS) }
  }

  @Test("never completes on random bytes", arguments: 0..<64 as Range<UInt64>)
  func randomBytes(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let bytes = (0..<256).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let loopback = try Loopback()
    var server = try Endpoint(certificates.serverContext(), over: loopback.server)
    _ = loopback.client.send(bytes)
    loopback.client.shutdownWrite()
    #expect(server.descriptor.waitUntil(.readable, timeoutMilliseconds: waitMilliseconds) == true)
    let outcome = server.session.handshake()
    #expect(outcome == .failed || outcome == .peerClosed)
    #expect(server.session.failure != nil)
  }

  @Test("waits without spinning for the rest of a record, cut at any byte")
  func halfRecord() throws {
    let client = try Loopback()
    let server = try Loopback()
    let files = try certificates.files(certificates.clientProfile())
    var near = try Endpoint(certificates.clientContext(files), over: client.client)
    var far = try Endpoint(certificates.serverContext(), over: server.server)
    let relay = Relay(near: client.server, far: server.client)
    relay.handshake(&near, &far)
    let message = Array("half a record".utf8)
    // Header 5, message, content type 1, authentication tag 16.
    let recordByteCount = 5 + message.count + 1 + 16
    for cut in 1..<recordByteCount {
      #expect(near.writeOnce(message).outcome == .complete)
      let record = relay.take(byteCount: recordByteCount)
      relay.give(Array(record[..<cut]))
      #expect(far.descriptor.waitUntil(.readable, timeoutMilliseconds: waitMilliseconds) == true)
      for _ in 0..<3 {
        let step = far.readOnce()
        #expect(step.bytes.isEmpty && step.outcome == .wantsRead)
        // Nothing left to read: a level-triggered poll sleeps, though bytes are inside.
        #expect(far.descriptor.waitUntil(.readable, timeoutMilliseconds: 0) == false)
        // Right behind the 5 bytes of the header it says no, one byte later yes: of no use here.
        if cut > 5 { #expect(far.session.hasBufferedBytes == true) }
      }
      #expect(far.session.freeBuffersWhenIdle() == false)
      relay.give(Array(record[cut...]))
      #expect(far.read(byteCount: message.count).bytes == message)
    }
  }

  @Test("refuses a record that was changed on the way, and says so to the peer")
  func changedRecord() throws {
    let client = try Loopback()
    let server = try Loopback()
    let files = try certificates.files(certificates.clientProfile())
    var near = try Endpoint(certificates.clientContext(files), over: client.client)
    var far = try Endpoint(certificates.serverContext(), over: server.server)
    let relay = Relay(near: client.server, far: server.client)
    relay.handshake(&near, &far)
    #expect(near.writeOnce([1, 2, 3]).outcome == .complete)
    var record = relay.take(byteCount: 5 + 3 + 1 + 16)
    record[6] ^= 1
    relay.give(record)
    #expect(far.read(byteCount: 1).outcome == .failed)
    #expect(far.session.failure?.reason == .other)
    #expect(far.readOnce().outcome == .failed)
    #expect(far.writeOnce([1]).outcome == .failed)
  }

  @Test("outlives a peer that vanishes while it writes")
  func peerVanishes() async {
    await #expect(processExitsWith: .success) {
      signal(SIGPIPE, SIG_DFL)
      let certificates = try TestCertificates()
      let files = try certificates.files(certificates.clientProfile())
      let loopback = try Loopback()
      var server = try Endpoint(certificates.serverContext(), over: loopback.server)
      do {
        var client = try Endpoint(certificates.clientContext(files), over: loopback.client)
        precondition(handshake(&client, &server).server == .complete)
      }
      let bytes = [UInt8](repeating: 7, count: 16_384)
      var outcome = TLSOutcome.complete
      while outcome == .complete || outcome == .wantsWrite {
        outcome = server.writeOnce(bytes).outcome
      }
      precondition(outcome == .peerClosed)
      precondition(server.session.failure?.reason == .peerClosed)
    }
  }
}

/// Stands between two ends and hands bytes on as it likes.
struct Relay: ~Copyable {
  let near: OwnedDescriptor
  let far: OwnedDescriptor

  /// Lets both handshakes run to their end.
  func handshake(_ client: inout Endpoint, _ server: inout Endpoint) {
    while !client.session.isHandshakeComplete || !server.session.isHandshakeComplete {
      _ = client.session.handshake()
      pass(from: near, to: far)
      _ = server.session.handshake()
      pass(from: far, to: near)
    }
  }

  func take(byteCount: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < byteCount {
      bytes += rawBytes(byteCountMax: byteCount - bytes.count) { _ = near.receive(into: &$0) }
    }
    return bytes
  }

  func give(_ bytes: [UInt8]) {
    _ = far.send(bytes)
  }

  private func pass(from source: borrowing OwnedDescriptor, to target: borrowing OwnedDescriptor) {
    guard source.waitUntil(.readable, timeoutMilliseconds: 1) else { return }
    let bytes = rawBytes(byteCountMax: 16_384) { _ = source.receive(into: &$0) }
    if !bytes.isEmpty { _ = target.send(bytes) }
  }
}

/// SplitMix64: numbers that a seed repeats.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
