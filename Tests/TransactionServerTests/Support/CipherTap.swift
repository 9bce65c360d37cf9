import Glibc
import LinuxSystem
import TLS

/// A client whose encrypted bytes pass through the test's hands on their way.
final class CipherTap {
  /// The client's TLS writes into one end of a pair; the test carries bytes to and from the other.
  private let inner: OwnedDescriptor
  private let near: OwnedDescriptor
  private let far: OwnedDescriptor
  private var session: TLSSession

  /// Makes the handshake; the server gets some bytes of ours together with its end.
  init(port: UInt16, context: TLSClientContext, first: [UInt8] = []) throws {
    var pair: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
    guard unsafe socketpair(AF_UNIX, type, 0, &pair) == 0 else { throw TestClient.Failure.timedOut }
    let inner = OwnedDescriptor(adopting: pair[0])
    session = try TLSSession(context, descriptor: inner.rawValue)
    self.inner = inner
    near = OwnedDescriptor(adopting: pair[1])
    far = try OwnedDescriptor.connected(
      toHost: "127.0.0.1", port: port, timeoutMilliseconds: TestClient.patienceMilliseconds)
    while session.handshake() != .complete { try carry() }
    // The last flight of a client goes out with the handshake's completion.
    if !first.isEmpty { _ = unsafe session.write(first.span.bytes) }
    try sendRaw(takeEncrypted())
  }

  private func carry() throws {
    let outgoing = takeEncrypted()
    if !outgoing.isEmpty { return try sendRaw(outgoing) }
    guard far.waitUntil(.readable, timeoutMilliseconds: TestClient.patienceMilliseconds) else {
      throw TestClient.Failure.timedOut
    }
    let incoming = receiveAll(far)
    guard !incoming.isEmpty else { throw TestClient.Failure.timedOut }
    _ = unsafe near.send(incoming.span.bytes)
  }

  /// The bytes on the wire that carry these bytes, without sending them.
  func encrypt(_ bytes: [UInt8]) -> [UInt8] {
    _ = unsafe session.write(bytes.span.bytes)
    return takeEncrypted()
  }

  private func takeEncrypted() -> [UInt8] { receiveAll(near) }

  func sendRaw(_ bytes: [UInt8]) throws {
    guard unsafe far.send(bytes.span.bytes) == .transferred(byteCount: bytes.count) else {
      throw TestClient.Failure.timedOut
    }
  }
}

extension CipherTap {
  /// Ends our side of the connection without a word; gives what came until the server ended its own.
  func breakOff() -> [UInt8] {
    far.shutdownWrite()
    return receiveUntilEnd(far).bytes
  }

  /// Whether the server ends its side in good order, and still takes what comes.
  func getsOrderlyEnd() -> Bool {
    receiveUntilEnd(far).isOrderly && takesMore(far)
  }
}

/// Whether the other end goes on receiving: one that has closed answers the first bytes with a reset.
func takesMore(_ descriptor: borrowing OwnedDescriptor) -> Bool {
  let bytes: [UInt8] = [0x2A]
  return (0..<20).allSatisfy { _ in
    unsafe descriptor.send(bytes.span.bytes) == .transferred(byteCount: 1)
  }
}

/// What a socket has for now.
func receiveAll(_ descriptor: borrowing OwnedDescriptor) -> [UInt8] {
  var all: [UInt8] = []
  let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 16)
  defer { unsafe chunk.deallocate() }
  while true {
    var span = unsafe OutputRawSpan(buffer: chunk, initializedCount: 0)
    let outcome = descriptor.receive(into: &span)
    let byteCount = unsafe span.finalize(for: chunk)
    guard case .transferred = outcome else { return all }
    unsafe all.append(contentsOf: chunk.prefix(byteCount))
  }
}

/// What a plain connection gets until it ends, and whether it ended in good order.
func receiveUntilEnd(
  _ descriptor: borrowing OwnedDescriptor
) -> (bytes: [UInt8], isOrderly: Bool) {
  var all: [UInt8] = []
  let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 16)
  defer { unsafe chunk.deallocate() }
  while descriptor.waitUntil(.readable, timeoutMilliseconds: TestClient.patienceMilliseconds) {
    var span = unsafe OutputRawSpan(buffer: chunk, initializedCount: 0)
    let outcome = descriptor.receive(into: &span)
    let byteCount = unsafe span.finalize(for: chunk)
    unsafe all.append(contentsOf: chunk.prefix(byteCount))
    if case .transferred = outcome { continue }
    return (all, outcome == .peerClosed)
  }
  return (all, false)
}
