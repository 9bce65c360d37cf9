import LinuxSystem
import TLS

/// One connection of a crowd: it connects, shows its certificate, is answered once, and is quiet.
///
/// Nothing it does blocks.
final class CrowdMember {
  private enum State {
    case closed
    case connecting
    case handshaking
    case asking
    case open
  }

  private let context: TLSClientContext
  private let probe: Probe
  private var state = State.closed
  // The session goes before the descriptor that it works on.
  private var session: TLSSession?
  private var descriptor: OwnedDescriptor?
  private var sentCount = 0
  private var received: [UInt8] = []

  init(_ context: TLSClientContext, _ probe: Probe) {
    self.context = context
    self.probe = probe
  }

  var rawValue: Int32? { descriptor?.rawValue }

  func begin(to address: InternetAddress) throws(BenchmarkError) {
    do throws(SystemError) {
      descriptor = try OwnedDescriptor.beginConnecting(to: address)
    } catch {
      throw .system(error)
    }
    (state, sentCount) = (.connecting, 0)
    received.removeAll()
  }

  /// Goes on as far as the socket lets it; gives what it waits for, nil when it is in.
  func advance(_ buffer: inout FileBuffer) throws(BenchmarkError) -> ReadinessInterest? {
    while true {
      switch state {
      case .closed: preconditionFailure("a connection that was not begun")
      case .open: return nil
      case .connecting: try beginHandshake()
      case .handshaking:
        guard let interest = try interest(after: session?.handshake()) else {
          state = .asking
          continue
        }
        return interest
      case .asking:
        if let interest = try ask(&buffer) { return interest }
        (state, received) = (.open, [])
      }
    }
  }

  /// Whether nothing has come since it was answered, not even an end.
  func isStillOpen(_ buffer: inout FileBuffer) -> Bool {
    guard state == .open, session != nil else { return false }
    var outcome: TLSOutcome?
    _ = buffer.withOutput(in: 0..<buffer.byteCount) { outcome = session?.read(into: &$0) }
    return outcome == .wantsRead
  }

  /// Drops the connection without a word, as one that is cut.
  func cut() {
    session = nil
    descriptor = nil
    state = .closed
  }

  private func beginHandshake() throws(BenchmarkError) {
    guard let rawValue else { preconditionFailure("connecting without a socket") }
    let errorNumber: Int32
    do throws(SystemError) {
      errorNumber = try descriptor?.takePendingError() ?? 0
    } catch {
      throw .system(error)
    }
    guard errorNumber == 0 else {
      throw .connectionLost(reason: "connect: error \(errorNumber)")
    }
    do throws(TLSError) {
      session = try TLSSession(context, descriptor: rawValue)
    } catch {
      throw .credentialsUnusable(error)
    }
    state = .handshaking
  }

  /// Sends the probe and takes its answer; nil when that is done.
  private func ask(_ buffer: inout FileBuffer) throws(BenchmarkError) -> ReadinessInterest? {
    while sentCount < probe.request.count {
      let result = Self.write(probe.request, from: sentCount, to: &session)
      sentCount += result?.byteCount ?? 0
      if let interest = try interest(after: result?.outcome) { return interest }
    }
    while true {
      var outcome: TLSOutcome?
      let count = buffer.withOutput(in: 0..<buffer.byteCount) {
        outcome = session?.read(into: &$0)
      }
      received += (0..<count).map { buffer.bytes.byte(at: $0) }
      if let interest = try interest(after: outcome) { return interest }
      guard let isAnswered = probe.isAnswered(received) else { continue }
      guard isAnswered else { throw .answerWrong("to the first request of a connection") }
      return nil
    }
  }

  private static func write(
    _ request: [UInt8], from start: Int, to session: inout TLSSession?
  ) -> (byteCount: Int, outcome: TLSOutcome)? {
    session?.write(request.rawBytes.extracting(start..<request.count))
  }

  /// What to wait for after a step; nil when it is complete.
  private func interest(after outcome: TLSOutcome?) throws(BenchmarkError) -> ReadinessInterest? {
    switch outcome {
    case .complete: return nil
    case .wantsRead: return .readable
    case .wantsWrite: return .writable
    case .peerClosed, .failed, .none:
      throw .connectionLost(reason: session?.failure?.text ?? "closed by the server")
    }
  }
}
