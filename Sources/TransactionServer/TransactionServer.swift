public import LinuxSystem
public import TLS
public import TransactionEngine
public import TransactionModel
public import WriteAheadLog

/// The server: its threads, started in order and stopped in the reverse order.
///
/// The handshake thread lets connections in and hands each to one of the reactors, which serve them
/// from then on. The engine and the committer are running before it and run on after it.
public final class TransactionServer: Sendable {
  /// Where it listens.
  public let address: InternetAddress
  public let statistics: ServerStatistics
  private let limits: ServerLimits
  private let handshakeMailbox: Mailbox<HandshakeThreadMessage>
  private let handshakeThread: OwnThread
  private let reactorMailboxes: [Mailbox<ReactorMessage>]
  private let reactorThreads: [OwnThread]
  /// None beside a test's engine.
  private let memoryMaker: MemoryMaker?

  /// One reactor for each processor but one, and at least one.
  public static var reactorCountDefault: Int { max(1, CurrentProcess.processorCount - 1) }

  /// Starts to serve.
  ///
  /// Only certificates of the given environment are let in. The committer's `whenDurable` publishes
  /// to `durablePosition`, or no reply to a change ever goes. The audit log's committer runs like
  /// the other one. There is at least one reactor.
  public convenience init<Log: CommitLog & ~Copyable>(
    listener: consuming ListeningSocket, context: TLSServerContext, environment: Environment,
    engine: SharedEngine, committer: GroupCommitter<Log>, durablePosition: DurablePosition,
    audit: AuditDesk, clock: DaemonClock = .wall, limits: ServerLimits = ServerLimits(),
    reactorCount: Int = reactorCountDefault
  ) throws(ServerError) {
    let memoryMaker: MemoryMaker
    do throws(SystemError) {
      memoryMaker = try MemoryMaker(engine)
    } catch {
      throw .systemCallFailed(error)
    }
    try self.init(
      listener: listener, context: context, environment: environment,
      room: DaemonEngineRoom(engine: engine, committer: committer, memoryMaker: memoryMaker),
      memoryMaker: memoryMaker, durablePosition: durablePosition, audit: audit, clock: clock,
      limits: limits, reactorCount: reactorCount)
  }

  init(
    listener: consuming ListeningSocket, context: TLSServerContext, environment: Environment,
    room: some EngineRoom, memoryMaker: MemoryMaker? = nil, durablePosition: DurablePosition,
    audit: AuditDesk?, clock: DaemonClock,
    certificateClock: DaemonClock = .wall, limits: ServerLimits, reactorCount: Int
  ) throws(ServerError) {
    precondition(reactorCount > 0, "at least one reactor")
    let contradictions = limits.contradictions
    guard contradictions.isEmpty else { throw .limitsContradict(contradictions) }
    self.limits = limits
    self.memoryMaker = memoryMaker
    address = listener.address
    do throws(SystemError) {
      let handshakeMailbox = try Mailbox<HandshakeThreadMessage>()
      let statistics = ServerStatistics(
        reactorCount: reactorCount,
        allowance: ConnectionAllowance(limits: limits, roomBell: handshakeMailbox))
      var mailboxes: [Mailbox<ReactorMessage>] = []
      var threads: [OwnThread] = []
      for index in 0..<reactorCount {
        let mailbox = try Mailbox<ReactorMessage>()
        let reactor = ParkedReactor(
          try Reactor(
            room: room, durablePosition: durablePosition, audit: audit, clock: clock,
            certificateClock: certificateClock, limits: limits, mailbox: mailbox,
            handshakeThread: handshakeMailbox, counters: statistics.reactors[index]))
        mailboxes.append(mailbox)
        threads.append(try OwnThread(name: "reactor-\(index)") { reactor.run() })
      }
      let handshakes = try HandshakeThread(
        listener: listener, context: context, environment: environment, limits: limits,
        audit: audit, clock: clock, mailbox: handshakeMailbox, reactors: mailboxes,
        statistics: statistics)
      try memoryMaker?.start()
      handshakeThread = try OwnThread(name: "handshakes") { handshakes.run() }
      self.handshakeMailbox = handshakeMailbox
      self.statistics = statistics
      reactorMailboxes = mailboxes
      reactorThreads = threads
    } catch {
      // Threads that have started wait without end and without work; the process ends.
      throw .systemCallFailed(error)
    }
  }

  public var port: UInt16 { address.port }

  /// Stops: accepts nothing more, sends the replies to what was decided, and closes everything.
  ///
  /// Replies that wait for the log are sent if the log makes them durable within the time; so the
  /// committer runs on until this returns. It takes a linger time more, at most. Called once.
  public func stop(drainMilliseconds: UInt64) {
    handshakeMailbox.put(.stopAccepting)
    let deadline = MonotonicClock.nowMilliseconds + drainMilliseconds
    for mailbox in reactorMailboxes { mailbox.put(.drain(deadlineMilliseconds: deadline)) }
    for thread in reactorThreads { thread.join() }
    handshakeMailbox.put(.stop)
    handshakeThread.join()
    memoryMaker?.stop()
  }
}
