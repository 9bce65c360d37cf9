import AuditTrail
import Observability
import TransactionEngine
import TransactionModel
import WireFormat

/// Whether a request may be decided, as far as its audit entry goes.
enum AuditReadiness {
  case ready
  /// The staged entries fill their batch: wait for a commit.
  case waitsForRoom
  /// The audit log has no room left on its disk.
  case closed
}

extension Reactor {
  /// Room is set aside for so many requests at once, so that the lock is taken less often.
  static var auditReservationCount: Int { 32 }
  /// When a terminal may try again that finds the audit log full: an operator has to make room.
  private static var auditRetryMilliseconds: UInt32 { 2_000 }

  /// Makes sure of room for the entry of one more request; an echo goes on without.
  mutating func readyAudit(for frame: borrowing FrameView) -> AuditReadiness {
    guard let audit else { return .ready }
    let isEcho = frame.rawMessageType == MessageType.echo.rawValue
    guard audit.isTakingEntries else { return isEcho ? .ready : .closed }
    if auditRoomCount == 0 {
      guard audit.trail.reserve(Self.auditReservationCount) else {
        return isEcho ? .ready : .waitsForRoom
      }
      auditRoomCount = Self.auditReservationCount
    }
    return .ready
  }

  /// What a terminal is told whose request cannot be entered: it was not looked at.
  mutating func refuseUnaudited(_ frame: borrowing FrameView) {
    counters.events.increment(.auditRefusals)
    reply.encodeRefusal(
      .busy, retryAfterMilliseconds: Self.auditRetryMilliseconds, replyingTo: frame)
  }

  /// Enters a request with the reply that was encoded last; gives what that has to wait for.
  ///
  /// An echo that was answered is not entered: it tells nothing of anybody.
  mutating func enter(
    _ frame: borrowing FrameView, _ disposition: Disposition, isLookedUp: Bool,
    of connection: Connection
  ) -> DurableNeed {
    var need = DurableNeed(state: disposition.waitPosition)
    guard let audit else { return need }
    let isEcho = frame.rawMessageType == MessageType.echo.rawValue
    guard !isEcho || reply.frame.responseCode.isRefusal else { return need }
    guard auditRoomCount > 0 else {
      counters.events.increment(.auditOmissions)
      return need
    }
    auditRoomCount -= 1
    let position = audit.trail.enter(
      AuditRequest(
        frame, reply, disposition, isLookedUp: isLookedUp, from: connection.identity),
      at: daemonTime)
    if audit.holdsReplies { need.audit = position }
    return need
  }
}

extension AuditRequest {
  fileprivate init(
    _ frame: borrowing FrameView, _ reply: borrowing FrameBuffer, _ disposition: Disposition,
    isLookedUp: Bool, from identity: CertificateIdentity
  ) {
    let answer = reply.frame
    // A change and an answer that is told again rest on their own record; a hidden answer and a
    // refusal name none, and rest on the register.
    let named = LogPosition(rawValue: answer.number(HeaderLayout.logPosition))
    self.init(
      terminal: frame.terminal, operatorID: frame.operatorID, speaker: identity.subject,
      position: named == .zero ? disposition.waitPosition : named, card: .blank,
      traceNumber: frame.traceNumber, messageType: frame.rawMessageType,
      code: answer.responseCode, flags: answer.flags, marks: [])
    if disposition.isSecurityEvent { marks.insert(.securityEvent) }
    if !isLookedUp { marks.insert(.notLookedUp) }
    // What a field holds is known only of a request that has the length of its type.
    guard let type = frame.messageType,
      isLookedUp || frame.byteCount == MessageLayout.request(type).byteCount
    else { return }
    switch type {
    case .inquiry:
      purpose = frame.number(InquiryRequestLayout.purpose)
      detail = frame.number(InquiryRequestLayout.dateOfService)
      card = frame.card(InquiryRequestLayout.card)
    case .activate, .recertify, .update, .deactivate:
      card = frame.card(InquiryRequestLayout.card)
    case .last:
      detail = frame.number(LastRequestLayout.traceNumber)
    case .signOn, .signOff, .echo, .reverse:
      break
    }
    if !disposition.card.isBlank, disposition.card != card {
      // A reversal and a request for the last answer name no card themselves.
      if !card.isBlank { marks.insert(.otherNumber) }
      card = disposition.card
    }
    // The bytes of a refused field may be anything, and are nobody's card number.
    if !isLookedUp, !card.isPrintable { card = .blank }
  }
}

extension CardNumber {
  fileprivate var isPrintable: Bool {
    (0..<16).allSatisfy { (0x20...0x7E).contains(byte(at: $0)) }
  }
}
