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
  /// A line for the daemon's own log.
  public var note: @Sendable (String) -> Void
  /// Asks for a snapshot, or how it stands with them.
  public var snapshot: @Sendable (_ isWanted: Bool) -> JSONValue

  public init(
    now: @escaping @Sendable () -> Instant,
    canAcceptChanges: @escaping @Sendable () -> Bool,
    commit: @escaping @Sendable (LogPosition) -> Bool,
    status: @escaping @Sendable () -> JSONValue,
    note: @escaping @Sendable (String) -> Void,
    snapshot: @escaping @Sendable (_ isWanted: Bool) -> JSONValue
  ) {
    self.now = now
    self.canAcceptChanges = canAcceptChanges
    self.commit = commit
    self.status = status
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
  private let seam: AdministrationSeam

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
    let answer: JSONValue
    do throws(ControlFailure) {
      guard let role = roles.role(of: user) else {
        throw ControlFailure(.notPermitted, "user \(user) has no role here")
      }
      let command = try command(line)
      guard command.isPermitted(to: role) else {
        throw ControlFailure(.notPermitted, "this needs the role of the office")
      }
      answer = .object(["ok": try perform(command, Author(userIdentifier: user, role: role))])
    } catch {
      answer = error.json
    }
    return String(answer.line.dropLast())
  }

  private func command(_ line: String) throws(ControlFailure) -> ControlCommand {
    do throws(ControlMistake) {
      return try ControlRequest.command(line, on: PacificTime.date(at: seam.now()))
    } catch {
      switch error {
      case .unknownCommand: throw ControlFailure(.unknownCommand, error.description)
      case .malformed, .unknownProtocol: throw ControlFailure(.malformed, error.description)
      }
    }
  }

  private func perform(
    _ command: ControlCommand, _ author: Author
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

/// Why a command was not carried out, or not known to be.
struct ControlFailure: Error {
  enum Code: String {
    case malformed
    case unknownCommand = "unknown_command"
    case notPermitted = "not_permitted"
    case refused
    case unavailable
    case outcomeUnknown = "outcome_unknown"
  }

  let code: Code
  let text: String

  init(_ code: Code, _ text: String) {
    self.code = code
    self.text = text
  }

  var json: JSONValue {
    .object([
      "error": .object(["code": .string(code.rawValue), "text": .string(text)])
    ])
  }
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
