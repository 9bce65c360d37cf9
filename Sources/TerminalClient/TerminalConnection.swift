import LinuxSystem
import TLS
import TransactionModel
import WireFormat

/// One TLS connection to a server, which blocks its caller up to a deadline.
struct TerminalConnection: ~Copyable {
  private static let receiveByteCount = 16 * HeaderLayout.frameByteCountMax

  let server: ServerAddress
  // The session goes before the descriptor that it works on.
  private var session: TLSSession
  private let descriptor: OwnedDescriptor
  private var received = FileBuffer(byteCount: receiveByteCount)
  private var readStart = 0
  private var readEnd = 0

  /// Connects and completes the handshake.
  ///
  /// Of TLS 1.3 that does not say yet that the server accepts the terminal's certificate: its
  /// refusal comes with the first answer.
  init(
    to server: ServerAddress, _ context: TLSClientContext, deadline: Deadline
  ) throws(TerminalError) {
    let descriptor: OwnedDescriptor
    do throws(NetworkError) {
      descriptor = try OwnedDescriptor.connected(
        toHost: server.host, port: server.port,
        timeoutMilliseconds: deadline.remainingMilliseconds)
    } catch {
      throw .unreachable(server, error)
    }
    var session: TLSSession
    do throws(TLSError) {
      session = try TLSSession(context, descriptor: descriptor.rawValue)
    } catch {
      throw .credentialsUnusable(error)
    }
    handshake: while true {
      let interest: ReadinessInterest
      switch session.handshake() {
      case .complete: break handshake
      case .wantsRead: interest = .readable
      case .wantsWrite: interest = .writable
      case .peerClosed, .failed: throw Self.error(of: session, server)
      }
      guard
        descriptor.waitUntil(interest, timeoutMilliseconds: deadline.remainingMilliseconds)
      else {
        throw .timedOut(server, .handshake, milliseconds: deadline.allowedMilliseconds)
      }
    }
    self.server = server
    self.session = session
    self.descriptor = descriptor
  }

  /// Sends a whole frame.
  ///
  /// A server that refused has written why before it closed, so a failed write is followed by
  /// reading: the reason, if there is one, is what is thrown.
  mutating func send(_ frame: RawSpan, deadline: Deadline) throws(TerminalError) {
    var sentCount = 0
    while sentCount < frame.byteCount {
      let (byteCount, outcome) = session.write(frame.extracting(sentCount..<frame.byteCount))
      sentCount += byteCount
      switch outcome {
      case .complete: continue
      case .wantsRead: try wait(.readable, .sending, deadline)
      case .wantsWrite: try wait(.writable, .sending, deadline)
      case .peerClosed, .failed: throw reasonForFailedWrite(deadline)
      }
    }
  }

  /// Waits for the next frame and hands it over; what it gives is for the caller alone.
  mutating func receive(deadline: Deadline) throws(TerminalError) -> Reply {
    while true {
      if let reply = try takeFrame() { return reply }
      switch readOnce() {
      case .complete: continue
      case .wantsRead: try wait(.readable, .answer, deadline)
      case .wantsWrite: try wait(.writable, .answer, deadline)
      case .peerClosed, .failed: throw Self.error(of: session, server)
      }
    }
  }

  /// Says good-bye; the server then knows that nothing was cut off.
  mutating func close() {
    _ = session.shutdownWrite()
    descriptor.shutdownWrite()
  }

  private mutating func takeFrame() throws(TerminalError) -> Reply? {
    let reply: Reply
    let byteCount: Int
    do {
      let bytes = received.bytes.extracting(readStart..<readEnd)
      guard let frame = try FrameView(prefixOf: bytes, .reply) else { return nil }
      reply = try Reply(frame)
      byteCount = frame.byteCount
    } catch let error as FramingError {
      throw .replyUnusable(server, reason: "\(error)")
    } catch let error as FormatRefusal {
      throw .replyUnusable(
        server, reason: "field \(error.fieldNumber) breaks rule \(error.ruleNumber)")
    } catch {
      preconditionFailure("\(error)")
    }
    readStart += byteCount
    return reply
  }

  private mutating func readOnce() -> TLSOutcome {
    makeRoom()
    var outcome = TLSOutcome.failed
    readEnd += received.withOutput(in: readEnd..<Self.receiveByteCount) { tail in
      outcome = session.read(into: &tail)
    }
    return outcome
  }

  /// Moves what is left of the last read to the front, so that a whole frame fits behind it.
  private mutating func makeRoom() {
    guard readStart > 0 else { return }
    let unread = readStart..<readEnd
    do {
      var bytes = received.mutableBytes
      bytes.moveToFront(unread)
    }
    (readStart, readEnd) = (0, unread.count)
  }

  private func wait(
    _ interest: ReadinessInterest, _ phase: TerminalError.Phase, _ deadline: Deadline
  ) throws(TerminalError) {
    guard descriptor.waitUntil(interest, timeoutMilliseconds: deadline.remainingMilliseconds)
    else { throw .timedOut(server, phase, milliseconds: deadline.allowedMilliseconds) }
  }

  private mutating func reasonForFailedWrite(_ deadline: Deadline) -> TerminalError {
    while true {
      switch readOnce() {
      case .complete: readStart = readEnd
      case .wantsRead, .wantsWrite:
        guard
          descriptor.waitUntil(.readable, timeoutMilliseconds: deadline.remainingMilliseconds)
        else { return .connectionLost(server) }
      case .peerClosed, .failed: return Self.error(of: session, server)
      }
    }
  }

  private static func error(
    of session: borrowing TLSSession, _ server: ServerAddress
  ) -> TerminalError {
    guard let failure = session.failure else { return .connectionLost(server) }
    switch failure.reason {
    case .peerClosed:
      return .connectionLost(server)
    case .peerAlert(let alert):
      return .refusedByServer(server, alert: alert)
    case .certificateUnknownAuthority, .certificateExpired, .certificateNotYetValid,
      .certificateWrongPurpose, .certificateWrongHost, .certificateOther:
      return .serverNotTrusted(server, failure.reason, text: failure.text)
    case .notTLS:
      return .tlsFailed(server, text: "what answers there does not speak TLS")
    case .protocolVersion, .noClientCertificate, .other:
      return .tlsFailed(server, text: failure.text)
    }
  }
}
