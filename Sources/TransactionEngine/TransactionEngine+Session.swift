import EligibilityPolicy
import TransactionModel
import WireFormat
import WriteAheadLog

extension TransactionEngine {
  /// Echo: the server's time, and whether the terminal's clock is off.
  func answerEcho(
    _ request: borrowing FrameView, _ caller: Caller, into reply: inout FrameBuffer
  ) -> Disposition {
    let (clock, difference) = compareClocks(request, caller.now)
    reply.encodeEcho(
      .echo, code: clock == .withinAllowance ? .approved : .approvedClockOff,
      serverTime: caller.now, clock: clock, differenceMilliseconds: difference,
      replyingTo: request)
    return Disposition()
  }

  /// Sign-on: checks the operator's secret, and opens a session.
  ///
  /// Its record is without a content digest: all but the secret is in it, so that the digest would
  /// let anyone who has the log try secrets until one fits.
  mutating func answerSignOn(
    _ request: borrowing FrameView, _ caller: Caller, into reply: inout FrameBuffer
  ) throws(Refusal) -> Disposition {
    if !caller.marks.contains(.vouchedFor), let secret = try checkSecret(request, caller) {
      // Both records are in one batch: `decide` has made sure of room for a larger one.
      let position = register(
        .operatorSecret(secret), by: .operatorItself(caller.site.role), at: caller.now)
      precondition(position != nil, "room was made sure of before deciding")
    }
    let (clock, difference) = compareClocks(request, caller.now)
    let code: ResponseCode = clock == .withinAllowance ? .approved : .approvedClockOff
    reply.encode(
      SignOnReply(
        serverTime: caller.now,
        newestTraceNumber: duplicates.newestTraceNumber(of: caller.terminal.id),
        framesInFlightMax: settings.framesInFlightMax,
        operatorIdleSeconds: settings.operatorIdleSeconds,
        connectionIdleSeconds: settings.connectionIdleSeconds,
        clockAllowanceSeconds: UInt32(settings.clockAllowanceMilliseconds / 1000),
        changeAgeSecondsMax: UInt32(settings.changeAgeMillisecondsMax / 1000),
        storedAgeSecondsMax: UInt32(settings.storedAgeMillisecondsMax / 1000),
        policySet: policy.set(on: caller.today)?.firstDay ?? .none, site: caller.site.id,
        role: caller.site.role, terminalState: caller.terminal.state, clockState: clock,
        clockDifferenceMilliseconds: difference),
      code: code, replyingTo: request)
    return stageSession(request, code, caller, reply: &reply)
  }

  /// Sign-off: ends the operator's session, if there is one.
  mutating func answerSignOff(
    _ request: borrowing FrameView, _ caller: Caller, into reply: inout FrameBuffer
  ) -> Disposition {
    let (clock, difference) = compareClocks(request, caller.now)
    let code: ResponseCode = clock == .withinAllowance ? .approved : .approvedClockOff
    reply.encodeEcho(
      .signOff, code: code, serverTime: caller.now, clock: clock,
      differenceMilliseconds: difference, replyingTo: request)
    return stageSession(request, code, caller, reply: &reply)
  }

  private mutating func stageSession(
    _ request: borrowing FrameView, _ code: ResponseCode, _ caller: Caller,
    reply: inout FrameBuffer
  ) -> Disposition {
    var record = sessionRecord(request, code, caller)
    return Disposition(
      waitPosition: stage(&record, isStored: false, at: caller.now, reply: &reply))
  }

  private func sessionRecord(
    _ request: borrowing FrameView, _ code: ResponseCode, _ caller: Caller
  ) -> TransactionRecord {
    var record = TransactionRecord(request, site: caller.site.id, digest: 0, code: code)
    record.marks = caller.marks
    return record
  }

  /// Checks the secret, and gives the new one that is to replace it.
  ///
  /// A wrong try is on record before it is answered: a crash gives no tries back.
  private mutating func checkSecret(
    _ request: borrowing FrameView, _ caller: Caller
  ) throws(Refusal) -> OperatorSecret? {
    let secret: Secret
    let newSecret: Secret
    do {
      let signOn = SignOnRequestView(request)
      secret = signOn.secret
      newSecret = signOn.newSecret
    }
    let finding = credentials.check(secret, of: caller.operatorID, at: caller.now)
    guard finding != .wrong else {
      var refusal = Refusal(
        .operatorSecretWrong, field: SignOnRequestLayout.operatorSecret.number)
      refusal.restsOn = journal(
        sessionRecord(request, .operatorSecretWrong, caller), at: caller.now)
      throw refusal
    }
    if finding == .right, newSecret == .none { return nil }
    guard newSecret.isWellFormed, newSecret != secret else {
      throw Refusal(.newSecretNeeded, field: SignOnRequestLayout.newSecret.number)
    }
    return OperatorSecret(
      operator: caller.operatorID,
      digest: credentials.digest(of: newSecret, for: caller.operatorID), issued: .none)
  }

  private func compareClocks(
    _ request: borrowing FrameView, _ now: Instant
  ) -> (ClockState, differenceMilliseconds: UInt32) {
    let behind = request.transactionTime.millisecondsUntil(now)
    let ahead = now.millisecondsUntil(request.transactionTime)
    let difference = UInt32(clamping: max(behind, ahead))
    guard max(behind, ahead) > settings.clockAllowanceMilliseconds else {
      return (.withinAllowance, difference)
    }
    return (behind > 0 ? .terminalBehind : .terminalAhead, difference)
  }
}
