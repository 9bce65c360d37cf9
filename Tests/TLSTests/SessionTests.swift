import LinuxSystem
import TLS
import Testing

@Suite("A TLS session")
struct SessionTests {
  private let certificates: TestCertificates

  init() throws { certificates = try TestCertificates() }

  /// Runs a check over a connection whose handshake is done.
  private func withConnection(
    _ body: (inout Endpoint, inout Endpoint) throws -> Void
  ) throws {
    let files = try certificates.files(certificates.clientProfile())
    let loopback = try Loopback()
    var client = try Endpoint(certificates.clientContext(files), over: loopback.client)
    var server = try Endpoint(certificates.serverContext(), over: loopback.server)
    let result = handshake(&client, &server)
    #expect(result == HandshakeResult(client: .complete, server: .complete))
    try body(&client, &server)
  }

  @Test("is not blamed for what another use of OpenSSL in its thread failed at")
  func innocent() throws {
    let good = try certificates.files(certificates.serverProfile())
    let other = try certificates.files(certificates.serverProfile())
    try withConnection { client, server in
      #expect(throws: TLSError.privateKeyMismatch(source: other.key)) {
        _ = try TLSServerContext(
          certificateChainFile: good.certificate, privateKeyFile: other.key,
          clientAuthorityFile: certificates.authorityFile)
      }
      #expect(server.readOnce().outcome == .wantsRead)
      #expect(throws: TLSError.self) { _ = try CertificateSummary(pem: Array("text".utf8)) }
      #expect(server.readOnce().outcome == .wantsRead)
      #expect(client.readOnce().outcome == .wantsRead)
    }
  }

  @Test(
    "carries bytes both ways, however reads and writes are split",
    arguments: 0..<16 as Range<UInt64>)
  func carriesBytes(seed: UInt64) throws {
    try withConnection { client, server in
      var generator = SeededGenerator(seed: seed)
      for round in 0..<40 {
        let count = Int.random(in: 1...3_000, using: &generator)
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        var rest = bytes[...]
        while !rest.isEmpty {
          let piece = Array(rest.prefix(Int.random(in: 1...count, using: &generator)))
          let written =
            round % 2 == 0 ? client.writeOnce(piece) : server.writeOnce(piece)
          #expect(written.outcome == .complete)
          rest = rest.dropFirst(written.byteCount)
        }
        let limit = Int.random(in: 1...64, using: &generator)
        let read =
          round % 2 == 0
          ? server.read(byteCount: count, byteCountMax: limit)
          : client.read(byteCount: count, byteCountMax: limit)
        #expect(read.outcome == .complete)
        #expect(read.bytes == bytes)
      }
      #expect(client.readOnce().outcome == .wantsRead)
      #expect(server.readOnce().outcome == .wantsRead)
    }
  }

  @Test("takes part of a write, and goes on from another place in memory")
  func partialWrites() throws {
    try withConnection { client, server in
      let bytes = (0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
      var written = 0
      var received: [UInt8] = []
      var hasWaited = false
      var former: [UInt8] = []
      while received.count < bytes.count {
        if written < bytes.count {
          // The former copy lives on, so that a repeated write never finds its bytes in place.
          let piece = Array(bytes[written..<min(bytes.count, written + 100_000)])
          let step = server.writeOnce(piece)
          former = piece
          written += step.byteCount
          if step.outcome == .complete { continue }
          try #require(step.outcome == .wantsWrite)
          hasWaited = true
        }
        received += client.read(byteCount: min(65_536, written - received.count)).bytes
      }
      #expect(hasWaited && !former.isEmpty)
      #expect(received == bytes)
    }
  }

  @Test("tells the agreed version and cipher, and gives them only after the handshake")
  func agreement() throws {
    let loopback = try Loopback()
    let idle = try TLSSession(
      certificates.serverContext(), descriptor: loopback.server.rawValue)
    #expect(idle.protocolVersion == nil)
    #expect(idle.cipherSuiteName == nil)
    #expect(idle.peerCertificate == nil)
    #expect(idle.isHandshakeComplete == false)
    try withConnection { client, server in
      #expect(client.session.protocolVersion == .tls13)
      #expect(server.session.protocolVersion == .tls13)
      #expect(server.session.cipherSuiteName?.hasPrefix("TLS_AES_") == true)
    }
  }

  @Test("has the first request inside when it came with the end of the handshake")
  func requestBehindHandshake() throws {
    let files = try certificates.files(certificates.clientProfile())
    let loopback = try Loopback()
    var client = try Endpoint(certificates.clientContext(files), over: loopback.client)
    var server = try Endpoint(certificates.serverContext(), over: loopback.server)
    while client.session.handshake() != .complete {
      guard client.descriptor.waitUntil(.readable, timeoutMilliseconds: 1) else {
        #expect(server.session.handshake() == .wantsRead)
        continue
      }
    }
    #expect(client.writeOnce([1, 2, 3]).outcome == .complete)
    while server.session.handshake() != .complete {
      _ = server.descriptor.waitUntil(.readable, timeoutMilliseconds: waitMilliseconds)
    }
    #expect(server.read(byteCount: 3).bytes == [1, 2, 3])
    #expect(server.descriptor.waitUntil(.readable, timeoutMilliseconds: 0) == false)
  }

  @Test("sends no tickets: after the handshake the server is silent")
  func noTickets() throws {
    try withConnection { client, server in
      // A byte behind whatever the server may have sent: it must be all that is there.
      #expect(server.writeOnce([42]).outcome == .complete)
      #expect(client.descriptor.waitUntil(.readable, timeoutMilliseconds: waitMilliseconds) == true)
      let bytes = rawBytes(byteCountMax: 4_096) { _ = client.descriptor.receive(into: &$0) }
      #expect(bytes.count == 5 + 1 + 1 + 16)
    }
  }

  @Test("tells close_notify from a connection that only ends")
  func closing() throws {
    try withConnection { client, server in
      #expect(client.session.shutdownWrite() == .complete)
      #expect(server.read(byteCount: 1).outcome == .peerClosed)
      #expect(server.session.failure == nil)
      // The other direction is still open.
      #expect(server.writeOnce([1, 2, 3]).outcome == .complete)
      #expect(client.read(byteCount: 3).bytes == [1, 2, 3])
    }
    try withConnection { client, server in
      client.descriptor.shutdownWrite()
      #expect(server.read(byteCount: 1).outcome == .peerClosed)
      #expect(server.session.failure?.reason == .peerClosed)
    }
  }

  @Test("gives its buffers back and takes them again")
  func freesBuffers() throws {
    try withConnection { client, server in
      for _ in 0..<3 {
        #expect(client.writeOnce([9]).outcome == .complete)
        #expect(server.read(byteCount: 1).bytes == [9])
        #expect(server.session.freeBuffersWhenIdle() == true)
        #expect(server.session.hasBufferedBytes == false)
      }
    }
  }

  @Test("keeps what one small read left inside")
  func bufferedBytes() throws {
    try withConnection { client, server in
      #expect(client.writeOnce([1, 2, 3]).outcome == .complete)
      #expect(server.read(byteCount: 1, byteCountMax: 1).bytes == [1])
      #expect(server.session.hasBufferedBytes == true)
      #expect(server.readOnce().bytes == [2, 3])
      #expect(server.readOnce().outcome == .wantsRead)
      #expect(server.session.hasBufferedBytes == false)
    }
  }

  @Test("knows the peer's certificate as it was issued")
  func peerCertificate() throws {
    let uris = ["posd://test/terminal/1001", "posd://test/terminal/1002"]
    for count in 0...2 {
      let expected = Array(uris.prefix(count))
      let files = try certificates.files(certificates.clientProfile(uris: expected))
      let loopback = try Loopback()
      var client = try Endpoint(certificates.clientContext(files), over: loopback.client)
      var server = try Endpoint(certificates.serverContext(), over: loopback.server)
      _ = handshake(&client, &server)
      let summary = server.session.peerCertificate
      let peer = try #require(summary)
      #expect(peer.subjectAlternativeURIs == expected)
      let pem = try contents(of: files.certificate)
      #expect(try peer == CertificateSummary(pem: pem))
    }
  }
}
