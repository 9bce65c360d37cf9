import AuditTrail
import LinuxSystem
import Observability
import TLS
import TransactionEngine
import TransactionModel
import WireFormat

/// What a reactor is told by others.
enum ReactorMessage: Sendable {
  case connection(Handover)
  /// Send what is decided, close everything, and end, at the latest at a monotonic time.
  case drain(deadlineMilliseconds: UInt64)
}

/// A thread that owns connections: it reads requests, has them decided, and sends the replies.
///
/// One turn: everybody who is ready is read from, then all is decided; then the committer is told,
/// once; then all replies go whose log position is durable, those of one connection in one write.
/// What is decided while the log syncs becomes durable with the next sync.
///
/// A value that nobody copies: that its parts are not used twice at once is known when it is
/// compiled, where a class would be asked with every request.
struct Reactor<Room: EngineRoom>: ~Copyable {
  private static var mailboxToken: UInt64 { 0 }
  /// Peers that hung up and are served in one turn: the others wait for them.
  static var leavingCountMax: Int { 4 }

  let room: Room
  private let clock: DaemonClock
  private let certificateClock: DaemonClock
  let limits: ServerLimits
  let counters: ReactorCounters
  private let mailbox: Mailbox<ReactorMessage>
  let handshakeThread: Mailbox<HandshakeThreadMessage>
  private let durablePosition: DurablePosition
  private let waiter: DurablePosition.Waiter
  let audit: AuditDesk?
  private let auditWaiter: DurablePosition.Waiter
  /// Entries of the audit log that there is room for.
  var auditRoomCount = 0
  var poller: ReadinessPoller
  var connections = SlotTable<Connection>()
  let receivePool: BufferPool
  let replyPool: BufferPool
  var reply = FrameBuffer()
  var digester = RequestDigester()

  /// To be served in the next turn: they are ready, or were stopped in the turn before.
  var turn: [Connection] = []
  /// Served in this turn.
  var serving: [Connection] = []
  /// Have replies to send, or something else to settle at the end of the turn.
  var toFlush: [Connection] = []
  /// Have replies that wait for the log.
  var waiting: [Connection] = []
  /// Have a request that waits for the next commit to be decided.
  var roomWaiting: [Connection] = []
  /// Have peers that hung up: served a few in a turn, because thousands do so at once when a line
  /// breaks, and those that are still there must not wait for them.
  var leaving: [Connection?] = []
  var leftCount = 0

  private(set) var now = MonotonicClock.nowMilliseconds
  private(set) var certificateTime = Instant.none
  private(set) var daemonTime = Instant.none
  var durable: DurableNeed
  /// What was durable when waiting replies were released last.
  var releasedThrough: DurableNeed
  var nextSweep: UInt64 = 0
  let sweepMilliseconds: UInt64
  private var drainDeadline: UInt64?

  init(
    room: Room, durablePosition: DurablePosition, audit: AuditDesk?, clock: DaemonClock,
    certificateClock: DaemonClock, limits: ServerLimits, mailbox: Mailbox<ReactorMessage>,
    handshakeThread: Mailbox<HandshakeThreadMessage>,
    counters: ReactorCounters
  ) throws(SystemError) {
    let poller = try ReadinessPoller()
    try poller.add(mailbox.rawValue, token: Self.mailboxToken, interest: .readable)
    self.poller = poller
    self.room = room
    self.durablePosition = durablePosition
    self.clock = clock
    self.certificateClock = certificateClock
    self.limits = limits
    self.mailbox = mailbox
    self.handshakeThread = handshakeThread
    self.counters = counters
    waiter = DurablePosition.Waiter(mailbox)
    durablePosition.add(waiter)
    self.audit = audit
    auditWaiter = DurablePosition.Waiter(mailbox)
    audit?.durablePosition.add(auditWaiter)
    durable = .none
    releasedThrough = .none
    receivePool = BufferPool(
      bufferByteCount: limits.receiveBufferByteCount, keptCountMax: limits.pooledBufferCountMax)
    replyPool = BufferPool(
      bufferByteCount: limits.replyQueueByteCount, keptCountMax: limits.pooledBufferCountMax)
    let shortest = min(limits.quietMilliseconds, limits.writeStallMilliseconds)
    sweepMilliseconds = min(max(shortest, 10), 1_000)
  }

  mutating func run() {
    Thread.runCurrentPromptly()
    while !hasDrained {
      let eventCount = poller.wait(timeoutMilliseconds: timeoutMilliseconds)
      counters.events.increment(.wakeUps)
      now = MonotonicClock.nowMilliseconds
      certificateTime = certificateClock.now
      daemonTime = clock.now
      durable = currentlyDurable
      for index in 0..<eventCount { handle(poller.event(at: index)) }
      takeLeaving()
      serveTurn()
      // Before the replies are encrypted: the disk works meanwhile.
      if room.hasStaged { room.wakeCommitter() }
      audit?.wakeCommitterWhenDue()
      room.makeMemoryWhenDue()
      flushTurn()
      flushWaiting()
      sweepWhenDue()
    }
    for place in connections.places {
      if let connection = connections.element(at: place) { remove(connection, .shutdown) }
    }
    audit?.trail.giveBack(auditRoomCount)
  }

  var currentlyDurable: DurableNeed {
    DurableNeed(
      state: durablePosition.current, audit: audit?.durablePosition.current ?? .zero)
  }

  private mutating func handle(_ event: ReadinessEvent) {
    guard event.token != Self.mailboxToken else {
      for message in mailbox.takeAll() { handle(message) }
      return
    }
    guard let connection = connections[event.token] else { return }
    if event.isHungUp && !connection.isReading { return remove(connection, .peerVanished) }
    // After a reset the poller reports it for whatever it is watched.
    guard !connection.waitsToLeave else { return }
    connection.writeWants = []
    connection.readWantsWrite = false
    if event.hasEnded, !connection.isLeaving { return leave(connection) }
    addToTurn(connection)
  }

  private mutating func handle(_ message: ReactorMessage) {
    switch message {
    case .connection(let handover):
      take(handover)
    case .drain(let deadline):
      drainDeadline = deadline
      for place in connections.places {
        if let connection = connections.element(at: place) { finish(connection, .shutdown) }
      }
    }
  }

  private mutating func take(_ handover: Handover) {
    let connection = Connection(handover, now: now)
    connection.token = connections.insert(connection)
    do throws(SystemError) {
      try poller.add(connection.rawValue, token: connection.token, interest: connection.interest)
    } catch {
      connections.remove(connection.token)
      return counters.closes.increment(.notWatchable)
    }
    counters.events.increment(.connections)
    // What came behind the handshake is inside the session, where the poller does not see it.
    addToTurn(connection)
    if drainDeadline != nil { finish(connection, .shutdown) }
  }

  /// The wait ends at the latest when something here has a deadline.
  private var timeoutMilliseconds: Int32 {
    guard turn.isEmpty, leaving.isEmpty else { return 0 }
    if !waiting.isEmpty || !roomWaiting.isEmpty {
      guard durablePosition.isStill(durable.state, for: waiter),
        audit?.durablePosition.isStill(durable.audit, for: auditWaiter) ?? true
      else { return 0 }
    }
    guard !connections.isEmpty || drainDeadline != nil else { return -1 }
    let end = min(nextSweep, drainDeadline ?? nextSweep)
    return Int32(end > now ? end - now : 0)
  }

  private var hasDrained: Bool {
    guard let drainDeadline else { return false }
    return connections.isEmpty || now >= drainDeadline
  }
}

/// A reactor until its thread runs it: a closure cannot hold a value that nobody copies.
final class ParkedReactor<Room: EngineRoom> {
  private var reactor: Reactor<Room>

  init(_ reactor: consuming Reactor<Room>) { self.reactor = reactor }

  func run() { reactor.run() }
}
