import TransactionModel

extension Reply {
  /// Takes a reply that keeps every rule of the format.
  public init(_ frame: borrowing FrameView) throws(FormatRefusal) {
    let type = try FrameCheck.checkReply(frame)
    header = ReplyHeader(frame)
    guard !header.code.isRefusal, let type else {
      message = .refusal(try Refusal(frame))
      display = nil
      return
    }
    message = try ReplyMessage(frame, type)
    display = DisplayLines(frame, type)
  }
}

extension ReplyHeader {
  fileprivate init(_ frame: borrowing FrameView) {
    self.init(
      version: frame.version, rawRequestType: frame.rawMessageType & ~MessageType.replyBit,
      rawEnvironment: frame.environment, flags: frame.flags, code: frame.responseCode,
      traceNumber: frame.traceNumber, software: frame.software, terminal: frame.terminal,
      transactionTime: frame.transactionTime, operatorID: frame.operatorID,
      logPosition: frame.logPosition)
  }
}

extension ReplyMessage {
  fileprivate init(
    _ frame: borrowing FrameView, _ type: MessageType
  ) throws(FormatRefusal) {
    self =
      switch type {
      case .signOn: .signOn(try SignOnReply(frame))
      case .signOff: .signOff(try EchoReply(frame))
      case .echo: .echo(try EchoReply(frame))
      case .inquiry: .inquiry(try InquiryReply(frame))
      case .activate: .activate(try CertifyReply(frame))
      case .recertify: .recertify(try CertifyReply(frame))
      case .update: .update(try UpdateReply(frame))
      case .deactivate: .deactivate(try Outcome(frame))
      case .reverse: .reverse(try ReverseReply(frame))
      case .last: .last(LastReply(frame))
      }
  }
}

extension DisplayLines {
  fileprivate init(_ frame: borrowing FrameView, _ type: MessageType) {
    let (line1, line2) = Self.fields(type)
    self.init(first: frame.text(line1), second: frame.text(line2))
  }

  static func fields(_ type: MessageType) -> (Field, Field) {
    switch type {
    case .signOn: (SignOnReplyLayout.displayLine1, SignOnReplyLayout.displayLine2)
    case .signOff, .echo: (EchoReplyLayout.displayLine1, EchoReplyLayout.displayLine2)
    case .last: (LastReplyLayout.displayLine1, LastReplyLayout.displayLine2)
    case .inquiry, .activate, .recertify, .update, .deactivate, .reverse:
      (OutcomeLayout.displayLine1, OutcomeLayout.displayLine2)
    }
  }
}

extension Outcome {
  fileprivate init(_ frame: borrowing FrameView) throws(FormatRefusal) {
    typealias Layout = OutcomeLayout
    self.init(frame.responseCode)
    status = try frame.value(Layout.status)
    deactivationReason = frame.number(Layout.deactivationReason)
    failedCriteria = FailedCriteria(rawValue: frame.number(Layout.failedCriteria))
    recordVersion = frame.number(Layout.recordVersion)
    periodFirst = frame.date(Layout.periodFirst)
    periodLast = frame.date(Layout.periodLast)
    recertificationOpens = frame.date(Layout.recertificationOpens)
    policySet = frame.date(Layout.policySet)
    incomeTable = frame.date(Layout.incomeTable)
    daysLeft = frame.number(Layout.daysLeft)
    aidCode = AidCode(rawValue: frame.number(Layout.aidCode))
    confirmation = frame.confirmation(Layout.confirmation)
    notices = Notices(rawValue: frame.number(Layout.notices))
  }
}

extension EchoReply {
  fileprivate init(_ frame: borrowing FrameView) throws(FormatRefusal) {
    self.init(
      serverTime: frame.instant(EchoReplyLayout.serverTime),
      clockState: try frame.value(EchoReplyLayout.clockState),
      clockDifferenceMilliseconds: frame.number(EchoReplyLayout.clockDifference))
  }
}

extension SignOnReply {
  fileprivate init(_ frame: borrowing FrameView) throws(FormatRefusal) {
    typealias Layout = SignOnReplyLayout
    self.init(
      serverTime: frame.instant(Layout.serverTime),
      newestTraceNumber: frame.number(Layout.newestTraceNumber),
      framesInFlightMax: frame.number(Layout.framesInFlightMax),
      operatorIdleSeconds: frame.number(Layout.operatorIdleSeconds),
      connectionIdleSeconds: frame.number(Layout.connectionIdleSeconds),
      clockAllowanceSeconds: frame.number(Layout.clockAllowanceSeconds),
      changeAgeSecondsMax: frame.number(Layout.changeAgeSecondsMax),
      storedAgeSecondsMax: frame.number(Layout.storedAgeSecondsMax),
      policySet: frame.date(Layout.policySet),
      site: SiteID(rawValue: frame.number(Layout.site)),
      role: try frame.value(Layout.role),
      terminalState: try frame.value(Layout.terminalState),
      clockState: try frame.value(Layout.clockState),
      clockDifferenceMilliseconds: frame.number(Layout.clockDifference))
    lowestVersion = frame.number(Layout.lowestVersion)
    highestVersion = frame.number(Layout.highestVersion)
  }
}

extension InquiryReply {
  fileprivate init(_ frame: borrowing FrameView) throws(FormatRefusal) {
    typealias Layout = InquiryReplyLayout
    outcome = try Outcome(frame)
    lastChange = frame.instant(Layout.lastChange)
    dateOfService = frame.date(Layout.dateOfService)
    deactivationSubReason = try frame.value(Layout.deactivationSubReason)
    plastic = try frame.value(Layout.plastic)
    let presence = frame.number(Layout.presence, as: UInt64.self)
    let hasClient = presence & ClientField.presenceMask != 0
    client = hasClient ? frame.clientForm(at: Layout.clientOffset, presence: presence) : nil
    let hasAlias = presence & 1 << UInt64(Layout.aliasBit) != 0
    alias = hasAlias ? frame.card(Layout.alias) : nil
  }
}

extension CertifyReply {
  fileprivate init(_ frame: borrowing FrameView) throws(FormatRefusal) {
    typealias Layout = CertifyReplyLayout
    outcome = try Outcome(frame)
    let number = frame.card(Layout.candidate)
    candidate = number.isBlank ? nil : number
    claims = [
      try frame.value(Layout.claim1), try frame.value(Layout.claim2),
      try frame.value(Layout.claim3),
    ]
    incomeLimit = frame.number(Layout.incomeLimit)
  }
}

extension UpdateReply {
  fileprivate init(_ frame: borrowing FrameView) throws(FormatRefusal) {
    outcome = try Outcome(frame)
    lastChangeSite = SiteID(rawValue: frame.number(UpdateReplyLayout.lastChangeSite))
    lastChange = frame.instant(UpdateReplyLayout.lastChange)
    incomeLimit = frame.number(UpdateReplyLayout.incomeLimit)
  }
}

extension ReverseReply {
  fileprivate init(_ frame: borrowing FrameView) throws(FormatRefusal) {
    outcome = try Outcome(frame)
    originalTraceNumber = SystemTraceAuditNumber(
      rawValue: frame.number(ReverseReplyLayout.originalTraceNumber))
    originalCode = ResponseCode(rawValue: frame.number(ReverseReplyLayout.originalCode))
  }
}

extension LastReply {
  fileprivate init(_ frame: borrowing FrameView) {
    newestTraceNumber = frame.number(LastReplyLayout.newestTraceNumber)
    serverTime = frame.instant(LastReplyLayout.serverTime)
    let byteCount = Int(frame.number(LastReplyLayout.storedByteCount, as: UInt16.self))
    let start = LastReplyLayout.storedReply.offset
    storedReply = frame.array(start..<start + byteCount)
  }

  /// Decodes the stored reply; `nil` when there is none.
  ///
  /// A reply longer than what is stored of it had nothing but zeros after that. A stored reply
  /// that breaks a rule is reported by the field that breaks it, or as the field it was sent in.
  public func decodeStoredReply() throws(FormatRefusal) -> Reply? {
    guard !storedReply.isEmpty else { return nil }
    let byteCount = Int(storedReply[0]) << 8 | Int(storedReply[1])
    guard byteCount >= storedReply.count, byteCount <= HeaderLayout.frameByteCountMax,
      byteCount % HeaderLayout.frameByteCountStep == 0
    else { throw FormatRefusal(.valueOutOfRange, LastReplyLayout.storedReply) }
    var buffer = FrameBuffer()
    buffer.copy(storedReply, paddedTo: byteCount)
    return try Reply(buffer.frame)
  }
}

extension Refusal {
  fileprivate init(_ frame: borrowing FrameView) throws(FormatRefusal) {
    fieldNumber = frame.number(RefusalLayout.field)
    ruleNumber = frame.number(RefusalLayout.rule)
    responseClass = try frame.value(RefusalLayout.responseClass)
    retryAfterMilliseconds = frame.number(RefusalLayout.retryAfter)
  }
}
