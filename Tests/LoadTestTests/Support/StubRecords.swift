import LinuxSystem
import TransactionModel
import WireFormat

/// A server's records and answers, as far as a load test needs them: right, and without any check.
struct StubRecords {
  private struct Record {
    var version: UInt32 = 0
    var client = ClientForm()
    var first = CalendarDate.none
    var last = CalendarDate.none
    var reason: UInt8 = 0
    var isRenewed = false
    var position: UInt64 = 0
  }

  static let day = CalendarDate(trusted: 2026_11_02)
  /// 10:00 in California of that day.
  static let time = Instant(milliseconds: 1_793_642_400_000)

  private var records: [CardNumber: Record] = [:]
  private var stored: [UInt32: [UInt8]] = [:]
  /// Of each change the card, and what it was before.
  private var undo: [UInt32: (card: CardNumber, record: Record)] = [:]
  private var position: UInt64 = 100
  private var isSignedOn = false

  static func refusal(_ code: ResponseCode, to request: [UInt8]) -> [UInt8] {
    var reply = FrameBuffer()
    reply.encodeRefusal(code, replyingTo: FrameView(whole: request.rawBytes))
    return (0..<reply.byteCount).map { reply.byte(at: $0) }
  }

  /// Answers a request that is whole.
  mutating func answer(_ request: [UInt8]) -> [UInt8] {
    let frame = FrameView(whole: request.rawBytes)
    var reply = FrameBuffer()
    let traceNumber = frame.traceNumber.rawValue
    if let answer = stored[traceNumber], frame.messageType != .signOn {
      var answer = answer
      answer[HeaderLayout.flags.offset] |= FrameFlags.storedReply.rawValue
      return answer
    }
    do throws(FormatRefusal) {
      let type = try FrameCheck.checkRequest(frame)
      // Not with the code for it: to a load test that would be a session that has run out.
      guard isSignedOn || [.signOn, .signOff, .echo].contains(type) else {
        return Self.refusal(.operatorUnknown, to: request)
      }
      if type == .last { return tellLast(request) }
      let isChange = fill(&reply, type, frame)
      let bytes = (0..<reply.byteCount).map { reply.byte(at: $0) }
      if isChange { stored[traceNumber] = bytes }
      return bytes
    } catch {
      reply.encodeRefusal(
        error.code, field: error.fieldNumber, rule: error.ruleNumber, replyingTo: frame)
      return (0..<reply.byteCount).map { reply.byte(at: $0) }
    }
  }

  /// Makes the answer; says whether it is stored.
  private mutating func fill(
    _ reply: inout FrameBuffer, _ type: MessageType, _ frame: borrowing FrameView
  ) -> Bool {
    switch type {
    case .signOn:
      isSignedOn = true
      reply.encode(signOn, code: .approved, replyingTo: frame)
      return false
    case .inquiry:
      let inquiry = InquiryRequestView(frame)
      return inquire(&reply, inquiry.card, inquiry.purpose, frame)
    case .activate:
      let certification = CertifyRequestView(frame)
      change(certification.card, &reply, .activated, type, frame) { record in
        record.client = certification.client
        record.first = certification.certificationDate
        record.last = record.first.adding(days: 364)
      }
    case .update:
      let update = UpdateRequestView(frame)
      change(update.card, &reply, .updated, type, frame) { $0.client.merge(update.client) }
    case .recertify:
      let certification = CertifyRequestView(frame)
      let isRenewed = records[certification.card]?.isRenewed ?? false
      let code: ResponseCode = isRenewed ? .recertificationTooEarly : .recertified
      change(certification.card, &reply, code, type, frame, isDone: !isRenewed) { record in
        record.client = certification.client
        record.isRenewed = true
      }
    case .deactivate:
      let deactivation = DeactivateRequestView(frame)
      let record = records[deactivation.card] ?? Record()
      let isDone = record.reason == 0 || record.isRenewed
      let code: ResponseCode = isDone ? .deactivated : .alreadyDeactivated
      change(deactivation.card, &reply, code, type, frame, isDone: isDone) { record in
        record.last = deactivation.effectiveDate.adding(days: -1)
        record.reason = deactivation.reason?.rawValue ?? 0
        record.isRenewed = false
      }
    case .reverse:
      reverse(&reply, ReverseRequestView(frame).originalTraceNumber.rawValue, frame)
    default:
      if type == .signOff { isSignedOn = false }
      reply.encodeEcho(
        type, code: .approved, serverTime: Self.time, clock: .withinAllowance,
        differenceMilliseconds: 0, replyingTo: frame)
      return false
    }
    return true
  }

  private mutating func inquire(
    _ reply: inout FrameBuffer, _ card: CardNumber, _ purpose: InquiryPurpose,
    _ frame: borrowing FrameView
  ) -> Bool {
    if purpose == .reaffirm { records[card, default: Record()].version += 1 }
    let record = records[card] ?? Record()
    var outcome = outcome(record, record.version == 0 ? .neverActivated : .eligible)
    if purpose.countsAsChange {
      position += 1
      outcome.confirmation = ConfirmationNumber(kind: .real, permuted: position)
      if purpose == .reaffirm { records[card]?.position = position }
    }
    reply.encode(outcome, type: .inquiry, replyingTo: frame)
    reply.set(HeaderLayout.logPosition, purpose.countsAsChange ? position : record.position)
    if purpose == .information, record.version > 0 {
      reply.addDemographics(record.client, alias: .blank)
    }
    return purpose.countsAsChange
  }

  private mutating func change(
    _ card: CardNumber, _ reply: inout FrameBuffer, _ code: ResponseCode, _ type: MessageType,
    _ frame: borrowing FrameView, isDone: Bool = true, _ body: (inout Record) -> Void
  ) {
    position += 1
    let isTraining = frame.flags.contains(.training)
    var record = records[card] ?? Record()
    if isTraining {
      record.version += 1
    } else if isDone {
      undo[frame.traceNumber.rawValue] = (card, record)
      record.version += 1
      record.position = position
      body(&record)
      records[card] = record
    }
    var outcome = outcome(record, code)
    let confirmation = ConfirmationNumber(
      kind: isTraining ? .training : .real, permuted: position)
    if record.isRenewed { outcome.notices.insert(.renewalWaiting) }
    outcome.confirmation = confirmation
    reply.encode(outcome, type: type, replyingTo: frame)
    reply.set(HeaderLayout.logPosition, position)
  }

  private mutating func reverse(
    _ reply: inout FrameBuffer, _ original: UInt32, _ frame: borrowing FrameView
  ) {
    guard let (card, before) = undo[original] else { return }
    let version = records[card]?.version ?? 0
    change(card, &reply, .reversed, .reverse, frame) { record in
      let position = record.position
      record = before
      (record.version, record.position) = (version + 1, position)
    }
    reply.set(ReverseReplyLayout.originalTraceNumber, original)
  }

  /// The answer to a question for a stored one, put together byte by byte.
  private func tellLast(_ request: [UInt8]) -> [UInt8] {
    typealias Layout = LastReplyLayout
    let traceNumber = LastRequestView(FrameView(whole: request.rawBytes)).traceNumber
    let answer = stored[traceNumber]?.prefix(FrameBuffer.storedByteCountMax) ?? []
    var bytes = Array(request[..<HeaderLayout.byteCount])
    bytes += Array(repeating: 0, count: Layout.byteCount - bytes.count)
    let code: ResponseCode = answer.isEmpty ? .noStoredAnswer : .approved
    bytes[0] = UInt8(Layout.byteCount >> 8)
    bytes[1] = UInt8(Layout.byteCount & 0xFF)
    bytes[HeaderLayout.messageType.offset] |= MessageType.replyBit
    bytes[HeaderLayout.responseCode.offset] = UInt8(code.rawValue >> 8)
    bytes[HeaderLayout.responseCode.offset + 1] = UInt8(code.rawValue & 0xFF)
    bytes[Layout.storedByteCount.offset + 1] = UInt8(answer.count)
    for place in Layout.displayLine1.offset..<Layout.storedReply.offset { bytes[place] = 0x20 }
    for (place, byte) in answer.enumerated() { bytes[Layout.storedReply.offset + place] = byte }
    return bytes
  }

  private func outcome(_ record: Record, _ code: ResponseCode) -> Outcome {
    var outcome = Outcome(code)
    outcome.status = record.version == 0 ? .neverActivated : .eligible
    outcome.recordVersion = record.version
    outcome.periodFirst = record.first
    outcome.periodLast = record.last
    outcome.deactivationReason = record.reason
    return outcome
  }

  private var signOn: SignOnReply {
    SignOnReply(
      serverTime: Self.time, newestTraceNumber: 0, framesInFlightMax: 64,
      operatorIdleSeconds: 1_200, connectionIdleSeconds: 1_800, clockAllowanceSeconds: 60,
      changeAgeSecondsMax: 900, storedAgeSecondsMax: 259_200, policySet: .none,
      site: SiteID(rawValue: 1_234_567_893), role: .enrollingClinic, terminalState: .active,
      clockState: .withinAllowance, clockDifferenceMilliseconds: 0)
  }
}
