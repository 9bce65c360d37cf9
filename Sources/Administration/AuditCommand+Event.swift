public import AuditTrail
import TransactionModel
import WireFormat

extension AuditCommand {
  /// What the audit log keeps of a command.
  public init(_ event: CommandEvent) {
    self.init(
      user: event.user, role: event.role, name: event.name,
      outcome: AuditOutcome(event.failure))
    set(event.subject)
  }

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
