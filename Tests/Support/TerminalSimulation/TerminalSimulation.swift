import LinuxSystem
import TerminalClient
package import TransactionModel
import WireFormat

/// A terminal, a line and a server through crashes of both, from one seed.
///
/// At the end every change was carried out once or not at all, and as the terminal was told.
package struct TerminalSimulation<Server: SimulatedServer> {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  private struct Crash: Error {}

  package private(set) var server: Server
  private var line: SimulatedLine
  private var storage: MemoryTerminalStorage
  private var generator: JitterGenerator
  private var clerk: SimulatedClerk
  private var session: TerminalSession
  private var now = start.milliseconds
  private var pauseMillisecondsLeft: UInt64

  /// 2026-11-02 at 10:00 in California.
  package static var start: Instant { Instant(milliseconds: 1_793_642_400_000) }

  /// `pauseMillisecondsMax` bounds the sum of the long pauses.
  package init(
    seed: UInt64, habits: ClerkHabits = .deactivating, pauseMillisecondsMax: UInt64 = .max,
    makeServer: (UInt64) throws -> Server
  ) rethrows {
    generator = JitterGenerator(seed: seed)
    server = try makeServer(generator.next())
    line = SimulatedLine(seed: generator.next())
    storage = MemoryTerminalStorage(seed: generator.next())
    clerk = SimulatedClerk(seed: generator.next(), habits)
    pauseMillisecondsLeft = pauseMillisecondsMax
    session = TerminalSession(pending: [], serverCount: 2, seed: 1)
  }

  /// How often the terminal told each outcome, by its name and code.
  package var outcomeCounts: [String: Int] { clerk.outcomeCounts }

  /// What was asked of the terminal and told by it, in this order.
  package var events: [ClerkEvent] { clerk.events }

  /// The simulation's clock.
  package var time: Instant { wall }

  package mutating func run() throws {
    for _ in 0..<4 {
      storage.callsLeft = oneIn(3) ? nil : Int.random(in: 0..<60, using: &generator)
      do { try live() } catch is Crash {}
      line.cut()
    }
    storage.callsLeft = nil
    try settle()
    try clerk.check(server)
  }

  /// One life of the terminal's process.
  private mutating func live() throws {
    try start()
    for _ in 0..<Int.random(in: 20..<160, using: &generator) {
      switch Int.random(in: 0..<20, using: &generator) {
      case 0...3: try actAsClerk()
      case 4...13: try deliver()
      case 14...16: try wakeUp()
      case 17 where oneIn(3):
        server.restart()
        try loseConnection()
      case 18 where oneIn(2): try loseConnection()
      case 19 where oneIn(6):
        let pause = UInt64.random(in: 0..<90_000_000, using: &generator)
        let allowed = min(pause, pauseMillisecondsLeft)
        pauseMillisecondsLeft -= allowed
        try pass(milliseconds: allowed)
      default: try pass(milliseconds: UInt64.random(in: 0..<3_000, using: &generator))
      }
    }
  }

  /// A last life in which all goes well, until nothing is pending.
  private mutating func settle() throws {
    line.isCalm = true
    server.becomeCalm()
    try start()
    try request(clerk.signOn())
    try handle(.resumed)
    for _ in 0..<4_000 {
      if session.pending.isEmpty, line.isEmpty { return }
      if line.isEmpty { try wakeUp() } else { try deliver() }
      if !line.isUp || oneIn(50) { try handle(.resumed) }
    }
    throw Failure(description: "\(session.pending.count) changes are never answered")
  }

  private mutating func start() throws {
    session = TerminalSession(pending: storage.pending, serverCount: 2, seed: generator.next())
    try handle(.timePassed)
  }

  // MARK: Events

  private mutating func actAsClerk() throws {
    switch Int.random(in: 0..<10, using: &generator) {
    case 0: try request(clerk.signOn())
    case 1: try handle(.resumed)
    case 2, 3:
      guard let change = session.pending.randomElement(using: &generator) else { return }
      var reversal: TerminalRequest?
      if session.needsReversal(change.id), let body = change.reversalBody {
        reversal = clerk.ask(body, try number(), at: wall, cancels: true)
      }
      try handle(.cancelled(change.id, reversal: reversal))
    default: try request(clerk.nextBody())
    }
  }

  private mutating func request(_ body: RequestBody) throws {
    let request = clerk.ask(body, try number(), at: wall)
    try handle(.requested(request))
  }

  private mutating func deliver() throws {
    guard let message = line.takeNext() else { return }
    now += UInt64.random(in: 0..<40, using: &generator)
    if message.isRequest {
      guard let replies = server.answer(message.bytes, at: wall) else {
        return try loseConnection()
      }
      guard line.isUp else { return }
      // Some answers to a connection that is gone reach the terminal on the next one.
      guard message.connection == line.connection || oneIn(4) else { return }
      for reply in replies { line.send(reply, isRequest: false) }
    } else if line.isUp, message.connection == line.connection {
      guard let reply = try? Reply(FrameView(whole: message.bytes.rawBytes)) else {
        throw Failure(description: "the server sent what is no reply")
      }
      try handle(.received(reply))
    }
  }

  private mutating func wakeUp() throws {
    if let moment = session.nextWakeup { now = max(now, moment) }
    try handle(.timePassed)
  }

  private mutating func pass(milliseconds: UInt64) throws {
    now += milliseconds
    try handle(.timePassed)
  }

  private mutating func loseConnection() throws {
    guard line.isUp else { return }
    line.cut()
    try handle(.connectionLost)
  }

  // MARK: Actions

  private mutating func handle(_ event: TerminalEvent) throws {
    var events = [event]
    while !events.isEmpty {
      for action in session.handle(events.removeFirst(), at: terminalTime) {
        if oneIn(line.isCalm ? .max : 400) { throw Crash() }
        if let event = try perform(action) { events.append(event) }
      }
    }
  }

  private mutating func perform(_ action: TerminalAction) throws -> TerminalEvent? {
    switch action {
    case .keep(let change):
      try stopping { (storage) throws(TerminalError) in try storage.keep(change) }
    case .erase(let id):
      try stopping { (storage) throws(TerminalError) in try storage.erase(id) }
    case .connect:
      guard line.isCalm || !oneIn(4) else { return .connectionFailed }
      line.connect()
      return .connected
    case .disconnect: line.cut()
    case .send(let request):
      let isKept = storage.pending.contains { change in
        change.active.traceNumber == request.traceNumber && change.mayHaveBeenSent
      }
      guard isKept || !request.body.isChange else {
        throw Failure(description: "a change was sent before it was kept")
      }
      line.send(request.frame, isRequest: true)
    case .report(let result): try clerk.hear(result)
    }
    return nil
  }

  private mutating func stopping(
    _ body: (inout MemoryTerminalStorage) throws(TerminalError) -> Void
  ) throws {
    do throws(TerminalError) { try body(&storage) } catch { throw Crash() }
  }

  private mutating func number() throws -> SystemTraceAuditNumber {
    do throws(TerminalError) { return try storage.nextTraceNumber() } catch { throw Crash() }
  }

  private var wall: Instant { Instant(milliseconds: now) }
  private var terminalTime: TerminalTime { TerminalTime(monotonicMilliseconds: now, wall: wall) }

  private mutating func oneIn(_ count: Int) -> Bool {
    Int.random(in: 0..<count, using: &generator) == 0
  }
}
