import TransactionModel
import WireFormat

extension TerminalSession {
  mutating func receive(_ reply: Reply, at now: TerminalTime) {
    guard case .connected = link else {
      preconditionFailure("a reply came without a connection")
    }
    let code = reply.header.code
    let index = entries.firstIndex { $0.isInFlight && $0.active.isAnswered(by: reply.header) }
    guard let index, code.responseClass != .unknown else {
      strayReplyCount += 1
      return
    }
    failureCount = 0
    guard entries[index].isChange else { return receivePlain(index, reply, at: now) }
    guard code.isRefusal else {
      let isReversal = entries[index].change.reversal != nil
      return finish(index, isReversal ? .cancelled(reply) : .answered(reply))
    }
    judgeRefusal(index, reply, at: now)
  }

  private mutating func receivePlain(_ index: Int, _ reply: Reply, at now: TerminalTime) {
    if CodeTable.entry(for: reply.header.code).repeatHelps == .yes,
      entries[index].repeatsLeft > 0
    {
      entries[index].repeatsLeft -= 1
      return backOff(index, reply, at: now)
    }
    let request = entries[index].active
    finish(index, .answered(reply))
    guard case .signOn(let signOn) = reply.message else { return }
    framesInFlightMax = max(1, Int(signOn.framesInFlightMax))
    changeAgeMilliseconds = UInt64(signOn.changeAgeSecondsMax) * 1_000
    release {
      $0.phase == .held(.operatorNotSignedOn)
        && $0.active.header.operatorID == request.header.operatorID
    }
  }

  /// A refused change is repeated, held for the clerk, or over (`repeat_helps` in codes.csv).
  private mutating func judgeRefusal(_ index: Int, _ reply: Reply, at now: TerminalTime) {
    let code = reply.header.code
    if code == .transactionTimeTooOld, !reply.header.flags.contains(.storedAndForward) {
      // It is not too old for a change that could not be sent in time (SPECIFICATION.md, 12.3).
      entries[index].needsStoredFlag = true
      entries[index].phase = .waiting
      return
    }
    switch CodeTable.entry(for: code).repeatHelps {
    case .later where code.responseClass == .system && code != .notAvailable, .yes:
      backOff(index, reply, at: now)
    case .later where code != .notAvailable:
      entries[index].phase = .held(code)
      actions.append(
        .report(RequestResult(request: entries[index].change.request, outcome: .held(reply))))
    case .later, .no:
      let isReversal = entries[index].change.reversal != nil
      let isCertain = !entries[index].hasOpenCopy || Self.excludesEarlierCopies(code)
      finish(index, isCertain && !isReversal ? .refused(reply) : .unknown(reply))
    }
  }

  /// Whether a refusal says that no other copy of the change was or will be carried out.
  ///
  /// These come after the duplicate store was asked (SPECIFICATION.md, 9.1), so that none was; and
  /// their causes do not pass, so that none will be.
  private static func excludesEarlierCopies(_ code: ResponseCode) -> Bool {
    switch code {
    case .traceNumberReused, .transactionTimeTooOld, .trainingInBatch, .roleNotPermitted,
      .notAvailable:
      true
    default: false
    }
  }

  private mutating func backOff(_ index: Int, _ reply: Reply, at now: TerminalTime) {
    var delay = backOff.wait(afterFailures: entries[index].refusalCount)
    if case .refusal(let refusal) = reply.message, refusal.retryAfterMilliseconds > 0 {
      delay = backOff.wait(atLeast: UInt64(refusal.retryAfterMilliseconds))
    }
    entries[index].refusalCount += 1
    entries[index].phase = .backingOff(until: now.after(delay))
  }
}
