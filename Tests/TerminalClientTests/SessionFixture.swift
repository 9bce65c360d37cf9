import LinuxSystem
import TerminalSimulation
import TransactionModel
import WireFormat

@testable import TerminalClient

/// A session on a clock of its own, whose actions are told in words.
///
/// `keep 1` and `keep 1 sent`; `send 1`, with `repeat` and `forwarded` for the flags; `report 1
/// answered 3505`; `erase 1`; `connect 0`; `disconnect`.
struct SessionFixture {
  var session: TerminalSession
  var time: TerminalTime
  private var reversalNumber: UInt32 = 100

  init(_ pending: [PendingChange] = [], serverCount: Int = 2, seed: UInt64 = 1) {
    session = TerminalSession(pending: pending, serverCount: serverCount, seed: seed)
    time = TerminalTime(monotonicMilliseconds: 1_000_000, wall: Samples.time)
  }

  mutating func handle(_ event: TerminalEvent) -> [String] {
    session.handle(event, at: time).map(Self.words)
  }

  mutating func pass(milliseconds: UInt64) -> [String] {
    time.monotonicMilliseconds += milliseconds
    time.wall = Instant(milliseconds: time.wall.milliseconds + milliseconds)
    return handle(.timePassed)
  }

  /// Sleeps until the session wants to wake, and not a millisecond longer.
  mutating func wakeUp() -> [String] {
    guard let moment = session.nextWakeup else { return ["sleeps for ever"] }
    let now = time.monotonicMilliseconds
    return pass(milliseconds: max(moment, now) - now)
  }

  mutating func request(_ number: UInt32, _ body: RequestBody) -> [String] {
    handle(.requested(Samples.request(number, body, at: time.wall)))
  }

  mutating func change(_ number: UInt32, _ card: CardNumber = Samples.card) -> [String] {
    request(number, Samples.deactivation(card))
  }

  /// Cancels as a terminal does: with a reversal where one is needed.
  mutating func cancel(_ number: UInt32) -> [String] {
    let id = SystemTraceAuditNumber(rawValue: number)
    var reversal: TerminalRequest?
    if session.needsReversal(id),
      let body = session.pending.first(where: { $0.id == id })?.reversalBody
    {
      reversalNumber += 1
      reversal = Samples.request(reversalNumber, body, at: time.wall)
    }
    return handle(.cancelled(id, reversal: reversal))
  }

  /// The answer to a request that is in flight.
  mutating func answer(
    _ number: UInt32, _ code: ResponseCode, retryAfterMilliseconds: UInt32 = 0
  ) -> [String] {
    guard let reply = reply(number, code, retryAfterMilliseconds: retryAfterMilliseconds) else {
      return ["\(number) is not in flight"]
    }
    return handle(.received(reply))
  }

  func reply(
    _ number: UInt32, _ code: ResponseCode, retryAfterMilliseconds: UInt32 = 0,
    changing change: (inout TerminalRequest) -> Void = { _ in }
  ) -> Reply? {
    guard var request = inFlight.first(where: { $0.traceNumber.rawValue == number }) else {
      return nil
    }
    change(&request)
    return Self.reply(to: request, code, retryAfterMilliseconds: retryAfterMilliseconds)
  }

  static func reply(
    to request: TerminalRequest, _ code: ResponseCode, retryAfterMilliseconds: UInt32 = 0
  ) -> Reply? {
    let bytes: [UInt8]
    if code.isRefusal {
      bytes = ModelReply.refusal(
        code, to: request.frame, retryAfterMilliseconds: retryAfterMilliseconds)
    } else if case .signOn = request.body {
      bytes = ModelReply.signOn(to: request.frame, serverTime: Samples.time)
    } else if case .echo = request.body {
      bytes = ModelReply.echo(to: request.frame, serverTime: Samples.time)
    } else {
      bytes = ModelReply.outcome(code, to: request.frame)
    }
    return decoded(bytes)
  }

  static func decoded(_ bytes: [UInt8]) -> Reply? {
    do { return try Reply(FrameView(whole: bytes.rawBytes)) } catch { return nil }
  }

  /// What is in flight, flagged as it was sent.
  var inFlight: [TerminalRequest] {
    session.entries.compactMap { entry in
      guard case .inFlight = entry.phase else { return nil }
      var request = entry.active
      if entry.needsStoredFlag { request.header.flags.insert(.storedAndForward) }
      return request
    }
  }

  static func words(_ action: TerminalAction) -> String {
    switch action {
    case .keep(let change):
      return "keep \(change.id.rawValue)" + (change.mayHaveBeenSent ? " sent" : "")
        + (change.reversal.map { " reversed by \($0.traceNumber.rawValue)" } ?? "")
    case .erase(let id): return "erase \(id.rawValue)"
    case .connect(let server): return "connect \(server)"
    case .disconnect: return "disconnect"
    case .send(let request):
      let flags = request.header.flags
      return "send \(request.traceNumber.rawValue)" + (flags.contains(.repeat) ? " repeat" : "")
        + (flags.contains(.storedAndForward) ? " forwarded" : "")
    case .report(let result):
      let kind = String(describing: result.outcome).prefix { $0 != "(" }
      let code = result.outcome.reply.map { " \($0.header.code.rawValue)" } ?? ""
      return "report \(result.request.traceNumber.rawValue) \(kind)\(code)"
    }
  }
}
