import LinuxSystem
import TLS
public import TransactionModel
public import WireFormat

/// The line of a terminal, for programs that script each request by themselves, such as load tests.
///
/// It blocks its caller and belongs to one thread. It connects when there is something to send, and
/// again after a connection was lost; it never sends a request a second time by itself, and keeps
/// nothing but the trace number. A request that went unanswered may have been executed: its owner
/// repeats it, with the same key, until it is answered. `ReliableTerminal` does all that by itself.
public struct TerminalClient: ~Copyable {
  public private(set) var profile: TerminalProfile
  /// How many replies came that nobody waited for.
  public private(set) var strayReplyCount = 0

  private let contexts: [TLSClientContext]
  private var state: TerminalState
  private var connection: TerminalConnection?
  private var matcher = ReplyMatcher()
  /// Answers that came while another one was waited for.
  private var arrived: [Reply] = []
  private var frame = FrameBuffer()
  /// What is added to this machine's clock, in milliseconds.
  private var clockOffset: Int64 = 0

  /// Reads the credentials and claims the state directory; connects to nobody yet.
  public init(_ profile: TerminalProfile) throws(TerminalError) {
    let contexts: [TLSClientContext]
    do throws(TLSError) {
      contexts = try profile.servers.map { (server) throws(TLSError) in
        try TLSClientContext(
          authorityFile: profile.authorityFile, certificateFile: profile.certificateFile,
          privateKeyFile: profile.privateKeyFile, expectedHost: server.host)
      }
    } catch {
      throw .credentialsUnusable(error)
    }
    state = try TerminalState(path: profile.stateDirectory, terminal: profile.terminal)
    self.contexts = contexts
    self.profile = profile
  }

  /// The time that a transaction gets now; on a server's clock once there has been a connection.
  public var now: Instant {
    Instant(milliseconds: WallClock.nowMilliseconds &+ UInt64(bitPattern: clockOffset))
  }

  /// Connects to the first server that can be reached, unless there is a connection.
  public mutating func connect() throws(TerminalError) {
    guard connection == nil else { return }
    var failure: TerminalError?
    for (server, context) in zip(profile.servers, contexts) {
      do throws(TerminalError) {
        let deadline = Deadline(afterMilliseconds: profile.connectTimeoutMilliseconds)
        connection = try TerminalConnection(to: server, context, deadline: deadline)
        break
      } catch {
        failure = failure ?? error
      }
    }
    if connection == nil, let failure { throw failure }
    guard profile.clock == .server else { return }
    do throws(TerminalError) {
      try setClock()
    } catch {
      // Without the server's time the next request would carry the wrong one.
      disconnect()
      throw error
    }
  }

  /// Takes the same hosts on other ports, such as those of a server that was started again.
  public mutating func usePorts(of servers: [ServerAddress]) {
    precondition(servers.map(\.host) == profile.servers.map(\.host), "other hosts")
    disconnect()
    profile.servers = servers
  }

  /// Allows another time for answers from now on.
  public mutating func setAnswerTimeout(milliseconds: Int32) {
    profile.answerTimeoutMilliseconds = milliseconds
  }

  /// Closes the connection; what is still unanswered is given up.
  public mutating func disconnect() {
    connection?.close()
    dropConnection()
  }

  /// Gives a request its key: the next trace number, on disk from here on, and the time.
  ///
  /// One that breaks a rule of the format gets none: it would leave a gap in the numbers.
  public mutating func prepare(
    _ body: RequestBody, _ options: RequestOptions = RequestOptions()
  ) throws(TerminalError) -> TerminalRequest {
    let header = RequestHeader(
      environment: profile.environment, flags: options.flags,
      traceNumber: options.traceNumber ?? SystemTraceAuditNumber(rawValue: .max),
      software: profile.software, terminal: profile.terminal,
      transactionTime: options.transactionTime ?? now, operatorID: profile.operatorID)
    var request = TerminalRequest(header: header, body: body)
    try request.encode(into: &frame)
    if let given = options.traceNumber {
      try state.traceNumbers.raise(to: given.rawValue)
    } else {
      request.header.traceNumber = try state.traceNumbers.advance()
    }
    return request
  }

  /// Sends a request and does not wait for its answer.
  public mutating func submit(_ request: TerminalRequest) throws(TerminalError) {
    guard matcher.count < profile.framesInFlightMax else {
      throw .tooManyInFlight(matcher.count)
    }
    try request.encode(into: &frame)
    try connect()
    let deadline = Deadline(afterMilliseconds: profile.answerTimeoutMilliseconds)
    matcher.expect(request)
    do throws(TerminalError) {
      try Self.send(frame, over: &connection, deadline)
    } catch {
      dropConnection()
      throw error
    }
  }

  /// The parts are passed one by one: a frame's bytes are lent for as long as all of `self` is.
  private static func send(
    _ frame: borrowing FrameBuffer, over connection: inout TerminalConnection?,
    _ deadline: Deadline
  ) throws(TerminalError) {
    try connection?.send(frame.bytes, deadline: deadline)
  }

  /// Waits for the answer to a request that was submitted.
  ///
  /// When the time is up the request is given up: its answer, should it still come, is a stray.
  public mutating func receive(
    _ traceNumber: SystemTraceAuditNumber
  ) throws(TerminalError) -> Reply {
    if let index = arrived.firstIndex(where: { $0.header.traceNumber == traceNumber }) {
      return arrived.remove(at: index)
    }
    precondition(matcher.isWaiting(traceNumber), "nobody waits for this answer")
    let deadline = Deadline(afterMilliseconds: profile.answerTimeoutMilliseconds)
    while true {
      let reply = try receiveAnswer(deadline, givingUp: traceNumber)
      if reply.header.traceNumber == traceNumber { return reply }
      arrived.append(reply)
    }
  }

  /// Sends a request and waits for its answer.
  public mutating func send(_ request: TerminalRequest) throws(TerminalError) -> Reply {
    try submit(request)
    return try receive(request.traceNumber)
  }

  /// Gives a request its key, sends it and waits for its answer.
  public mutating func send(
    _ body: RequestBody, _ options: RequestOptions = RequestOptions()
  ) throws(TerminalError) -> Reply {
    try send(prepare(body, options))
  }

  private mutating func receiveAnswer(
    _ deadline: Deadline, givingUp traceNumber: SystemTraceAuditNumber
  ) throws(TerminalError) -> Reply {
    while true {
      let reply: Reply
      do throws(TerminalError) {
        guard let received = try connection?.receive(deadline: deadline) else {
          preconditionFailure("a request waits without a connection")
        }
        reply = received
      } catch {
        if case .timedOut = error { matcher.abandon(traceNumber) } else { dropConnection() }
        throw error
      }
      switch matcher.match(reply.header) {
      case .answer:
        try learn(from: reply)
        return reply
      case .stray:
        strayReplyCount += 1
      case .contradiction(let field):
        let server = connection?.server ?? profile.servers[0]
        dropConnection()
        throw .replyUnusable(server, reason: "\(field) is not as it was sent")
      }
    }
  }

  private mutating func learn(from reply: Reply) throws(TerminalError) {
    guard case .signOn(let signOn) = reply.message else { return }
    try state.traceNumbers.goOn(after: signOn.newestTraceNumber)
  }

  private mutating func setClock() throws(TerminalError) {
    var options = RequestOptions()
    options.transactionTime = now
    let reply = try send(.echo, options)
    guard case .echo(let echo) = reply.message else { return }
    clockOffset =
      Int64(bitPattern: echo.serverTime.milliseconds)
      - Int64(bitPattern: WallClock.nowMilliseconds)
  }

  /// What waited for its answer on a connection that is gone gets none.
  private mutating func dropConnection() {
    connection = nil
    matcher = ReplyMatcher()
  }
}
