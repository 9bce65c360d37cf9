import TransactionModel
import WireFormat

extension ReplyCheck {
  /// Judges what a plain inquiry tells of a card: what was known when it was sent, or came of it
  /// since.
  static func judgeInquiry(
    _ frame: borrowing FrameView, _ exchange: Exchange, _ book: borrowing CardBook
  ) -> Judgement {
    guard book.isKnown(exchange.card) else { return .right }
    let version = frame.number(OutcomeLayout.recordVersion, as: UInt32.self)
    let now = book.state(of: exchange.card)
    let pending = book.pendingState(of: exchange.card)
    if version == now.version {
      return compareInquiry(frame, exchange, now, serial: book.serial(of: exchange.card))
    }
    if let pending, version == pending.version {
      return compareInquiry(frame, exchange, pending, serial: book.serial(of: exchange.card))
    }
    // Between the two only the version and the ZIP code are known.
    let newest = max(now.version, pending?.version ?? 0)
    guard version >= exchange.before.version, version <= newest else {
      let expected =
        exchange.before.version == newest
        ? "\(newest)" : "\(exchange.before.version) to \(newest)"
      return .wrong("record version \(version), not \(expected)")
    }
    return judgeClient(
      frame, formVersions: min(1, version)...version,
      serial: book.serial(of: exchange.card))
  }

  private static func compareInquiry(
    _ frame: borrowing FrameView, _ exchange: Exchange, _ state: CardState, serial: UInt64
  ) -> Judgement {
    if case .wrong(let reason) = compareStanding(frame, state, [exchange.day]) {
      return .wrong(reason)
    }
    let position = frame.logPosition
    if state.position != .zero, position != state.position {
      return .wrong("log position \(position.rawValue), not \(state.position.rawValue)")
    }
    guard !state.isBlank else { return .right }
    return judgeClient(frame, formVersions: state.formVersion...state.formVersion, serial: serial)
  }

  /// Compares the client's data with the card's form as some version had it.
  private static func judgeClient(
    _ frame: borrowing FrameView, formVersions: ClosedRange<UInt32>, serial: UInt64
  ) -> Judgement {
    let presence = frame.number(InquiryReplyLayout.presence, as: UInt64.self)
    let client = frame.clientForm(at: InquiryReplyLayout.clientOffset, presence: presence)
    for version in formVersions where version > 0 || formVersions.upperBound == 0 {
      if client == TestClient.form(serial: serial, version: version) { return .right }
    }
    return .wrong("other client data than was acknowledged")
  }

  /// Code, status and period of a card, on one of some days.
  private static func compareStanding(
    _ frame: borrowing FrameView, _ state: CardState, _ days: [CalendarDate]
  ) -> Judgement {
    onOne(of: days) { compareStanding(frame, state, on: $0) }
  }

  /// Right if it is so on one of some days; what is said of another is said of the first.
  private static func onOne(
    of days: [CalendarDate], _ judge: (CalendarDate) -> Judgement
  ) -> Judgement {
    guard let first = days.first.map(judge), first != .right else { return .right }
    return days.dropFirst().contains { judge($0) == .right } ? .right : first
  }

  private static func compareStanding(
    _ frame: borrowing FrameView, _ state: CardState, on day: CalendarDate
  ) -> Judgement {
    let code: ResponseCode
    let status: CardStatus
    switch (state.isBlank, state.isEligible(on: day)) {
    case (true, _): (code, status) = (.neverActivated, .neverActivated)
    case (_, true): (code, status) = (.eligible, .eligible)
    case (_, false): (code, status) = (.notEligibleOnDate, .notEligible)
    }
    guard frame.responseCode == code else {
      return .wrong("code \(frame.responseCode.rawValue), not \(code.rawValue)")
    }
    return compareRecord(frame, state.asOf(day), status)
  }

  private static func compareRecord(
    _ frame: borrowing FrameView, _ state: CardState, _ status: CardStatus
  ) -> Judgement {
    let version = frame.number(OutcomeLayout.recordVersion, as: UInt32.self)
    guard version == state.version else {
      return .wrong("record version \(version), not \(state.version)")
    }
    let found = frame.number(OutcomeLayout.status, as: UInt8.self)
    guard found == status.rawValue else {
      return .wrong("card status \(found), not \(status.rawValue)")
    }
    let first = frame.date(OutcomeLayout.periodFirst)
    let last = frame.date(OutcomeLayout.periodLast)
    guard first == state.periodFirst, last == state.periodLast else {
      return .wrong(
        "a period from \(first) to \(last), not \(state.periodFirst) to \(state.periodLast)")
    }
    let reason = frame.number(OutcomeLayout.deactivationReason, as: UInt8.self)
    guard reason == state.endReason else {
      return .wrong("deactivation reason \(reason), not \(state.endReason)")
    }
    return .right
  }

  // MARK: Changes

  /// Judges the answer to a change, which is the only one of its card that is under way.
  static func judgeChange(_ frame: borrowing FrameView, _ exchange: Exchange) -> Judgement {
    guard let confirmation = frame.confirmation(OutcomeLayout.confirmation),
      confirmation.kind == (exchange.kind == .training ? .training : .real)
    else { return .wrong("no confirmation number") }
    guard frame.logPosition > exchange.before.position else {
      return .wrong("log position \(frame.logPosition.rawValue) is not a new one")
    }
    let failed = frame.number(OutcomeLayout.failedCriteria, as: UInt16.self)
    guard failed == 0 else { return .wrong("failed criteria \(failed) of an eligible client") }
    // A change that crosses midnight is answered on the next day.
    let days = [exchange.day, exchange.day.adding(days: 1)]
    switch exchange.kind {
    case .verify, .reaffirm:
      return compareStanding(frame, exchange.after, days)
    case .deactivate where exchange.after == exchange.before:
      return compareCode(frame, .alreadyDeactivated, exchange.after)
    case .recertify where exchange.after == exchange.before:
      return compareCode(frame, .recertificationTooEarly, exchange.after, days)
    case .recertify: return compareCode(frame, .recertified, exchange.after, days)
    case .reverse:
      let traceNumber = frame.number(ReverseReplyLayout.originalTraceNumber, as: UInt32.self)
      guard traceNumber == exchange.original?.traceNumber else {
        return .wrong("another change was undone: STAN \(traceNumber)")
      }
      return compareCode(frame, .reversed, exchange.after, days)
    case .deactivate: return compareCode(frame, .deactivated, exchange.after, days)
    case .activate: return compareCode(frame, .activated, exchange.after, days)
    default:
      var shown = exchange.after
      shown.version = exchange.answeredVersion
      return compareCode(frame, .updated, shown, days)
    }
  }

  private static func compareCode(
    _ frame: borrowing FrameView, _ code: ResponseCode, _ state: CardState,
    _ days: [CalendarDate] = []
  ) -> Judgement {
    guard frame.responseCode == code else {
      return .wrong("code \(frame.responseCode.rawValue), not \(code.rawValue)")
    }
    let version = frame.number(OutcomeLayout.recordVersion, as: UInt32.self)
    guard version == state.version else {
      return .wrong("record version \(version), not \(state.version)")
    }
    return onOne(of: days) { day in
      let status: CardStatus = state.isEligible(on: day) ? .eligible : .notEligible
      let judgement = compareRecord(frame, state.asOf(day), status)
      return judgement == .right ? compareRenewal(frame, state.asOf(day)) : judgement
    }
  }

  /// Whether the answer to a change tells of a renewed period that waits, as it has to.
  private static func compareRenewal(
    _ frame: borrowing FrameView, _ state: CardState
  ) -> Judgement {
    let notices = Notices(rawValue: frame.number(OutcomeLayout.notices, as: UInt16.self))
    let waits = notices.contains(.renewalWaiting)
    guard state.renewal != .unknown, waits != (state.renewal == .waits) else { return .right }
    return .wrong(waits ? "a renewed period that nobody made" : "no renewed period")
  }
}
