import LinuxSystem
import TLS

/// One end of a TLS connection in a test, with the socket it runs over.
struct Endpoint: ~Copyable {
  var session: TLSSession
  let descriptor: OwnedDescriptor

  init(_ context: TLSServerContext, over descriptor: consuming OwnedDescriptor) throws {
    session = try TLSSession(context, descriptor: descriptor.rawValue)
    self.descriptor = descriptor
  }

  init(_ context: TLSClientContext, over descriptor: consuming OwnedDescriptor) throws {
    session = try TLSSession(context, descriptor: descriptor.rawValue)
    self.descriptor = descriptor
  }

  /// Reads once, at most so many bytes.
  mutating func readOnce(byteCountMax: Int = 16_384) -> (bytes: [UInt8], outcome: TLSOutcome) {
    var outcome = TLSOutcome.failed
    let bytes = rawBytes(byteCountMax: byteCountMax) { outcome = session.read(into: &$0) }
    return (bytes, outcome)
  }

  /// Reads until so many bytes are there or the connection has ended, waiting where it must.
  mutating func read(
    byteCount: Int, byteCountMax: Int = 16_384
  ) -> (bytes: [UInt8], outcome: TLSOutcome) {
    var bytes: [UInt8] = []
    while bytes.count < byteCount {
      let step = readOnce(byteCountMax: byteCountMax)
      bytes += step.bytes
      switch step.outcome {
      case .complete: continue
      case .wantsRead:
        guard descriptor.waitUntil(.readable, timeoutMilliseconds: waitMilliseconds) else {
          return (bytes, .wantsRead)
        }
      case .wantsWrite: _ = descriptor.waitUntil(.writable, timeoutMilliseconds: waitMilliseconds)
      case .peerClosed, .failed: return (bytes, step.outcome)
      }
    }
    return (bytes, .complete)
  }

  /// Writes all that fits into one call.
  mutating func writeOnce(_ bytes: [UInt8]) -> (byteCount: Int, outcome: TLSOutcome) {
    unsafe session.write(bytes.span.bytes)
  }
}

/// A bound on waiting that only a broken test reaches.
let waitMilliseconds: Int32 = 60_000

/// Gathers what a reader puts into an empty buffer.
func rawBytes(byteCountMax: Int, _ body: (inout OutputRawSpan) -> Void) -> [UInt8] {
  let region = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCountMax, alignment: 16)
  defer { unsafe region.deallocate() }
  var span = unsafe OutputRawSpan(buffer: region, initializedCount: 0)
  body(&span)
  let count = unsafe span.finalize(for: region)
  return unsafe Array(region.prefix(count))
}

/// The two ends of a TCP connection over the loopback interface.
struct Loopback: ~Copyable {
  let client: OwnedDescriptor
  let server: OwnedDescriptor

  init() throws {
    let listener = try ListeningSocket(host: "127.0.0.1", port: 0)
    let client = try OwnedDescriptor.connected(
      toHost: "127.0.0.1", port: listener.address.port, timeoutMilliseconds: waitMilliseconds)
    server = try listener.acceptWaiting()
    self.client = client
  }
}

struct NoConnection: Error {}

extension ListeningSocket {
  func acceptWaiting() throws -> OwnedDescriptor {
    while true {
      switch accept() {
      case .accepted(let descriptor, _):
        try descriptor.setNoDelay()
        return descriptor
      case .wouldBlock: continue
      default: throw NoConnection()
      }
    }
  }
}

/// How the handshake ended at both ends.
struct HandshakeResult: Equatable {
  var client: TLSOutcome
  var server: TLSOutcome
}

/// Drives both handshakes until each has ended, or neither can go on.
func handshake(_ client: inout Endpoint, _ server: inout Endpoint) -> HandshakeResult {
  var result = HandshakeResult(client: .wantsRead, server: .wantsRead)
  for _ in 0..<1_000 {
    if isPending(result.client) { result.client = client.session.handshake() }
    if isPending(result.server) { result.server = server.session.handshake() }
    if !isPending(result.client) && !isPending(result.server) { break }
    // One of the two always has the next word; a short wait for the other costs little.
    if result.client == .wantsRead {
      _ = client.descriptor.waitUntil(.readable, timeoutMilliseconds: 1)
    }
  }
  return result
}

private func isPending(_ outcome: TLSOutcome) -> Bool {
  outcome == .wantsRead || outcome == .wantsWrite
}

extension OwnedDescriptor {
  func send(_ bytes: [UInt8]) -> TransferOutcome {
    unsafe send(bytes.span.bytes)
  }
}
