import LinuxSystem
import TLS
import TransactionModel
import WireFormat

/// A terminal that waits for each of its steps; a step that takes ten seconds has failed.
final class TestClient {
  static let patienceMilliseconds: Int32 = 60_000

  enum Failure: Error {
    case handshake(TLSFailure?)
    case timedOut
    case write(TLSOutcome)
  }

  /// What a read came to.
  enum Reading: Equatable {
    case frame([UInt8])
    case closed
    case failed(TLSFailureReason?)
    case timedOut
  }

  private let descriptor: OwnedDescriptor
  private var session: TLSSession
  private var received: [UInt8] = []
  private var nextTraceNumber: UInt32 = 0

  /// Connects and makes the handshake, as far as a client can see it.
  init(port: UInt16, context: TLSClientContext) throws {
    let descriptor = try OwnedDescriptor.connected(
      toHost: "127.0.0.1", port: port, timeoutMilliseconds: Self.patienceMilliseconds)
    session = try TLSSession(context, descriptor: descriptor.rawValue)
    self.descriptor = descriptor
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
    let isReady = descriptor.waitUntil(
      interest, timeoutMilliseconds: Self.patienceMilliseconds)
    guard isReady else { throw Failure.timedOut }
  }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let (byteCount, outcome) = unsafe session.write(
        bytes.span.bytes.extracting(droppingFirst: sent))
      sent += byteCount
      switch outcome {
      case .complete: continue
      case .wantsRead: try wait(.readable)
      case .wantsWrite: try wait(.writable)
      case .peerClosed, .failed: throw Failure.write(outcome)
      }
    }
  }

  /// Sends without waiting for room; false when the way is blocked.
  func sendNow(_ bytes: [UInt8]) -> Bool {
    unsafe session.write(bytes.span.bytes).outcome == .complete
  }

  /// The next frame, or how the connection ended.
  func receive() -> Reading {
    while true {
      if received.count >= 2 {
        let byteCount = Int(received[0]) << 8 | Int(received[1])
        if received.count >= byteCount {
          defer { received.removeFirst(byteCount) }
          return .frame(Array(received.prefix(byteCount)))
        }
      }
      switch Self.read(&session, &received) {
      case .complete: continue
      case .wantsRead:
        let isReady = descriptor.waitUntil(
          .readable, timeoutMilliseconds: Self.patienceMilliseconds)
        guard isReady else { return .timedOut }
      case .wantsWrite: return .failed(nil)
      case .peerClosed: return session.failure == nil ? .closed : .failed(session.failure?.reason)
      case .failed: return .failed(session.failure?.reason)
      }
    }
  }

  private static func read(_ session: inout TLSSession, _ received: inout [UInt8]) -> TLSOutcome {
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 16)
    defer { unsafe chunk.deallocate() }
    var span = unsafe OutputRawSpan(buffer: chunk, initializedCount: 0)
    let outcome = session.read(into: &span)
    let byteCount = unsafe span.finalize(for: chunk)
    unsafe received.append(contentsOf: chunk.prefix(byteCount))
    return outcome
  }

  /// Says that nothing more comes.
  func close() { _ = session.shutdownWrite() }

  /// Says that nothing more comes, and ends its half of the connection.
  func hangUp() {
    close()
    descriptor.shutdownWrite()
  }

  func nextHeader(terminal: UInt64 = 1_001) -> RequestHeader {
    nextTraceNumber += 1
    return RequestHeader(
      environment: .test, flags: [],
      traceNumber: SystemTraceAuditNumber(rawValue: nextTraceNumber),
      software: SoftwareID(rawValue: 1), terminal: TerminalID(rawValue: terminal),
      transactionTime: Instant(milliseconds: 1_775_000_000_000), operatorID: OperatorID(rawValue: 7)
    )
  }

  func echo(terminal: UInt64 = 1_001) -> [UInt8] { encode(nextHeader(terminal: terminal), .echo) }

  /// A change, for `ControlledRoom`.
  func change() -> [UInt8] {
    encode(
      nextHeader(),
      .reverse(
        traceNumber: SystemTraceAuditNumber(rawValue: 1), type: .activate, reason: 1,
        time: Instant(milliseconds: 1_775_000_000_000)))
  }

  /// An inquiry that rests on a log position, for `ControlledRoom`.
  func inquiry(restingOn position: UInt32 = 0) -> [UInt8] {
    encode(nextHeader(), .last(traceNumber: position))
  }

  /// An inquiry about a card.
  func inquiry(of card: CardNumber) -> [UInt8] {
    encode(
      nextHeader(),
      .inquiry(
        card: card, dateOfService: CalendarDate(trusted: 2026_10_01), purpose: .information))
  }
}

func encode(_ header: RequestHeader, _ body: RequestBody) -> [UInt8] {
  var buffer = FrameBuffer()
  precondition(buffer.encode(header, body))
  return (0..<buffer.byteCount).map { buffer.byte(at: $0) }
}

/// The fields of a reply that tests look at.
struct ReplySummary: Equatable {
  var type: MessageType?
  var code: ResponseCode
  var traceNumber: UInt32

  init?(_ reading: TestClient.Reading) {
    guard case .frame(let bytes) = reading else { return nil }
    let frame = unsafe FrameView(whole: bytes.span.bytes)
    type = frame.messageType
    code = frame.responseCode
    traceNumber = frame.traceNumber.rawValue
  }
}
