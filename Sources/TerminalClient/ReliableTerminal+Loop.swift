import LinuxSystem
import TransactionModel
import WireFormat

extension ReliableTerminal {
  var time: TerminalTime {
    TerminalTime(monotonicMilliseconds: MonotonicClock.nowMilliseconds, wall: now)
  }

  /// Lets an event happen, and whatever follows from it, until the goal has its result.
  ///
  /// Ends too when the time is over, and when nothing more can come of waiting. Without a
  /// goal it goes on until no change is on its way.
  mutating func run(
    _ event: TerminalEvent, _ deadline: Deadline, _ report: (RequestResult) -> Void
  ) throws(TerminalError) {
    if let stateFailure { throw stateFailure }
    do throws(TerminalError) {
      try runUnguarded(event, deadline, report)
    } catch {
      // The session has gone on as if that had been done.
      stateFailure = error
      throw error
    }
  }

  private mutating func runUnguarded(
    _ event: TerminalEvent, _ deadline: Deadline, _ report: (RequestResult) -> Void
  ) throws(TerminalError) {
    var events = [event]
    while true {
      while !events.isEmpty {
        for action in session.handle(events.removeFirst(), at: time) {
          if let event = try perform(action, report) { events.append(event) }
        }
      }
      if let goal, results[goal] != nil { return }
      if deadline.isOver || session.isAtRest { return }
      events.append(try nextEvent(by: deadline))
    }
  }

  private mutating func perform(
    _ action: TerminalAction, _ report: (RequestResult) -> Void
  ) throws(TerminalError) -> TerminalEvent? {
    switch action {
    case .keep(let change): try files.keep(change)
    case .erase(let id): try files.erase(id)
    case .connect(let server): return connect(to: server)
    case .disconnect:
      if let server = connection?.server {
        let milliseconds = profile.answerTimeoutMilliseconds
        failure = .timedOut(server, .answer, milliseconds: milliseconds)
      }
      connection?.close()
      connection = nil
    case .send(let request): return try send(request)
    case .report(let result):
      results[result.request.traceNumber] = result
      if result.request.body.isChange, !isSolvedBySigningOn(result) { report(result) }
    }
    return nil
  }

  /// Whether the terminal is about to sign on by itself, so that nobody need be told.
  private func isSolvedBySigningOn(_ result: RequestResult) -> Bool {
    guard secret != nil, case .held(let reply) = result.outcome else { return false }
    return reply.header.code == .operatorNotSignedOn
      && result.request.header.operatorID == profile.operatorID
  }

  private mutating func connect(to server: Int) -> TerminalEvent {
    do throws(TerminalError) {
      let deadline = Deadline(afterMilliseconds: profile.connectTimeoutMilliseconds)
      connection = try TerminalConnection(
        to: profile.servers[server], contexts[server], deadline: deadline)
      return .connected
    } catch {
      failure = error
      return .connectionFailed
    }
  }

  private mutating func send(_ request: TerminalRequest) throws(TerminalError) -> TerminalEvent? {
    // The connection is gone since this was decided, and the session is about to hear of it.
    guard connection != nil else { return nil }
    var frame = FrameBuffer()
    try request.encode(into: &frame)
    let deadline = Deadline(afterMilliseconds: profile.answerTimeoutMilliseconds)
    do throws(TerminalError) {
      try connection?.send(frame.bytes, deadline: deadline)
      return nil
    } catch {
      failure = error
      connection = nil
      return .connectionLost
    }
  }

  /// What happens next on the line, or that the time for something has come.
  private mutating func nextEvent(by deadline: Deadline) throws(TerminalError) -> TerminalEvent {
    let limit = deadline.notAfter(session.nextWakeup)
    guard connection != nil else {
      MonotonicClock.sleep(milliseconds: limit.remainingMilliseconds)
      return .timePassed
    }
    let received: Reply?
    do throws(TerminalError) {
      received = try connection?.receive(deadline: limit)
    } catch {
      if case .timedOut = error { return .timePassed }
      failure = error
      connection = nil
      return .connectionLost
    }
    guard let received else { return .timePassed }
    failure = nil
    if case .signOn(let signOn) = received.message {
      try files.goOn(after: signOn.newestTraceNumber)
    }
    return .received(received)
  }
}
