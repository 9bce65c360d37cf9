import Cryptography
public import TransactionModel
public import WriteAheadLog

/// What in the log the engine cannot make sense of.
public enum ReplayError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A record of a kind that this version does not know; the log is of a later version.
  case unknownKind(UInt16, at: LogPosition)
  /// A record that breaks its layout although its batch is whole: written by another program.
  case malformed(RecordKind, at: LogPosition)
  /// A record of another environment than the daemon's.
  case foreignEnvironment(UInt8, at: LogPosition)
  /// The key of confirmation numbers is not the one that the log was begun with.
  case foreignConfirmationKey(at: LogPosition)

  /// What is wrong and what to do about it.
  public var description: String {
    switch self {
    case .unknownKind(let kind, let position):
      "record \(position.rawValue) is of kind \(kind), which this posd does not know: "
        + "start the version that wrote it"
    case .malformed(let kind, let position):
      "record \(position.rawValue) (\(kind)) breaks the layout of LOG_FORMAT.md: "
        + "start the version that wrote it"
    case .foreignEnvironment(let environment, let position):
      "record \(position.rawValue) belongs to environment \(environment): "
        + "the data directory is another installation's"
    case .foreignConfirmationKey(let position):
      "record \(position.rawValue) was made with another confirmation key: "
        + "restore the key from the same backup as the log"
    }
  }
}

extension TransactionEngine {
  /// Applies one record of the log; the same code as in service.
  public mutating func replay(_ view: borrowing LogRecordView) throws(ReplayError) {
    guard let kind = RecordKind(rawValue: view.kind) else {
      throw .unknownKind(view.kind, at: view.position)
    }
    let serverTime = Instant(milliseconds: view.serverTimeMilliseconds)
    switch kind {
    case .transaction:
      guard let record = TransactionRecord(view.body) else {
        throw .malformed(kind, at: view.position)
      }
      guard record.environment == settings.environment.rawValue else {
        throw .foreignEnvironment(record.environment, at: view.position)
      }
      apply(record, position: view.position, serverTime: serverTime)
      renewSession(of: record, at: serverTime)
      activities.change(at: activityPlace(of: record.terminal)) {
        $0.recall(record.traceNumber, at: serverTime)
      }
    case .confirmationKey:
      var reader = RecordReader(view.body)
      guard let mark: UInt64 = reader.next(), reader.remainingByteCount == 0 else {
        throw .malformed(kind, at: view.position)
      }
      guard mark == confirmations.image(of: 0) else {
        throw .foreignConfirmationKey(at: view.position)
      }
    case .site, .terminal, .operator, .cardRange, .provider, .operatorSecret, .operatorUnlock,
      .blankCards, .outage:
      guard let entry = RegisterEntry(kind, view.body), mayApply(entry.change) else {
        throw .malformed(kind, at: view.position)
      }
      apply(entry.change, at: view.position, serverTime)
    case .policyFile:
      guard let entry = PolicyFileEntry(view.body) else {
        throw .malformed(kind, at: view.position)
      }
      policyJournal.note(entry.document, at: view.position)
    case .policyActivation:
      guard let entry = PolicyActivationEntry(view.body),
        policyJournal.activate(entry, at: view.position, serverTime)
      else { throw .malformed(kind, at: view.position) }
    case .cardNote:
      guard let entry = CardNoteEntry(view.body) else { throw .malformed(kind, at: view.position) }
      apply(entry)
    }
    newestServerTime = serverTime
  }

  /// Continues behind the last record of the log; `now` is the server's time.
  public mutating func beginService(after position: LogPosition, at now: Instant) {
    reviveSessions(at: max(now, newestServerTime))
    batch.reset(
      after: position, newestServerTimeMilliseconds: newestServerTime.milliseconds)
  }

  /// Stages a new or replaced register entry; `nil` when the batch has no room.
  ///
  /// - Precondition: `mayApply` says so.
  public mutating func register(
    _ change: RegisterChange, by author: Author, at now: Instant
  ) -> LogPosition? {
    precondition(mayApply(change), "a register entry contradicts the others")
    let serverTime = max(now, newestServerTime)
    let position = batch.append(
      kind: change.kind.rawValue, serverTimeMilliseconds: serverTime.milliseconds,
      maximumByteCount: RegisterChange.entryByteCountMax
    ) { output in
      RegisterEntry(change, by: author).write(to: &output)
    }
    guard let position else { return nil }
    newestServerTime = serverTime
    apply(change, at: position, serverTime)
    return position
  }

  /// Stages the mark of the key of confirmation numbers, the first record of a new log.
  ///
  /// A log that is started with another key than its own would give numbers that were given before.
  public mutating func markConfirmationKey(at now: Instant) {
    let mark = confirmations.image(of: 0)
    let position = batch.append(
      kind: RecordKind.confirmationKey.rawValue, serverTimeMilliseconds: now.milliseconds,
      maximumByteCount: MemoryLayout<UInt64>.size
    ) { output in
      output.put(mark)
    }
    precondition(position != nil, "the first record of an empty batch has room")
    newestServerTime = now
  }

  private mutating func apply(
    _ change: RegisterChange, at position: LogPosition, _ serverTime: Instant
  ) {
    register.apply(change, on: currentDay.date(at: serverTime))
    registerPosition = position
    switch change {
    case .operator(let person):
      if !person.state.mayTransact { sessions.endAll(of: person.id) }
    case .terminal(let terminal):
      _ = activityPlace(of: terminal.id)
      if !terminal.state.mayTransact { sessions.endAll(at: terminal.id) }
    case .operatorSecret(let secret):
      credentials.apply(secret, at: position)
      if secret.issued != .none { sessions.endAll(of: secret.operator) }
    case .operatorUnlock(let person): credentials.forgetWrong(of: person, at: position)
    case .provider, .site, .cardRange, .blankCards, .outage: break
    }
  }

  /// Whether an entry fits the others: it has a number, and what it names exists.
  public func mayApply(_ change: RegisterChange) -> Bool {
    switch change {
    case .provider(let provider): provider.id.rawValue != 0
    case .site(let site):
      site.id.rawValue != 0
        && (site.provider.rawValue == 0 || register.provider(site.provider) != nil)
    case .terminal(let terminal):
      terminal.id.rawValue != 0 && register.site(terminal.site) != nil
    case .operator(let person): person.id.rawValue != 0 && register.site(person.site) != nil
    case .operatorSecret(let secret): register.operator(secret.operator) != nil
    case .operatorUnlock(let id): register.operator(id) != nil
    case .blankCards(let shipment): register.site(shipment.site) != nil
    case .outage: true
    case .cardRange(let range):
      range.isSound && (!range.isShipped || register.site(range.site) != nil)
    }
  }

  /// The server time of the newest record; none in an empty log.
  public var newestTime: Instant { newestServerTime }
}
