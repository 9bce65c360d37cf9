public import Installation
public import TransactionEngine
public import TransactionModel

/// What an administrator's commands need of the daemon around the engine.
public struct AdministrationSeam: Sendable {
  public var now: @Sendable () -> Instant
  /// Whether the log takes changes.
  public var canAcceptChanges: @Sendable () -> Bool
  /// Has the committer take what is staged, and waits a bounded time; whether it is durable then.
  public var commit: @Sendable (LogPosition) -> Bool
  public var status: @Sendable () -> JSONValue
  /// The log, to look transactions up in.
  public var archive: any RecordArchive
  /// The newest position that no crash can take away.
  public var durablePosition: @Sendable () -> LogPosition
  public var audit: AdministrationAudit
  /// Told of each command before it is answered, whoever gave it and whatever came of it.
  ///
  /// Says whether that is kept: what the command found is told only then.
  public var onCommand: @Sendable (CommandEvent) -> Bool
  /// A line for the daemon's own log.
  public var note: @Sendable (String) -> Void
  /// Asks for a snapshot, or how it stands with them.
  public var snapshot: @Sendable (_ isWanted: Bool) -> JSONValue

  public init(
    now: @escaping @Sendable () -> Instant,
    canAcceptChanges: @escaping @Sendable () -> Bool,
    commit: @escaping @Sendable (LogPosition) -> Bool,
    status: @escaping @Sendable () -> JSONValue,
    archive: any RecordArchive,
    durablePosition: @escaping @Sendable () -> LogPosition,
    audit: AdministrationAudit,
    onCommand: @escaping @Sendable (CommandEvent) -> Bool = { _ in true },
    note: @escaping @Sendable (String) -> Void,
    snapshot: @escaping @Sendable (_ isWanted: Bool) -> JSONValue
  ) {
    self.now = now
    self.canAcceptChanges = canAcceptChanges
    self.commit = commit
    self.status = status
    self.archive = archive
    self.durablePosition = durablePosition
    self.audit = audit
    self.onCommand = onCommand
    self.note = note
    self.snapshot = snapshot
  }
}

/// Answers the control protocol: who asks, may he, do it, and say so once it is durable.
public struct Administrator: Sendable {
  private static let pageCount = 500
  private static let attemptCountMax = 8

  private let engine: SharedEngine
  private let roles: ControlRoles
  private let policy: PolicyKeeper
  let seam: AdministrationSeam

  public init(
    engine: SharedEngine, roles: ControlRoles, policy: PolicyKeeper, _ seam: AdministrationSeam
  ) {
    self.engine = engine
    self.roles = roles
    self.policy = policy
    self.seam = seam
  }

  /// The answer to one line of a user's, without its line feed.
  public func answer(_ line: String, from user: UInt32) -> String {
    var event = CommandEvent(user: user, role: roles.role(of: user))
    var answer: JSONValue
    do throws(ControlFailure) {
      guard let role = event.role else {
        throw ControlFailure(.notPermitted, "user \(user) has no role here")
      }
      let command: ControlCommand
      (event.name, command) = try read(line)
      event.subject = command.subject
      guard command.isPermitted(to: role) else {
        throw ControlFailure(.notPermitted, "this needs the role of the office")
      }
      try checkAudit(command)
      let author = Author(userIdentifier: user, role: role)
      answer = .object(["ok": try perform(command, author, showing: &event.shownCards)])
    } catch {
      event.failure = error.code
      answer = error.json
    }
    if !seam.onCommand(event), event.failure == nil {
      answer =
        ControlFailure(
          .outcomeUnknown,
          "carried out, perhaps; it could not be entered in the audit log: look again"
        ).json
    }
    return String(answer.line.dropLast())
  }

  private func read(
    _ line: String
  ) throws(ControlFailure) -> (name: String, command: ControlCommand) {
    do throws(ControlMistake) {
      return try ControlRequest.read(line, on: PacificTime.date(at: seam.now()))
    } catch {
      switch error {
      case .unknownCommand: throw ControlFailure(.unknownCommand, error.description)
      case .malformed, .unknownProtocol: throw ControlFailure(.malformed, error.description)
      }
    }
  }

  private func perform(
    _ command: ControlCommand, _ author: Author, showing cards: inout [CardNumber]
  ) throws(ControlFailure) -> JSONValue {
    switch command {
    case .status:
      guard case .object(var members) = seam.status() else { return seam.status() }
      members["policy"] = policy.json(engine)
      return .object(members)
    case .snapshotMake: return seam.snapshot(true)
    case .snapshotStatus: return seam.snapshot(false)
    case .policyStatus: return policy.json(engine)
    case .list(let part, let id): return engine.page(part, after: id, limit: Self.pageCount)
    case .listOutages(let id): return engine.outagePage(after: id, limit: Self.pageCount)
    case .reportCards(let site, let id):
      return engine.cardReport(site, after: id, at: seam.now(), limit: Self.pageCount)
    case .reportTerminals(let site, let id):
      return engine.terminalPage(site, after: id, limit: Self.pageCount)
    case .find(let search):
      return try TransactionFinder(
        engine: engine, archive: seam.archive, durable: seam.durablePosition(), role: author.role
      ).answer(search, showing: &cards)
    case .readAudit(let question, let reason):
      return try beginReading(question, reason: reason, author)
    case .auditPage(let ticket, let count):
      guard let page = seam.audit.readings.page(ticket, after: count, for: author.userIdentifier)
      else { throw ControlFailure(.refused, "no such reading is at work for you: ask anew") }
      return page
    case .policyReload: return try reload(author)
    case .order(let order): return try carryOut(order, author)
    case .endOutage(let ended):
      guard engine.outages.contains(where: ended.hasSameDays(as:)) else {
        throw ControlFailure(.refused, "no outage with these first and last days was declared")
      }
      return try carryOut(.declareOutage(ended), author)
    case .note(let note, let card):
      return try durable { () throws(ControlFailure) in
        do throws(CardNoteRefusal) {
          return try engine.note(note, on: card, by: author, at: seam.now())
        } catch .noRoom {
          return nil
        } catch {
          throw ControlFailure(.refused, error.description)
        }
      }
    case .issueSecret(let id): return try issueSecret(for: id, author)
    }
  }

  private func carryOut(
    _ order: AdministrativeOrder, _ author: Author
  ) throws(ControlFailure) -> JSONValue {
    try durable { () throws(ControlFailure) in
      do throws(OrderRefusal) {
        return try engine.carryOut(order, by: author, at: seam.now())
      } catch .noRoom {
        return nil
      } catch {
        throw ControlFailure(.refused, error.description)
      }
    }
  }

  /// The secret is told once, here, when it is good.
  private func issueSecret(
    for id: OperatorID, _ author: Author
  ) throws(ControlFailure) -> JSONValue {
    var secret = ""
    let answer = try durable { () throws(ControlFailure) in
      do throws(SecretIssueError) {
        let issued = try engine.issueSecret(for: id, by: author, at: seam.now())
        secret = issued.secret
        return issued.position
      } catch .noRoom {
        return nil
      } catch {
        throw ControlFailure(.refused, error.description)
      }
    }
    guard case .object(let members) = answer else { return answer }
    return .object(members.merging(["secret": .string(secret)]) { $1 })
  }

  /// Stages a change, again while the batch is full, and waits until it is durable.
  private func durable(
    _ stage: () throws(ControlFailure) -> LogPosition?
  ) throws(ControlFailure) -> JSONValue {
    guard seam.canAcceptChanges() else { throw Self.unavailable }
    for _ in 0..<Self.attemptCountMax {
      if let position = try stage() { return try answer(restingOn: position) }
      guard seam.commit(engine.figures.stagedThrough) else { break }
    }
    throw Self.unavailable
  }

  private func answer(restingOn position: LogPosition) throws(ControlFailure) -> JSONValue {
    guard seam.commit(position) else {
      throw ControlFailure(
        .outcomeUnknown,
        "staged as record \(position.rawValue), not known to be durable: look again in a moment")
    }
    return .object(["position": .integer(position.rawValue)])
  }

  private func reload(_ author: Author) throws(ControlFailure) -> JSONValue {
    guard seam.canAcceptChanges() else { throw Self.unavailable }
    let outcome = policy.reload(in: engine, by: author, at: seam.now()) {
      seam.commit(engine.figures.stagedThrough)
    }
    for line in outcome.lines { seam.note(line) }
    switch outcome {
    case .activated(let position), .unchanged(let position):
      _ = try answer(restingOn: position)
      return policy.json(engine)
    case .refused(let mistakes):
      throw ControlFailure(.refused, mistakes.joined(separator: "\n"))
    case .nothingToRead:
      throw ControlFailure(.refused, "the configuration names no policy.directory")
    case .unavailable: throw Self.unavailable
    }
  }

  private static let unavailable = ControlFailure(
    .unavailable, "the log takes no changes at present: try again")
}

extension PolicyKeeper.Outcome {
  /// For the daemon's log, a line each.
  public var lines: [String] {
    switch self {
    case .activated(let position): ["policy files decide anew from record \(position.rawValue) on"]
    case .unchanged: ["policy files are those that decide already"]
    case .refused(let mistakes): mistakes + ["policy files refused: the old set stays in force"]
    case .nothingToRead: ["no policy.directory to read: what is compiled in decides"]
    case .unavailable: ["policy files not read: the log takes no changes at present"]
    }
  }
}
