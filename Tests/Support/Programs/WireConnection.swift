package import LinuxSystem
package import TLS

/// A bound on each wait, which only a broken daemon reaches.
package let patienceMilliseconds: Int32 = 60_000

/// A terminal's connection as bytes: it sends what it is told to, right or wrong.
///
/// One thread at a time uses it.
package final class WireConnection {
  /// What a read came to.
  package enum Reading: Equatable {
    case frame([UInt8])
    /// The peer said that it was done.
    case closed
    /// The connection ended otherwise; why, as far as TLS knows.
    case failed(TLSFailureReason?)
    case timedOut
  }

  package enum Failure: Error {
    case handshake(TLSFailure?)
    case timedOut(String)
    case notSent
    case noFrame(Reading)
  }

  private let descriptor: OwnedDescriptor
  private var session: TLSSession
  private var chunk = FileBuffer(byteCount: 16_384)
  private var received: [UInt8] = []

  /// Connects and makes the handshake, as far as a client can see it: with TLS 1.3 a refusal of its
  /// certificate comes with the first read.
  package init(port: UInt16, _ context: TLSClientContext) throws {
    ignoreBrokenPipe()
    let descriptor = try OwnedDescriptor.connected(
      toHost: "127.0.0.1", port: port, timeoutMilliseconds: patienceMilliseconds)
    session = try TLSSession(context, descriptor: descriptor.rawValue)
    self.descriptor = descriptor
    try makeHandshake()
  }

  /// The server's end of a connection: for a relay, which ends TLS on both sides.
  package init(accepting descriptor: consuming OwnedDescriptor, _ context: TLSServerContext) throws
  {
    ignoreBrokenPipe()
    session = try TLSSession(context, descriptor: descriptor.rawValue)
    self.descriptor = descriptor
    try makeHandshake()
  }

  private func makeHandshake() throws {
    while true {
      switch session.handshake() {
      case .complete: return
      case .wantsRead: try wait(.readable)
      case .wantsWrite: try wait(.writable)
      case .peerClosed, .failed: throw Failure.handshake(session.failure)
      }
    }
  }

  private func wait(_ interest: ReadinessInterest) throws {
    guard descriptor.waitUntil(interest, timeoutMilliseconds: patienceMilliseconds) else {
      throw Failure.timedOut("no TLS progress")
    }
  }

  /// Sends bytes, as one TLS record if they fit.
  package func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let (byteCount, outcome) = unsafe session.write(
        bytes.span.bytes.extracting(droppingFirst: sent))
      sent += byteCount
      switch outcome {
      case .complete: continue
      case .wantsRead: try wait(.readable)
      case .wantsWrite: try wait(.writable)
      case .peerClosed, .failed: throw Failure.notSent
      }
    }
  }

  /// Sends bytes past TLS.
  package func sendUnencrypted(_ bytes: [UInt8]) { _ = unsafe descriptor.send(bytes.span.bytes) }

  /// Says that nothing more comes.
  package func finish() {
    _ = session.shutdownWrite()
    descriptor.shutdownWrite()
  }

  /// The next frame, or how the connection ended.
  package func receive(waitingMilliseconds: Int32 = patienceMilliseconds) -> Reading {
    while true {
      if let frame = takeFrame() { return .frame(frame) }
      switch readOnce() {
      case .complete: continue
      case .wantsRead:
        guard descriptor.waitUntil(.readable, timeoutMilliseconds: waitingMilliseconds) else {
          return .timedOut
        }
      case .wantsWrite:
        _ = descriptor.waitUntil(.writable, timeoutMilliseconds: waitingMilliseconds)
      case .peerClosed:
        return session.failure == nil ? .closed : .failed(session.failure?.reason)
      case .failed:
        return .failed(session.failure?.reason)
      }
    }
  }

  /// The next frame; anything else is thrown.
  package func receiveFrame() throws -> [UInt8] {
    let reading = receive()
    guard case .frame(let bytes) = reading else { throw Failure.noFrame(reading) }
    return bytes
  }

  /// Sends a frame and gives its reply.
  package func exchange(_ frame: [UInt8]) throws -> [UInt8] {
    try send(frame)
    return try receiveFrame()
  }

  private func takeFrame() -> [UInt8]? {
    guard received.count >= 2 else { return nil }
    let byteCount = Int(received[0]) << 8 | Int(received[1])
    guard byteCount > 0, received.count >= byteCount else { return nil }
    defer { received.removeFirst(byteCount) }
    return Array(received.prefix(byteCount))
  }

  private func readOnce() -> TLSOutcome {
    var outcome = TLSOutcome.failed
    let byteCount = chunk.withOutput(in: 0..<chunk.byteCount) { outcome = session.read(into: &$0) }
    for index in 0..<byteCount { received.append(chunk.bytes.byte(at: index)) }
    return outcome
  }
}

extension RawSpan {
  /// One byte, its place checked.
  package func byte(at offset: Int) -> UInt8 {
    unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt8.self)
  }
}
