import LinuxSystem
import TLS
import WireFormat

/// One connection of a load test: its socket, what it still has to send, what it is owed.
///
/// Nothing it does blocks. It is made again after an end, with the same number and terminals.
final class LoadConnection {
  enum State {
    /// Nobody connects it before a moment.
    case waiting
    case connecting
    case handshaking
    case open
  }

  /// How a step ended.
  enum Outcome: Equatable {
    case going
    case ended(reason: String)
  }

  let index: Int
  /// Indexes of the terminals that it speaks for.
  let terminals: Range<Int>
  private let context: TLSClientContext
  private let inFlightMax: Int
  /// Answers after which it is closed; nil for never.
  private let answerCountMax: Int?
  /// How many bytes it may send at a time; nil for any.
  let sendByteCountMax: Int?

  private(set) var state = State.waiting
  // The session goes before the descriptor that it works on.
  private var session: TLSSession?
  private var descriptor: OwnedDescriptor?
  private var output: [UInt8] = []
  private var outputStart = 0
  /// Part of a frame.
  private var leftover: [UInt8] = []

  /// Unanswered, in the order in which they were sent.
  private(set) var inFlight: [Exchange] = []
  /// To be sent again on the next connection, or once the operator is signed on again.
  var unsettled: [Exchange] = []
  private(set) var nextTerminal: Int
  /// The newest change that was answered on it, and its answer's digest.
  var newestChange: (exchange: Exchange, digest: UInt128)?
  /// The card of the newest change on it that a reversal may undo.
  var newestUndoable: Int?
  /// When the connecting began, and when it may begin at the earliest.
  var beganNanoseconds: UInt64 = 0
  var notBeforeNanoseconds: UInt64 = 0
  var failureCount = 0
  var answeredCount = 0
  var isQueued = false
  var isUrgent = false
  var isDirty = false
  /// What the poller reports of it.
  var interest: ReadinessInterest = []
  /// The next moment at which a slow client does something.
  var paceNanoseconds: UInt64 = 0
  /// Until when a slow client takes nothing.
  var muteNanoseconds: UInt64 = 0
  /// Terminals whose operators are to be signed on before anything else is sent.
  var signOnQueue: [Int] = []
  var signOnsUnderWay = 0

  init(
    index: Int, terminals: Range<Int>, _ context: TLSClientContext, inFlightMax: Int,
    answerCountMax: Int? = nil, sendByteCountMax: Int? = nil
  ) {
    self.index = index
    self.terminals = terminals
    self.context = context
    self.inFlightMax = inFlightMax
    self.answerCountMax = answerCountMax
    self.sendByteCountMax = sendByteCountMax
    nextTerminal = terminals.lowerBound
  }

  var isSlow: Bool { sendByteCountMax != nil }
  var hasRoom: Bool {
    state == .open && inFlight.count < inFlightMax
      && (answerCountMax.map { answeredCount + inFlight.count < $0 } ?? true)
  }
  /// Whether it has answered all that it was made for.
  var isUsedUp: Bool { answerCountMax.map { answeredCount >= $0 } ?? false && inFlight.isEmpty }
  /// Whether it has something to send that needs no traffic.
  var hasOwnWork: Bool {
    !signOnQueue.isEmpty || (signOnsUnderWay == 0 && !unsettled.isEmpty)
  }
  /// Whether it is neither owed anything nor has just failed: one that is open again has not.
  var isAtRest: Bool {
    inFlight.isEmpty && unsettled.isEmpty && (failureCount == 0 || state == .open)
  }
  var hasUnsent: Bool { outputStart < output.count }
  var rawValue: Int32? { descriptor?.rawValue }

  /// The terminals take turns.
  func takeTerminal() -> Int {
    let terminal = nextTerminal
    nextTerminal = terminal + 1 < terminals.upperBound ? terminal + 1 : terminals.lowerBound
    return terminal
  }

  // MARK: Beginning and end

  func begin(to address: InternetAddress, at now: UInt64) throws(LoadError) {
    do throws(SystemError) {
      descriptor = try OwnedDescriptor.beginConnecting(to: address)
    } catch {
      throw .system(error)
    }
    beganNanoseconds = now
    state = .connecting
  }

  /// Goes on with connecting and the handshake.
  func advance() throws(LoadError) -> Outcome {
    if state == .connecting {
      let errorNumber: Int32
      do throws(SystemError) {
        errorNumber = try descriptor?.takePendingError() ?? 0
      } catch {
        throw .system(error)
      }
      guard errorNumber == 0 else { return .ended(reason: "connect: error \(errorNumber)") }
      guard let rawValue else { preconditionFailure("connecting without a socket") }
      do throws(TLSError) {
        session = try TLSSession(context, descriptor: rawValue)
      } catch {
        throw .credentialsUnusable(error)
      }
      state = .handshaking
    }
    switch session?.handshake() {
    case .complete: state = .open
    case .wantsRead, .wantsWrite: break
    case .peerClosed, .failed, .none: return .ended(reason: failureText)
    }
    return .going
  }

  /// Drops the socket; what was not answered is to be sent again.
  func end() {
    _ = session?.shutdownWrite()
    session = nil
    descriptor = nil
    state = .waiting
    output.removeAll(keepingCapacity: true)
    outputStart = 0
    leftover.removeAll(keepingCapacity: true)
    for var exchange in inFlight where !exchange.keepsSession {
      exchange.isRepeat = true
      unsettled.append(exchange)
    }
    inFlight.removeAll(keepingCapacity: true)
    signOnQueue.removeAll()
    (answeredCount, signOnsUnderWay) = (0, 0)
    (interest, isDirty) = ([], false)
  }

  private var failureText: String { session?.failure?.text ?? "closed by the server" }

  // MARK: Requests and replies

  /// Puts a frame behind what is to be sent.
  func append(_ frame: borrowing FrameBuffer, for exchange: Exchange) {
    inFlight.append(exchange)
    for offset in 0..<frame.byteCount { output.append(frame.byte(at: offset)) }
  }

  /// Sends what the socket takes.
  func flush(at now: UInt64) -> Outcome {
    while hasUnsent {
      if isSlow, now < paceNanoseconds { return .going }
      let end = min(output.count, outputStart + (sendByteCountMax ?? output.count))
      let (byteCount, outcome) = Self.write(output, outputStart..<end, to: &session)
      outputStart += byteCount
      switch outcome {
      case .complete: if isSlow { paceNanoseconds = now + Self.paceStepNanoseconds }
      case .wantsRead, .wantsWrite: return .going
      case .peerClosed, .failed: return .ended(reason: failureText)
      }
    }
    output.removeAll(keepingCapacity: true)
    outputStart = 0
    return .going
  }

  private static func write(
    _ output: [UInt8], _ range: Range<Int>, to session: inout TLSSession?
  ) -> (byteCount: Int, outcome: TLSOutcome) {
    session?.write(output.rawBytes.extracting(range)) ?? (0, .failed)
  }

  /// Between two pieces of a slow client's request, and from an answer to the next read.
  private static let paceStepNanoseconds: UInt64 = 20_000_000
  static let muteNanoseconds: UInt64 = 300_000_000

  /// Reads once into a buffer that all connections share, behind what is left of the last read;
  /// gives how many bytes lie there, and whether there may be more.
  func read(into buffer: inout FileBuffer) -> (byteCount: Int, outcome: TLSOutcome) {
    let start = leftover.count
    if start > 0 {
      _ = buffer.withOutput(in: 0..<start) { output in
        for byte in leftover { output.append(byte) }
      }
    }
    var outcome = TLSOutcome.failed
    let readCount = buffer.withOutput(in: start..<buffer.byteCount) { tail in
      outcome = session?.read(into: &tail) ?? .failed
    }
    return (start + readCount, outcome)
  }

  /// Keeps the part of a frame that a read has ended with.
  func keep(_ bytes: [UInt8]) { leftover = bytes }

  /// Why a read found the connection at its end.
  var endReason: String { failureText }

  /// Takes the request that a reply belongs to, by terminal and trace number.
  func take(terminal: Int?, traceNumber: UInt32) -> Exchange? {
    guard
      let place = inFlight.firstIndex(where: {
        $0.traceNumber == traceNumber && $0.terminal == terminal
      })
    else { return nil }
    return inFlight.remove(at: place)
  }

  /// Takes what was sent before a moment and is not answered.
  func takeOverdue(sentBefore moment: UInt64) -> [Exchange] {
    let overdue = inFlight.filter { $0.sentNanoseconds < moment }
    if !overdue.isEmpty { inFlight.removeAll { $0.sentNanoseconds < moment } }
    return overdue
  }
}
