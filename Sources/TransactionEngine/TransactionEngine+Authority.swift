import TransactionModel
import WireFormat
import WriteAheadLog

extension TransactionEngine {
  /// Confirms that the certificate speaks for the terminal, and that the terminal may transact.
  func identify(
    _ request: borrowing FrameView, _ identity: CertificateIdentity
  ) throws(Refusal) -> Terminal {
    guard request.environment == settings.environment.rawValue,
      identity.environment == settings.environment
    else { throw Refusal(.environmentMismatch, field: HeaderLayout.environment.number) }
    let field = HeaderLayout.terminal.number
    var foreign = Refusal(.terminalNotOfCertificate, field: field)
    foreign.isSecurityEvent = true
    switch identity.subject {
    case .terminal(let id):
      guard id == request.terminal else { throw foreign }
      guard let terminal = register.terminal(id) else {
        throw Refusal(.terminalUnknown, field: field)
      }
      return try unblocked(terminal)
    case .gateway(let site):
      // A gateway learns nothing of terminals that are not its own, not even that they exist.
      guard let terminal = register.terminal(request.terminal), terminal.site == site else {
        throw foreign
      }
      return try unblocked(terminal)
    }
  }

  private func unblocked(_ terminal: Terminal) throws(Refusal) -> Terminal {
    guard terminal.state.mayTransact else {
      var refusal = Refusal(.terminalBlocked, field: HeaderLayout.terminal.number)
      refusal.isSecurityEvent = true
      throw refusal
    }
    return terminal
  }

  /// Clock, training in a batch, site, operator and role, in this order.
  mutating func authorize(
    _ request: borrowing FrameView, _ type: MessageType, _ identity: CertificateIdentity,
    terminal: Terminal, isChange: Bool, at now: Instant
  ) throws(Refusal) -> Caller {
    if isChange {
      try checkClock(request, at: now)
      let flags = request.flags
      guard !(flags.contains(.training) && flags.contains(.batch)) else {
        throw Refusal(.trainingInBatch, field: HeaderLayout.flags.number)
      }
    }
    var today = currentDay.date(at: now)
    // A terminal's clock may be a little ahead, over midnight too: its day has begun then.
    if isChange { today = max(today, currentDay.date(at: request.transactionTime)) }
    guard let site = register.site(terminal.site), site.isActive(on: today) else {
      throw Refusal(.siteNotActive, field: HeaderLayout.terminal.number)
    }
    var caller = Caller(
      terminal: terminal, site: site, operatorID: request.operatorID, today: today, now: now)
    if type != .echo {
      guard let person = register.operator(request.operatorID), person.site == site.id,
        person.state.mayTransact
      else { throw Refusal(.operatorUnknown, field: HeaderLayout.operatorID.number) }
      try confirmOperator(request, type, identity, isChange: isChange, &caller)
    }
    guard Self.mayAsk(site.role, type, request) else {
      throw Refusal(.roleNotPermitted, field: HeaderLayout.messageType.number)
    }
    return caller
  }

  private func checkClock(_ request: borrowing FrameView, at now: Instant) throws(Refusal) {
    let field = HeaderLayout.transactionTime.number
    let time = request.transactionTime
    guard now.millisecondsUntil(time) <= settings.aheadMillisecondsMax else {
      throw Refusal(.transactionTimeAhead, field: field)
    }
    let ageMax =
      request.flags.contains(.storedAndForward)
      ? settings.storedAgeMillisecondsMax : settings.changeAgeMillisecondsMax
    guard time.millisecondsUntil(now) <= ageMax else {
      throw Refusal(.transactionTimeTooOld, field: field)
    }
  }

  /// Which role may send which message (SPECIFICATION.md, "Roles").
  private static func mayAsk(
    _ role: Role, _ type: MessageType, _ request: borrowing FrameView
  ) -> Bool {
    switch type {
    case .echo, .signOn, .signOff, .last: true
    case .inquiry:
      switch role {
      case .enrollingClinic, .office: true
      case .inquiryOnly: InquiryRequestView(request).purpose != .reaffirm
      case .helpDesk: false
      }
    case .activate, .recertify, .update, .deactivate, .reverse: role == .enrollingClinic
    }
  }
}
