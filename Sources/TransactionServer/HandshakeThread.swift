import AuditTrail
import LinuxSystem
import Observability
import TLS
import TransactionModel

/// What the handshake thread is told by others.
enum HandshakeThreadMessage: Sendable {
  /// A connection is over: see that the peer can read why.
  case linger(ConnectionSocket)
  /// Close the listening socket and give up the handshakes.
  case stopAccepting
  /// End when nothing lingers any more.
  case stop
}

/// The thread that accepts connections, makes their handshakes, and hands them to the reactors.
///
/// It alone owns the listening socket. A handshake costs as much as a hundred requests: here, at a
/// lower priority, it delays nobody who is in. The thread also keeps the connections that are over
/// until their peers have read the reason.
final class HandshakeThread {
  private static let mailboxToken: UInt64 = 0
  static let listenerToken: UInt64 = 1
  private static let sweepMilliseconds: UInt64 = 100

  let limits: ServerLimits
  let context: TLSServerContext
  private let environment: Environment
  private let mailbox: Mailbox<HandshakeThreadMessage>
  private let reactors: [Mailbox<ReactorMessage>]
  let allowance: ConnectionAllowance
  let counters: HandshakeCounters
  var listener: ListeningSocket?
  private var poller: ReadinessPoller

  private var connections = SlotTable<PendingConnection>()
  var handshakeCount = 0
  var handshakesByAddress: [UInt128: Int] = [:]
  private var nextReactor = 0
  var isListenerWatched = true
  private var isStopping = false
  var now = MonotonicClock.nowMilliseconds
  private var nextSweep: UInt64 = 0
  var acceptPauseEnd: UInt64 = 0
  var rateWindowEnd: UInt64 = 0
  var acceptsLeftInWindow = 0
  private let audit: AuditDesk?
  private let clock: DaemonClock
  private var tally: HandshakeTally
  private var scratch = ByteQueue()
  private let pool = BufferPool(bufferByteCount: 16 * 1024, keptCountMax: 1)

  init(
    listener: consuming ListeningSocket, context: TLSServerContext, environment: Environment,
    limits: ServerLimits, audit: AuditDesk?, clock: DaemonClock,
    mailbox: Mailbox<HandshakeThreadMessage>,
    reactors: [Mailbox<ReactorMessage>], statistics: ServerStatistics
  ) throws(SystemError) {
    let poller = try ReadinessPoller()
    try poller.add(mailbox.rawValue, token: Self.mailboxToken, interest: .readable)
    try poller.add(listener.rawValue, token: Self.listenerToken, interest: .readable)
    self.poller = poller
    self.listener = consume listener
    self.context = context
    self.environment = environment
    self.limits = limits
    self.audit = audit
    self.clock = clock
    tally = HandshakeTally(milliseconds: limits.handshakeTallyMilliseconds)
    self.mailbox = mailbox
    self.reactors = reactors
    allowance = statistics.allowance
    counters = statistics.handshakes
  }

  func run() {
    // Without the right to be nicer, handshakes merely compete harder.
    try? Thread.setNicenessOfCurrent(limits.handshakeNiceness)
    while !(isStopping && connections.isEmpty) {
      let eventCount = poller.wait(timeoutMilliseconds: timeoutMilliseconds)
      counters.events.increment(.wakeUps)
      now = MonotonicClock.nowMilliseconds
      startRateWindowWhenDue()
      for index in 0..<eventCount { handle(poller.event(at: index)) }
      sweepWhenDue()
      watchListener()
      enterTally()
    }
    enterTally(isLast: true)
  }

  /// Counts a connection that is not let in.
  func count(_ reason: HandshakeFailure, from peer: InternetAddress) {
    counters.failures.increment(reason)
    guard audit != nil, reason != .shutdown else { return }
    tally.count(reason, from: peer, now: now, at: clock.now)
  }

  private func enterTally(isLast: Bool = false) {
    guard let audit, !tally.isEmpty else { return }
    tally.enter(in: audit, now: now, at: clock.now, isLast: isLast)
  }

  private func handle(_ event: ReadinessEvent) {
    switch event.token {
    case Self.mailboxToken:
      for message in mailbox.takeAll() { handle(message) }
    case Self.listenerToken:
      acceptWaiting()
    default:
      guard let connection = connections[event.token] else { return }
      if connection.isInHandshake { advance(connection) } else { discard(connection) }
    }
  }

  private func handle(_ message: HandshakeThreadMessage) {
    switch message {
    case .linger(let socket):
      linger(socket)
    case .stopAccepting:
      if let rawValue = listener?.rawValue { poller.remove(rawValue) }
      listener = nil
      forEachConnection { if $0.isInHandshake { refuse($0, .shutdown) } }
    case .stop:
      isStopping = true
    }
  }

  /// Forever, unless something here has a deadline.
  private var timeoutMilliseconds: Int32 {
    let accepts = listener != nil && !isListenerWatched
    guard accepts || !connections.isEmpty else {
      // What was counted is entered within a while, also when nobody comes.
      return tally.isEmpty ? -1 : Int32(clamping: min(limits.handshakeTallyMilliseconds, 1_000))
    }
    return Int32(nextSweep > now ? nextSweep - now : 0)
  }

  private func sweepWhenDue() {
    guard now >= nextSweep else { return }
    nextSweep = now + Self.sweepMilliseconds
    forEachConnection { connection in
      guard now >= connection.deadlineMilliseconds else { return }
      if connection.isInHandshake { count(.stalled, from: connection.socket.peer) }
      remove(connection)
    }
  }

  private func forEachConnection(_ body: (PendingConnection) -> Void) {
    for place in connections.places {
      if let connection = connections.element(at: place) { body(connection) }
    }
  }

  // MARK: Handshakes

  private func advance(_ connection: PendingConnection) {
    switch connection.session?.handshake() {
    case .wantsRead: watch(connection, .readable)
    case .wantsWrite: watch(connection, .writable)
    case .peerClosed: refuse(connection, .peerClosed)
    case .failed, nil: refuse(connection, HandshakeFailure(connection.session?.failure))
    case .complete: letIn(connection)
    }
  }

  private func letIn(_ connection: PendingConnection) {
    guard let certificate = connection.session?.peerCertificate else {
      preconditionFailure("a handshake without a certificate")
    }
    let identity: CertificateIdentity
    do throws(HandshakeFailure) {
      identity = try CertificateIdentity(certificate, in: environment)
    } catch {
      return refuse(connection, error)
    }
    counters.events.increment(.handshakes)
    remove(connection)
    guard let session = connection.session.take() else { preconditionFailure() }
    reactors[nextReactor].put(
      .connection(
        Handover(
          socket: connection.socket, session: session, identity: identity,
          certificateEndMilliseconds: certificate.notAfterMilliseconds)))
    nextReactor = (nextReactor + 1) % reactors.count
  }

  /// Ends a handshake; the alert that says why, if there is one, has been sent.
  private func refuse(_ connection: PendingConnection, _ reason: HandshakeFailure) {
    count(reason, from: connection.socket.peer)
    _ = connection.session?.shutdownWrite()
    remove(connection)
    if reason != .peerClosed { linger(connection.socket) }
  }

  private func countHandshakeDone(_ connection: PendingConnection) {
    let key = connection.socket.peer.allowanceKey
    handshakeCount -= 1
    let left = handshakesByAddress[key, default: 1] - 1
    handshakesByAddress[key] = left == 0 ? nil : left
  }

  // MARK: Ends

  private func linger(_ socket: ConnectionSocket) {
    socket.descriptor.shutdownWrite()
    let connection = PendingConnection(
      lingering: socket, deadlineMilliseconds: now + limits.lingerMilliseconds,
      byteCountMax: limits.lingerByteCountMax)
    if insert(connection) { discard(connection) }
  }

  private func discard(_ connection: PendingConnection) {
    while connection.discardByteCountLeft > 0 {
      let outcome = scratch.append(byteCountMin: 1, from: pool) { tail in
        connection.socket.descriptor.receive(into: &tail)
      }
      scratch.consume(scratch.byteCount)
      switch outcome {
      case .transferred(let byteCount): connection.discardByteCountLeft -= byteCount
      case .wouldBlock: return
      case .peerClosed, .failed: return remove(connection)
      }
    }
    remove(connection)
  }

  // MARK: Watching

  func insert(_ connection: PendingConnection) -> Bool {
    connection.token = connections.insert(connection)
    do throws(SystemError) {
      try poller.add(
        connection.socket.descriptor.rawValue, token: connection.token, interest: .readable)
      return true
    } catch {
      connections.remove(connection.token)
      return false
    }
  }

  private func remove(_ connection: PendingConnection) {
    if connection.isInHandshake { countHandshakeDone(connection) }
    poller.remove(connection.socket.descriptor.rawValue)
    connections.remove(connection.token)
  }

  private func watch(_ connection: PendingConnection, _ interest: ReadinessInterest) {
    guard connection.interest != interest else { return }
    connection.interest = interest
    watch(connection.socket.descriptor.rawValue, connection.token, interest)
  }

  func watch(_ rawValue: Int32, _ token: UInt64, _ interest: ReadinessInterest) {
    do throws(SystemError) {
      try poller.modify(rawValue, token: token, interest: interest)
    } catch {
      // A watched descriptor can be watched for something else whatever the state of the system.
      preconditionFailure("\(error)")
    }
  }
}
