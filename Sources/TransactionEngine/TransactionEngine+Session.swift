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

  /// Sign-on and sign-off: journalled, so that who worked where is on record.
  ///
  /// Without a content digest: all but the operator's secret is in the record, so that the digest
  /// would let anyone who has the log try secrets until one fits.
  mutating func answerSession(
    _ request: borrowing FrameView, _ type: MessageType, _ caller: Caller,
    into reply: inout FrameBuffer
  ) -> Disposition {
    let (clock, difference) = compareClocks(request, caller.now)
    let code: ResponseCode = clock == .withinAllowance ? .approved : .approvedClockOff
    if type == .signOn {
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
    } else {
      reply.encodeEcho(
        .signOff, code: code, serverTime: caller.now, clock: clock,
        differenceMilliseconds: difference, replyingTo: request)
    }
    let record = TransactionRecord(request, site: caller.site.id, digest: 0, code: code)
    let position = stage(record, isStored: false, at: caller.now, reply: &reply)
    return Disposition(waitPosition: position)
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
