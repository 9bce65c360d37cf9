import AuditTrail
public import TransactionModel
public import WriteAheadLog

/// A log to look in, up to a position that is durable.
public struct AuditSource: Sendable {
  let parts: LogParts
  let through: LogPosition
  /// The first part worth reading.
  let firstPart: UInt64

  public init(_ parts: LogParts, through: LogPosition, firstPart: UInt64 = 0) {
    self.parts = parts
    self.through = through
    self.firstPart = firstPart
  }

  func forEachRecord(_ body: (LogRecordView) throws -> Void) throws(LogError) {
    guard through > .zero, let numbers = try parts.numbers() else { return }
    for number in numbers where number >= firstPart {
      try parts.read(number, after: .zero, through: through, body)
    }
  }
}

/// Looks in both logs, and puts what it finds in the order of time.
///
/// The audit log has everything that was asked; the state log knows more of changes, has what a
/// crash took from the audit log's end, and knows by which numbers a client was ever named.
public struct AuditSearch: Sendable {
  /// Why a search ended early.
  struct Cancelled: Error {}

  /// So many changes are held at most: a daemon that is asked must not grow without bound.
  private static let changeCountMax = 1_000_000

  struct TooMuch: Error, CustomStringConvertible {
    let description = "too much would be found: ask for a shorter time"
  }

  private let audit: AuditSource
  private let state: AuditSource

  public init(audit: AuditSource, state: AuditSource) {
    self.audit = audit
    self.state = state
  }

  /// The findings, oldest first, at most as many as the question wants; `hasMore` when some more
  /// would answer it.
  public func findings(
    _ question: AuditQuestion, isCancelled: () -> Bool = { false }
  ) throws(LogError) -> (findings: [AuditFinding], hasMore: Bool) {
    var numbers: Set<CardNumber> = []
    if case .card(let card) = question.subject { numbers.insert(card) }
    var changes: [LogPosition: StateFinding] = [:]
    // Twice for a client: a number that a later record tells may stand alone in an earlier one.
    var knownCount = -1
    while question.isAboutCard ? numbers.count > knownCount : knownCount < 0 {
      knownCount = numbers.count
      try addChanges(question, &numbers, &changes, isCancelled)
    }
    var found: [AuditFinding] = []
    var used: Set<LogPosition> = []
    try audit.forEachRecord { record in
      if isCancelled() { throw Cancelled() }
      guard found.count <= question.limit, let entry = AuditEntry(record) else { return }
      var finding = AuditFinding(entry)
      if case .request(let request) = entry.body, let change = changes[request.position] {
        if change.isRecord(of: request) {
          used.insert(change.position)
          finding.change = change
        } else if request.messageType == MessageType.last.rawValue, question.isAboutCard,
          question.covers(entry.serverTime)
        {
          found.append(finding)
          return
        }
      }
      guard question.covers(entry.serverTime),
        finding.change != nil || entry.answers(question, numbers)
      else { return }
      found.append(finding)
    }
    found += changes.values
      .filter { !used.contains($0.position) && question.covers($0.serverTime) }
      .map { AuditFinding($0) }
    found.sort { $0.order < $1.order }
    return (Array(found.prefix(question.limit)), found.count > question.limit)
  }

  /// Collects the changes that answer a question, and a client's other numbers.
  private func addChanges(
    _ question: AuditQuestion, _ numbers: inout Set<CardNumber>,
    _ changes: inout [LogPosition: StateFinding], _ isCancelled: () -> Bool
  ) throws(LogError) {
    var (known, collected) = (numbers, changes)
    try state.forEachRecord { record in
      if isCancelled() { throw Cancelled() }
      guard let change = StateFinding(record), change.answers(question, &known) else { return }
      guard collected.count < Self.changeCountMax else { throw TooMuch() }
      // What is told again is found by the position of the change, whenever that was.
      collected[change.position] = change
    }
    (numbers, changes) = (known, collected)
  }
}

extension AuditFinding {
  /// Time first; of one moment changes in the order of the state log, then the rest as entered.
  fileprivate var order: (UInt64, UInt64, UInt64) {
    (serverTime.milliseconds, change?.position.rawValue ?? .max, entry?.position.rawValue ?? 0)
  }
}

extension AuditQuestion {
  fileprivate var isAboutCard: Bool { if case .card = subject { true } else { false } }
}

extension StateFinding {
  /// Whether it answers a question; a client's other numbers are added to those looked for.
  fileprivate func answers(_ question: AuditQuestion, _ numbers: inout Set<CardNumber>) -> Bool {
    switch (question.subject, kind) {
    case (.everything, _): return question.covers(serverTime)
    case (.card, _):
      guard numbers.contains(card) || !alias.isBlank && numbers.contains(alias) else {
        return false
      }
      numbers.insert(card)
      if !alias.isBlank { numbers.insert(alias) }
      return true
    case (.terminal(let id), .transaction(let transaction)):
      return transaction.terminal == id && question.covers(serverTime)
    case (.operator(let id), .transaction(let transaction)):
      return transaction.operatorID == id && question.covers(serverTime)
    case (_, .cardNote): return false
    }
  }
}

extension AuditEntry {
  fileprivate func answers(_ question: AuditQuestion, _ numbers: Set<CardNumber>) -> Bool {
    switch (question.subject, body) {
    case (.everything, _): true
    case (.card, .request(let request)): numbers.contains(request.card)
    case (.card, .command(let command)): numbers.contains(command.card)
    case (.terminal(let id), .request(let request)):
      request.terminal == id || request.gatewaySite == nil && request.speaker == id.rawValue
    case (.terminal(let id), .command(let command)):
      command.subject == .terminal && command.id == id.rawValue
    case (.operator(let id), .request(let request)): request.operatorID == id
    case (.operator(let id), .command(let command)):
      command.subject == .operator && command.id == id.rawValue
    case (.card, .handshakes), (.terminal, .handshakes), (.operator, .handshakes): false
    }
  }
}
