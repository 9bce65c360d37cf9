public import AuditTrail
import TransactionModel
import WireFormat

extension CommandEvent {
  /// What the audit log keeps of a command: an entry, and one for each further card that it showed,
  /// so that whoever looked at a client is found by the client's card.
  public var auditEntries: [AuditCommand] {
    var entry = AuditCommand(
      user: user, role: role, name: name, outcome: AuditOutcome(failure))
    entry.set(subject)
    let further = shownCards.map { card in
      var further = entry
      further.card = card
      return further
    }
    // What names a confirmation number or a terminal is whole with the first card.
    return entry.card.isBlank && !further.isEmpty ? further : [entry] + further
  }
}

extension AuditCommand {

  mutating func set(_ subject: CommandEvent.Subject) {
    switch subject {
    case .none: return
    case .card(let card): (self.subject, self.card) = (.card, card)
    case .confirmation(let number): (self.subject, id) = (.confirmation, number.permuted)
    case .site(let site): (self.subject, id) = (.site, site.rawValue)
    case .terminal(let terminal): (self.subject, id) = (.terminal, terminal.rawValue)
    case .operator(let person): (self.subject, id) = (.operator, person.rawValue)
    }
  }
}

extension AuditOutcome {
  init(_ failure: ControlFailureCode?) {
    switch failure {
    case nil: self = .done
    case .malformed, .unknownCommand: self = .notUnderstood
    case .notPermitted: self = .notPermitted
    case .refused: self = .refused
    case .unavailable: self = .unavailable
    case .outcomeUnknown: self = .outcomeUnknown
    }
  }
}
