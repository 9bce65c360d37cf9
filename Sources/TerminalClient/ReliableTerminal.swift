import Cryptography
import LinuxSystem
import TLS
public import TransactionModel
public import WireFormat

/// A terminal that carries every change out once, and gets its answer, whatever is lost.
///
/// A change is on disk from before it is first sent until it is answered, and is repeated until
/// then: by this process, or by the next one that opens the terminal. It blocks its caller and
/// belongs to one thread; one process at a time may have the terminal. When its state directory
/// fails it throws, then and ever after: another start finds what is true.
///
/// `report` is called with what became of each change before that is erased from the disk: of the
/// request at hand, and of earlier ones that were pending. Whoever shows it there loses none to a
/// crash, and may see one twice.
public struct ReliableTerminal: ~Copyable {
  public let profile: TerminalProfile
  /// Signs the operator on when the server asks for it; without one the clerk has to.
  public var secret: Secret?
  /// The latest request of the clerk, with its key.
  public private(set) var latest: TerminalRequest?
  /// Why the line is down, or no answer came; `nil` after an answer.
  public internal(set) var failure: TerminalError?

  let contexts: [TLSClientContext]
  var files: TerminalFiles
  var session: TerminalSession
  var connection: TerminalConnection?
  /// The request whose result is waited for.
  var goal: SystemTraceAuditNumber?
  /// What was told since the clerk's last wish.
  var results: [SystemTraceAuditNumber: RequestResult] = [:]
  /// Why the state directory can be relied on no longer; it is opened anew by another start.
  var stateFailure: TerminalError?
  private var frame = FrameBuffer()
  /// What is added to this machine's clock, in milliseconds; `nil` while it has to be asked for.
  private var clockOffset: Int64?

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
    files = try TerminalFiles(profile)
    session = TerminalSession(
      pending: files.pending, serverCount: profile.servers.count,
      framesInFlightMax: profile.framesInFlightMax,
      answerMilliseconds: UInt64(max(1, profile.answerTimeoutMilliseconds)),
      intervals: profile.intervals,
      seed: UInt64(truncatingIfNeeded: SecureRandom.identity()))
    self.contexts = contexts
    self.profile = profile
    clockOffset = profile.clock == .own ? 0 : nil
  }

  /// The time that a transaction gets now.
  public var now: Instant {
    let offset = UInt64(bitPattern: clockOffset ?? 0)
    return Instant(milliseconds: WallClock.nowMilliseconds &+ offset)
  }

  /// The changes that are not answered yet, in the order in which the clerk made them.
  public var pending: [PendingListing] { session.pending.map(PendingListing.init) }

  /// How many places of the file of pending changes hold what cannot be read.
  ///
  /// What a loss of power tore was not sent yet, or was answered already. What a fault of the disk
  /// damaged may be a change that nobody will repeat: `last` shows the newest one that arrived.
  public var unreadableCount: Int { files.unreadableCount }

  /// Replies that belonged to no request.
  public var strayReplyCount: Int { session.strayReplyCount }

  /// Asks the server for its time, in a profile that goes by the server's clock.
  public mutating func readClock(patienceMilliseconds: Int32) throws(TerminalError) {
    guard clockOffset == nil else { return }
    let result = try perform(.echo, patienceMilliseconds: patienceMilliseconds) { _ in }
    guard case .answered(let reply)? = result?.outcome, case .echo(let echo) = reply.message
    else { throw failure ?? .connectionLost(profile.servers[0]) }
    clockOffset =
      Int64(bitPattern: echo.serverTime.milliseconds)
      - Int64(bitPattern: WallClock.nowMilliseconds)
  }

  /// Sends a request, after all that has to go before it, and waits for its result.
  ///
  /// `nil` when there is none in time: a change is kept then, and goes on being sent whenever the
  /// terminal is at work; anything else is given up.
  public mutating func perform(
    _ body: RequestBody, _ options: RequestOptions = RequestOptions(),
    patienceMilliseconds: Int32, report: (RequestResult) -> Void
  ) throws(TerminalError) -> RequestResult? {
    let deadline = Deadline(afterMilliseconds: patienceMilliseconds)
    results = [:]
    let request = try prepare(body, options)
    latest = request
    let result = try obtain(request, deadline, report)
    guard body.messageType != .signOn, isSignOnWanted(result), try signOn(deadline, report) else {
      return result
    }
    guard body.isChange else {
      let again = try prepare(body, RequestOptions(flags: options.flags))
      return try obtain(again, deadline, report)
    }
    return try obtain(request, deadline, report)
  }

  /// Sends what is pending, held changes too, until all is answered or held, or the time is over.
  public mutating func forward(
    patienceMilliseconds: Int32, report: (RequestResult) -> Void
  ) throws(TerminalError) {
    let deadline = Deadline(afterMilliseconds: patienceMilliseconds)
    (results, goal) = ([:], nil)
    try run(.resumed, deadline, report)
    guard session.needsSignOn(profile.operatorID), try signOn(deadline, report) else { return }
    goal = nil
    try run(.timePassed, deadline, report)
  }

  /// Cancels a pending change: it is sent no more, and what may have been sent is reversed.
  ///
  /// The result comes by `report`, now or when the reversal is answered at last.
  public mutating func cancel(
    _ id: SystemTraceAuditNumber, patienceMilliseconds: Int32, report: (RequestResult) -> Void
  ) throws(TerminalError) {
    guard let change = session.pending.first(where: { $0.id == id }) else {
      throw .notPending(id)
    }
    guard change.request.body.messageType != .reverse else { throw .notCancellable(id) }
    var reversal: TerminalRequest?
    if session.needsReversal(id), let body = change.reversalBody {
      let flags = change.request.header.flags.intersection([.training, .spanish])
      reversal = try prepare(body, RequestOptions(flags: flags), takesPlace: false)
    }
    let deadline = Deadline(afterMilliseconds: patienceMilliseconds)
    (results, goal) = ([:], id)
    try run(.cancelled(id, reversal: reversal), deadline, report)
    guard session.needsSignOn(profile.operatorID), try signOn(deadline, report) else { return }
    (results[id], goal) = (nil, id)
    try run(.timePassed, deadline, report)
  }

  /// Gives up what cannot be read of the pending changes.
  public mutating func discardUnreadable() throws(TerminalError) {
    try files.discardUnreadable()
  }

  /// Closes the connection; what is pending stays so.
  public mutating func disconnect() {
    guard connection != nil else { return }
    connection?.close()
    connection = nil
    _ = session.handle(.closed, at: time)
  }

  // MARK: Steps

  /// Gives a request its key: the next trace number, on disk from here on, and the time.
  ///
  /// `takesPlace` is false of one that is kept in the place of another.
  private mutating func prepare(
    _ body: RequestBody, _ options: RequestOptions, takesPlace: Bool = true
  ) throws(TerminalError) -> TerminalRequest {
    let header = RequestHeader(
      environment: profile.environment, flags: options.flags,
      traceNumber: options.traceNumber ?? SystemTraceAuditNumber(rawValue: .max),
      software: profile.software, terminal: profile.terminal,
      transactionTime: options.transactionTime ?? now, operatorID: profile.operatorID)
    var request = TerminalRequest(header: header, body: body)
    // One that breaks a rule of the format gets no number: it would leave a gap.
    try request.encode(into: &frame)
    if body.isChange, takesPlace { try files.checkRoom() }
    if let given = options.traceNumber {
      try files.raise(to: given)
    } else {
      repeat {
        request.header.traceNumber = try files.nextTraceNumber()
      } while session.isOpen(request.traceNumber)
    }
    return request
  }

  /// Waits for the result of a request, which is sent first unless it was.
  private mutating func obtain(
    _ request: TerminalRequest, _ deadline: Deadline, _ report: (RequestResult) -> Void
  ) throws(TerminalError) -> RequestResult? {
    let id = request.traceNumber
    let isNew = !session.isOpen(id) && results[id] == nil
    if results[id]?.outcome.isFinal == false { results[id] = nil }
    goal = id
    try run(isNew ? .requested(request) : .timePassed, deadline, report)
    if results[id] == nil, !request.body.isChange {
      try run(.withdrawn(id), Deadline.over, report)
    }
    return results[id]
  }

  private func isSignOnWanted(_ result: RequestResult?) -> Bool {
    guard let result else { return session.needsSignOn(profile.operatorID) }
    return result.outcome.reply?.header.code == .operatorNotSignedOn
  }

  /// Signs the operator on, and says whether that was done.
  private mutating func signOn(
    _ deadline: Deadline, _ report: (RequestResult) -> Void
  ) throws(TerminalError) -> Bool {
    guard let secret else { return false }
    let body = RequestBody.signOn(
      secret: secret, newSecret: .none, softwareVersion: Self.softwareVersion,
      highestVersion: HeaderLayout.protocolVersion)
    let result = try obtain(prepare(body, RequestOptions()), deadline, report)
    guard case .answered(let reply)? = result?.outcome else { return false }
    let isSignedOn = Verdict(reply.header.code) == .approved
    signOnRefusal = isSignedOn ? nil : reply
    return isSignedOn
  }

  /// What a sign-on was refused with that this terminal made by itself.
  public private(set) var signOnRefusal: Reply?

  /// What a sign-on says of the program.
  public static var softwareVersion: String { "posterm 1" }
}
