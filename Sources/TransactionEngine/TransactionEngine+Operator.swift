import TransactionModel
import WireFormat
import WriteAheadLog

extension TransactionEngine {
  /// Confirms that the operator is the one whom the header names: signed on at the terminal, or
  /// vouched for by the site's gateway.
  mutating func confirmOperator(
    _ request: borrowing FrameView, _ type: MessageType, _ identity: CertificateIdentity,
    isChange: Bool, _ caller: inout Caller
  ) throws(Refusal) {
    let field = HeaderLayout.operatorID.number
    if type.isChange, request.flags.contains(.storedAndForward) {
      caller.marks.insert(.storedAndForwarded)
    }
    if Self.isVouchedFor(request, type, identity, caller.site) {
      caller.marks.insert(.vouchedFor)
      return
    }
    switch type {
    case .signOff: return
    case .signOn: try confirmUnlocked(caller.operatorID)
    default:
      // Whoever may not sign on may not leave it out either.
      if caller.marks.contains(.storedAndForwarded) {
        return try confirmUnlocked(caller.operatorID)
      }
      guard let place = sessions.place(of: caller.operatorID, at: caller.terminal.id),
        sessions.idleMilliseconds(of: place, at: idleLimitTime(isChange: isChange, caller.now))
          <= UInt64(settings.operatorIdleSeconds) * 1000
      else { throw Refusal(.operatorNotSignedOn, field: field) }
      sessions.renew(place, at: caller.now)
      caller.signOnPosition = sessions.position(of: place)
    }
  }

  private func confirmUnlocked(_ person: OperatorID) throws(Refusal) {
    guard let position = credentials.lockPosition(of: person) else { return }
    var refusal = Refusal(.operatorLocked, field: HeaderLayout.operatorID.number)
    refusal.restsOn = position
    refusal.isSecurityEvent = true
    throw refusal
  }

  /// Whether the site's gateway says who the operator is.
  ///
  /// A terminal's own certificate says nothing of the gateway's word, and a secret that was sent is
  /// checked.
  private static func isVouchedFor(
    _ request: borrowing FrameView, _ type: MessageType, _ identity: CertificateIdentity,
    _ site: Site
  ) -> Bool {
    guard site.vouchesForOperators, case .gateway = identity.subject else { return false }
    guard type == .signOn else { return true }
    let signOn = SignOnRequestView(request)
    return signOn.secret == .none && signOn.newSecret == .none
  }

  /// The time by which it is judged how long an operator was idle.
  ///
  /// While the log takes no sign-on, nobody could come back: what changes nothing is then judged by
  /// the time at which that began.
  private func idleLimitTime(isChange: Bool, _ now: Instant) -> Instant {
    isChange || changesUnavailableSince == .none ? now : changesUnavailableSince
  }

  mutating func noteAvailability(_ changesAvailable: Bool, at now: Instant) {
    if changesAvailable {
      changesUnavailableSince = .none
    } else if changesUnavailableSince == .none {
      changesUnavailableSince = now
    }
  }

  // MARK: What the log says of sessions

  /// What a sign-on, a wrong secret or a sign-off does: the same in service and in replay.
  mutating func applySession(
    _ record: TransactionRecord, position: LogPosition, serverTime: Instant
  ) {
    if record.messageType == MessageType.signOff.rawValue {
      sessions.end(record.operatorID, at: record.terminal)
    } else if record.code == .operatorSecretWrong {
      credentials.noteWrong(of: record.operatorID, at: position)
    } else if !record.marks.contains(.vouchedFor) {
      credentials.forgetWrong(of: record.operatorID, at: position)
      sessions.begin(record.operatorID, at: record.terminal, serverTime, position: position)
    }
  }

  /// Notes in replay what `confirmOperator` noted in service.
  mutating func renewSession(of record: TransactionRecord, at serverTime: Instant) {
    guard record.messageType != MessageType.signOn.rawValue,
      record.marks.isDisjoint(with: [.vouchedFor, .storedAndForwarded]),
      let place = sessions.place(of: record.operatorID, at: record.terminal)
    else { return }
    sessions.renew(place, at: serverTime)
  }

  /// A restart lets the time of each session begin anew: nobody knows what was not journalled.
  mutating func reviveSessions(at now: Instant) {
    let limit = settings.sessionRevivalMillisecondsMax
    sessions.revive(
      at: now,
      ifActiveSince: Instant(milliseconds: now.milliseconds - min(now.milliseconds, limit)))
  }
}
