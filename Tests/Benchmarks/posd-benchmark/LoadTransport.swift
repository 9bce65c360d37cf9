import LinuxSystem
import TLS

/// A connection's bytes, with TLS or without; both sides speak in TLS's outcomes.
struct LoadTransport: ~Copyable {
  private static let timeoutMilliseconds: Int32 = 10_000

  // The session goes before the descriptor that it works on.
  private var session: TLSSession?
  private let descriptor: OwnedDescriptor

  var rawValue: Int32 { descriptor.rawValue }

  /// Connects, and completes the handshake if there is a context.
  init(to host: String, port: UInt16, _ context: TLSClientContext?) throws(BenchmarkError) {
    let descriptor = try Self.connect(to: host, port: port)
    session = try Self.session(context, descriptor)
    self.descriptor = descriptor
  }

  private static func connect(
    to host: String, port: UInt16
  ) throws(BenchmarkError) -> OwnedDescriptor {
    do throws(NetworkError) {
      return try .connected(toHost: host, port: port, timeoutMilliseconds: timeoutMilliseconds)
    } catch {
      throw .unreachable(error)
    }
  }

  private static func session(
    _ context: TLSClientContext?, _ descriptor: borrowing OwnedDescriptor
  ) throws(BenchmarkError) -> TLSSession? {
    guard let context else { return nil }
    var session = try begin(context, descriptor)
    while true {
      let outcome = session.handshake()
      if outcome == .complete { return session }
      let failure = session.failure
      try wait(for: outcome, on: descriptor, failure)
    }
  }

  private static func begin(
    _ context: TLSClientContext, _ descriptor: borrowing OwnedDescriptor
  ) throws(BenchmarkError) -> TLSSession {
    do throws(TLSError) {
      return try TLSSession(context, descriptor: descriptor.rawValue)
    } catch {
      throw .credentialsUnusable(error)
    }
  }

  mutating func read(into tail: inout OutputRawSpan) -> TLSOutcome {
    if let outcome = session?.read(into: &tail) { return outcome }
    switch descriptor.receive(into: &tail) {
    case .transferred: return .complete
    case .wouldBlock: return .wantsRead
    case .peerClosed: return .peerClosed
    case .failed: return .failed
    }
  }

  mutating func write(_ bytes: RawSpan) -> (byteCount: Int, outcome: TLSOutcome) {
    if let result = session?.write(bytes) { return result }
    switch descriptor.send(bytes) {
    case .transferred(let byteCount): return (byteCount, .complete)
    case .wouldBlock: return (0, .wantsWrite)
    case .peerClosed: return (0, .peerClosed)
    case .failed: return (0, .failed)
    }
  }

  /// Throws unless the outcome is one to wait after.
  func expectWait(_ outcome: TLSOutcome) throws(BenchmarkError) {
    try Self.expectWait(outcome, failure)
  }

  /// Waits until a step can be repeated.
  func wait(for outcome: TLSOutcome) throws(BenchmarkError) {
    try Self.wait(for: outcome, on: descriptor, failure)
  }

  private var failure: TLSFailure? {
    switch session {
    case .none: nil
    case .some(let session): session.failure
    }
  }

  private static func expectWait(
    _ outcome: TLSOutcome, _ failure: TLSFailure?
  ) throws(BenchmarkError) {
    guard outcome == .wantsRead || outcome == .wantsWrite else {
      throw .connectionLost(reason: failure?.text ?? "closed by the server")
    }
  }

  private static func wait(
    for outcome: TLSOutcome, on descriptor: borrowing OwnedDescriptor, _ failure: TLSFailure?
  ) throws(BenchmarkError) {
    try expectWait(outcome, failure)
    let interest: ReadinessInterest = outcome == .wantsRead ? .readable : .writable
    guard descriptor.waitUntil(interest, timeoutMilliseconds: timeoutMilliseconds) else {
      throw .noAnswer(milliseconds: UInt64(timeoutMilliseconds))
    }
  }

  /// Says good-bye.
  mutating func close() {
    _ = session?.shutdownWrite()
    descriptor.shutdownWrite()
  }
}
