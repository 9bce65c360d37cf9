import AuditTrail
import Installation
public import TransactionModel

/// What somebody wants to know of the audit log: who did, or tried to do, what.
public struct AuditQuestion: Hashable, Sendable {
  public enum Subject: Hashable, Sendable {
    case everything
    /// A client, by any number of the client's.
    case card(CardNumber)
    case terminal(TerminalID)
    case `operator`(OperatorID)
  }

  public static let limitMax = 10_000
  public static let limitDefault = 1_000
  /// So much is wanted of a reason: three words say more than one.
  static let reasonWordCountMin = 3

  public var subject: Subject
  /// Nothing that was before.
  public var since = Instant.none
  /// Nothing that was after.
  public var until = Instant(milliseconds: .max)
  /// The most findings of one answer: the oldest ones.
  public var limit = limitDefault

  public init(_ subject: Subject) { self.subject = subject }

  func covers(_ time: Instant) -> Bool { since <= time && time <= until }

  /// Whether a reason says enough to be one.
  public static func isReason(_ text: String) -> Bool {
    text.split(whereSeparator: \.isWhitespace).filter { $0.count > 1 }.count >= reasonWordCountMin
  }
}

extension ControlArguments {
  /// What an unmasked reading asks, with its reason.
  mutating func auditQuestion() -> ControlCommand? {
    let names = ["card", "terminal", "operator"].filter(has)
    guard names.count <= 1 else {
      reader.report(names[1], "one of card, terminal and operator is wanted")
      return nil
    }
    var question: AuditQuestion
    switch names.first {
    case "card":
      guard let card = card() else { return nil }
      question = AuditQuestion(.card(card))
    case "terminal":
      guard let id = number("terminal", in: 1...UInt64.max) else { return nil }
      question = AuditQuestion(.terminal(TerminalID(rawValue: id)))
    case "operator":
      guard let id = number("operator", in: 1...UInt64.max) else { return nil }
      question = AuditQuestion(.operator(OperatorID(rawValue: id)))
    default:
      guard has("since") else {
        reader.report("card", "one of card, terminal, operator and since is wanted")
        return nil
      }
      question = AuditQuestion(.everything)
    }
    for (name, property) in [("since", \AuditQuestion.since), ("until", \.until)] where has(name) {
      guard let text = text(name), let time = Instant(rfc3339: text) else {
        reader.report(name, "a time such as \"2026-04-01T16:00:00Z\" is wanted")
        return nil
      }
      question[keyPath: property] = time
    }
    if has("limit") {
      guard let limit = number("limit", in: 1...UInt64(AuditQuestion.limitMax)) else { return nil }
      question.limit = Int(limit)
    }
    guard let reason = text("reason") else { return nil }
    guard reason.utf8.count <= AuditCommand.reasonByteCountMax else {
      reader.report("reason", "at most \(AuditCommand.reasonByteCountMax) bytes are wanted")
      return nil
    }
    guard !reason.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else {
      reader.report("reason", "one line of text is wanted")
      return nil
    }
    return .readAudit(question, reason: reason)
  }
}
