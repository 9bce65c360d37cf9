public import TransactionModel

extension FrameBuffer {
  /// The first bytes of a reply that are kept for repeats; what follows is zero in a reply to a
  /// change.
  public static let storedByteCountMax = 160

  /// Encodes a reply of a type whose layout begins with the shared outcome; the rest is blank.
  public mutating func encode(
    _ outcome: Outcome, type: MessageType, replyingTo request: borrowing FrameView
  ) {
    precondition(!outcome.code.isRefusal, "a refusal has a frame of its own")
    begin(type.replyByteCount, replyingTo: request, outcome.code)
    set(outcome)
    setDisplay(
      OutcomeLayout.displayLine1, OutcomeLayout.displayLine2, outcome.code,
      spanish: request.flags.contains(.spanish), date: outcome.periodLast)
    if type == .activate || type == .recertify { setBlank(CertifyReplyLayout.candidate) }
  }

  /// Sets the fields of the shared outcome but for the display lines.
  mutating func set(_ outcome: Outcome) {
    set(OutcomeLayout.status, outcome.status.rawValue)
    set(OutcomeLayout.deactivationReason, outcome.deactivationReason)
    set(OutcomeLayout.failedCriteria, outcome.failedCriteria.rawValue)
    set(OutcomeLayout.recordVersion, outcome.recordVersion)
    set(OutcomeLayout.periodFirst, outcome.periodFirst)
    set(OutcomeLayout.periodLast, outcome.periodLast)
    set(OutcomeLayout.recertificationOpens, outcome.recertificationOpens)
    set(OutcomeLayout.policySet, outcome.policySet)
    set(OutcomeLayout.incomeTable, outcome.incomeTable)
    set(OutcomeLayout.daysLeft, outcome.daysLeft)
    set(OutcomeLayout.aidCode, outcome.aidCode.rawValue)
    set(OutcomeLayout.confirmation, outcome.confirmation)
    set(OutcomeLayout.notices, outcome.notices.rawValue)
  }

  /// Adds demographics to the reply to an inquiry; a blank alias is none.
  public mutating func addDemographics(_ client: ClientForm, alias: CardNumber) {
    set(InquiryReplyLayout.presence, client, at: InquiryReplyLayout.clientOffset)
    guard !alias.isBlank else { return }
    set(InquiryReplyLayout.presence, client.presence | 1 << UInt64(InquiryReplyLayout.aliasBit))
    set(InquiryReplyLayout.alias, alias)
  }

  /// Encodes the reply to an echo or a sign-off.
  public mutating func encodeEcho(
    _ type: MessageType, code: ResponseCode, serverTime: Instant, clock: ClockState,
    differenceMilliseconds: UInt32, replyingTo request: borrowing FrameView
  ) {
    begin(EchoReplyLayout.byteCount, replyingTo: request, code)
    set(EchoReplyLayout.serverTime, serverTime)
    set(EchoReplyLayout.clockDifference, differenceMilliseconds)
    set(EchoReplyLayout.clockState, clock.rawValue)
    setDisplay(
      EchoReplyLayout.displayLine1, EchoReplyLayout.displayLine2, code,
      spanish: request.flags.contains(.spanish))
  }

  /// Encodes the reply to a sign-on.
  public mutating func encode(
    _ reply: SignOnReply, code: ResponseCode, replyingTo request: borrowing FrameView
  ) {
    begin(SignOnReplyLayout.byteCount, replyingTo: request, code)
    set(reply)
    setDisplay(
      SignOnReplyLayout.displayLine1, SignOnReplyLayout.displayLine2, code,
      spanish: request.flags.contains(.spanish))
  }

  /// Sets the fields of a sign-on's reply but for the display lines.
  mutating func set(_ reply: SignOnReply) {
    typealias Layout = SignOnReplyLayout
    set(Layout.serverTime, reply.serverTime)
    set(Layout.newestTraceNumber, reply.newestTraceNumber)
    set(Layout.framesInFlightMax, reply.framesInFlightMax)
    set(Layout.lowestVersion, reply.lowestVersion)
    set(Layout.highestVersion, reply.highestVersion)
    set(Layout.operatorIdleSeconds, reply.operatorIdleSeconds)
    set(Layout.connectionIdleSeconds, reply.connectionIdleSeconds)
    set(Layout.clockAllowanceSeconds, reply.clockAllowanceSeconds)
    set(Layout.changeAgeSecondsMax, reply.changeAgeSecondsMax)
    set(Layout.storedAgeSecondsMax, reply.storedAgeSecondsMax)
    set(Layout.policySet, reply.policySet)
    set(Layout.site, reply.site.rawValue)
    set(Layout.role, reply.role.rawValue)
    set(Layout.terminalState, reply.terminalState.rawValue)
    set(Layout.clockState, reply.clockState.rawValue)
    set(Layout.clockDifference, reply.clockDifferenceMilliseconds)
  }

  /// Encodes the reply to a question for a stored answer, whose bytes are set one by one; none:
  /// there is no such answer.
  public mutating func encodeLast(
    newestTraceNumber: UInt32, serverTime: Instant, storedByteCount: Int,
    replyingTo request: borrowing FrameView
  ) {
    let code: ResponseCode = storedByteCount == 0 ? .noStoredAnswer : .approved
    begin(LastReplyLayout.byteCount, replyingTo: request, code)
    set(LastReplyLayout.newestTraceNumber, newestTraceNumber)
    set(LastReplyLayout.storedByteCount, UInt16(storedByteCount))
    set(LastReplyLayout.serverTime, serverTime)
    setDisplay(
      LastReplyLayout.displayLine1, LastReplyLayout.displayLine2, code,
      spanish: request.flags.contains(.spanish))
  }

  /// Sets a byte of the stored answer in a reply that `encodeLast` began.
  public mutating func setStoredByte(_ value: UInt8, at offset: Int) {
    precondition(offset < LastReplyLayout.storedReply.byteCount, "behind the stored answer")
    setByte(value, at: LastReplyLayout.storedReply.offset + offset)
  }

  /// Encodes a refusal; it stands for the reply to any request, known or not.
  ///
  /// `field` is the number of the field at fault, 0 for none; `rule` that of the rule of the format
  /// that it breaks, 0 for another kind of refusal; `retryAfterMilliseconds` how long to wait
  /// before a repeat, 0 where a repeat cannot help.
  public mutating func encodeRefusal(
    _ code: ResponseCode, field: UInt16 = 0, rule: UInt16 = 0,
    retryAfterMilliseconds: UInt32 = 0, replyingTo request: borrowing FrameView
  ) {
    precondition(code.isRefusal, "a refusal has a code of the refusals' ranges")
    begin(RefusalLayout.byteCount, replyingTo: request, code)
    set(RefusalLayout.field, field)
    set(RefusalLayout.rule, rule)
    set(RefusalLayout.responseClass, code.responseClass.rawValue)
    set(RefusalLayout.retryAfter, retryAfterMilliseconds)
  }
}
