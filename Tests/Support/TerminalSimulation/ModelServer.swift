import LinuxSystem
import TerminalClient
package import TransactionModel
import WireFormat

/// The contract of section 11 of the specification in a few dozen lines, for one terminal.
///
/// Cards whose number ends in an odd digit decline every deactivation.
package struct ModelServer: SimulatedServer {
  private struct Stored {
    var number: UInt32
    var time: Instant
    var content: [UInt8]
    var reply: [UInt8]
  }

  /// What a test breaks, to see that it is noticed.
  package enum Fault: CaseIterable, Sendable {
    case forgetsOnRestart, losesReversals, executesTooOld
  }

  private static let storedCountMax = 12

  package private(set) var carriedOut: [SystemTraceAuditNumber] = []
  private var undone: Set<UInt32> = []
  private var stored: [Stored] = []
  /// Originals that are not to be carried out, by number, and when they were.
  private var remembered: [UInt32: Instant] = [:]
  private var forgottenThrough = Instant.none
  private var isSignedOn = false
  private var isCalm = false
  private var generator: JitterGenerator
  private let fault: Fault?

  package init(seed: UInt64, fault: Fault? = nil) {
    generator = JitterGenerator(seed: seed)
    self.fault = fault
  }

  package mutating func becomeCalm() { isCalm = true }

  package mutating func restart() {
    isSignedOn = false
    if fault == .forgetsOnRestart { stored = [] }
  }

  package func fate(of traceNumber: SystemTraceAuditNumber) -> ChangeFate {
    guard carriedOut.contains(traceNumber) else { return .notCarriedOut }
    return undone.contains(traceNumber.rawValue) ? .undone : .standing
  }

  package mutating func answer(_ frame: [UInt8], at time: Instant) -> [[UInt8]]? {
    [reply(to: frame, at: time)]
  }

  private mutating func reply(to frame: [UInt8], at time: Instant) -> [UInt8] {
    if !isCalm, oneIn(12) { return refusal(oneIn(2) ? .busy : .shuttingDown, frame) }
    guard let request = TerminalRequest(frame: frame) else {
      return ModelReply.refusal(.valueOutOfRange, to: frame)
    }
    switch request.body {
    case .signOn:
      isSignedOn = true
      return ModelReply.signOn(to: frame, serverTime: time)
    case .echo: return ModelReply.echo(to: frame, serverTime: time)
    case let body where body.isChange: return answer(request, frame, at: time)
    default:
      return isSignedOn
        ? ModelReply.outcome(.eligible, to: frame)
        : ModelReply.refusal(.operatorNotSignedOn, to: frame)
    }
  }

  private mutating func answer(
    _ request: TerminalRequest, _ frame: [UInt8], at time: Instant
  ) -> [UInt8] {
    let header = request.header
    let number = header.traceNumber.rawValue
    var content = frame
    let unjudged: FrameFlags = [.repeat, .storedAndForward]
    content[HeaderLayout.flags.offset] &= ~unjudged.rawValue
    if let known = stored.first(where: { $0.number == number }) {
      guard known.content == content else { return refusal(.traceNumberReused, frame) }
      return ModelReply.with(.storedReply, known.reply)
    }
    let isReversed = remembered[number] == header.transactionTime
    if !isReversed, header.transactionTime <= forgottenThrough, fault != .executesTooOld {
      return refusal(.tooOldInquire, frame)
    }
    let isForwarded = header.flags.contains(.storedAndForward)
    if header.transactionTime.millisecondsUntil(time) > (isForwarded ? 259_200_000 : 900_000) {
      return refusal(.transactionTimeTooOld, frame)
    }
    if !isCalm, oneIn(20) { isSignedOn = false }
    if !isSignedOn, !isForwarded { return refusal(.operatorNotSignedOn, frame) }
    if !isCalm, oneIn(12) { return refusal(.changesUnavailable, frame) }
    let (code, original) = decide(request, isReversed: isReversed)
    let reply = ModelReply.outcome(code, to: frame, original: original)
    store(Stored(number: number, time: header.transactionTime, content: content, reply: reply))
    return reply
  }

  private mutating func decide(
    _ request: TerminalRequest, isReversed: Bool
  ) -> (ResponseCode, original: ResponseCode) {
    if isReversed { return (.originalReversed, .none) }
    switch request.body {
    case .reverse(let number, _, _, let time): return reverse(number.rawValue, time)
    case .deactivate(let card, _, _, _) where card.byte(at: card.characterCount - 1) % 2 == 1:
      return (.effectiveDateNotAllowed, .none)
    default:
      carriedOut.append(request.traceNumber)
      return (request.body.messageType == .deactivate ? .deactivated : .eligible, .none)
    }
  }

  private mutating func reverse(
    _ number: UInt32, _ time: Instant
  ) -> (ResponseCode, original: ResponseCode) {
    if undone.contains(number) { return (.reversed, .deactivated) }
    if stored.contains(where: { $0.number == number }) {
      guard carriedOut.contains(where: { $0.rawValue == number }) else {
        return (.notReversible, .effectiveDateNotAllowed)
      }
      if !isCalm, oneIn(8) { return (.reversalAfterLaterActivity, .deactivated) }
      undone.insert(number)
      return (.reversed, .deactivated)
    }
    if time <= forgottenThrough { return (.reversalTooLate, .none) }
    if fault != .losesReversals { remembered[number] = time }
    return (.reversalRemembered, .none)
  }

  private mutating func store(_ answer: Stored) {
    stored.append(answer)
    while stored.count > Self.storedCountMax {
      let dropped = stored.removeFirst()
      forgottenThrough = max(forgottenThrough, dropped.time)
    }
    for (number, time) in remembered where time <= forgottenThrough { remembered[number] = nil }
  }

  private mutating func refusal(_ code: ResponseCode, _ frame: [UInt8]) -> [UInt8] {
    ModelReply.refusal(code, to: frame, retryAfterMilliseconds: oneIn(2) ? 2_000 : 0)
  }

  private mutating func oneIn(_ count: Int) -> Bool {
    Int.random(in: 0..<count, using: &generator) == 0
  }
}
