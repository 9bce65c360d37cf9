import TransactionModel

@testable import WireFormat

/// The bytes of a reply that was decoded: what a decoder loses is missing here.
func encoded(_ reply: Reply) -> [UInt8] {
  var buffer = FrameBuffer()
  buffer.encode(reply)
  return buffer.array
}

extension FrameBuffer {
  mutating func encode(_ reply: Reply) {
    let type = MessageType(rawValue: reply.header.rawRequestType)
    if case .refusal(let refusal) = reply.message {
      begin(RefusalLayout.byteCount)
      set(refusal)
    } else if let type {
      begin(MessageLayout.reply(type).byteCount)
      set(reply.message)
    }
    set(reply.header)
    guard let type, let display = reply.display else { return }
    let (line1, line2) = DisplayLines.fields(type)
    _ = set(line1, text: display.first)
    _ = set(line2, text: display.second)
  }

  private mutating func set(_ header: ReplyHeader) {
    set(HeaderLayout.version, header.version)
    set(HeaderLayout.messageType, header.rawRequestType | MessageType.replyBit)
    set(HeaderLayout.environment, header.rawEnvironment)
    set(HeaderLayout.flags, header.flags.rawValue)
    set(HeaderLayout.responseCode, header.code.rawValue)
    set(HeaderLayout.traceNumber, header.traceNumber.rawValue)
    set(HeaderLayout.software, header.software.rawValue)
    set(HeaderLayout.terminal, header.terminal.rawValue)
    set(HeaderLayout.transactionTime, header.transactionTime)
    set(HeaderLayout.operatorID, header.operatorID.rawValue)
    set(HeaderLayout.logPosition, header.logPosition.rawValue)
  }

  private mutating func set(_ message: ReplyMessage) {
    switch message {
    case .signOn(let reply): set(reply)
    case .signOff(let reply), .echo(let reply):
      set(EchoReplyLayout.serverTime, reply.serverTime)
      set(EchoReplyLayout.clockState, reply.clockState.rawValue)
      set(EchoReplyLayout.clockDifference, reply.clockDifferenceMilliseconds)
    case .inquiry(let reply): set(reply)
    case .activate(let reply), .recertify(let reply): set(reply)
    case .update(let reply):
      set(reply.outcome)
      set(UpdateReplyLayout.lastChangeSite, reply.lastChangeSite.rawValue)
      set(UpdateReplyLayout.lastChange, reply.lastChange)
      set(UpdateReplyLayout.incomeLimit, reply.incomeLimit)
    case .deactivate(let outcome): set(outcome)
    case .reverse(let reply):
      set(reply.outcome)
      set(ReverseReplyLayout.originalTraceNumber, reply.originalTraceNumber.rawValue)
      set(ReverseReplyLayout.originalCode, reply.originalCode.rawValue)
    case .last(let reply): set(reply)
    case .refusal(let refusal): set(refusal)
    }
  }

  private mutating func set(_ reply: InquiryReply) {
    set(reply.outcome)
    set(InquiryReplyLayout.lastChange, reply.lastChange)
    set(InquiryReplyLayout.dateOfService, reply.dateOfService)
    set(InquiryReplyLayout.deactivationSubReason, reply.deactivationSubReason.rawValue)
    set(InquiryReplyLayout.plastic, reply.plastic.rawValue)
    addDemographics(reply.client ?? ClientForm(), alias: reply.alias ?? .blank)
  }

  private mutating func set(_ reply: CertifyReply) {
    set(reply.outcome)
    set(CertifyReplyLayout.candidate, reply.candidate ?? .blank)
    set(CertifyReplyLayout.claim1, reply.claims[0].rawValue)
    set(CertifyReplyLayout.claim2, reply.claims[1].rawValue)
    set(CertifyReplyLayout.claim3, reply.claims[2].rawValue)
    set(CertifyReplyLayout.incomeLimit, reply.incomeLimit)
  }

  private mutating func set(_ reply: LastReply) {
    set(LastReplyLayout.newestTraceNumber, reply.newestTraceNumber)
    set(LastReplyLayout.serverTime, reply.serverTime)
    set(LastReplyLayout.storedByteCount, UInt16(reply.storedReply.count))
    var offset = LastReplyLayout.storedReply.offset
    for byte in reply.storedReply {
      setByte(byte, at: offset)
      offset += 1
    }
  }

  private mutating func set(_ refusal: Refusal) {
    set(RefusalLayout.field, refusal.fieldNumber)
    set(RefusalLayout.rule, refusal.ruleNumber)
    set(RefusalLayout.responseClass, refusal.responseClass.rawValue)
    set(RefusalLayout.retryAfter, refusal.retryAfterMilliseconds)
  }
}
