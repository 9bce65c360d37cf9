import TransactionEngine
public import TransactionModel
public import WireFormat

/// One command of an administrator and what came of it: all that an audit wants to know.
public struct CommandEvent: Hashable, Sendable {
  /// What a command was about, as far as it was about one thing.
  public enum Subject: Hashable, Sendable {
    case none
    case card(CardNumber)
    case confirmation(ConfirmationNumber)
    case site(SiteID)
    case terminal(TerminalID)
    case `operator`(OperatorID)
  }

  /// The user of the machine who gave it.
  public var user: UInt32
  /// `nil` for a user without one, whose line is not even read.
  public var role: Role?
  /// The command's name in the control protocol; empty when the line was none.
  public var name = ""
  public var subject = Subject.none
  /// Cards of which it showed transactions, other than one that it asked for: no more than there is
  /// room for in an answer.
  public var shownCards: [CardNumber] = []
  /// `nil` when it was carried out.
  public var failure: ControlFailureCode?

  init(user: UInt32, role: Role?) {
    self.user = user
    self.role = role
  }
}

extension ControlCommand {
  var subject: CommandEvent.Subject {
    switch self {
    case .note(_, let card): .card(card)
    case .issueSecret(let id): .operator(id)
    case .find(let search): search.subject.asEventSubject
    case .reportTerminals(let site, _), .reportCards(let site, _):
      site.map(CommandEvent.Subject.site) ?? .none
    case .order(let order): order.subject
    case .readAudit(let question, _): question.subject.asEventSubject
    case .status, .snapshotMake, .snapshotStatus, .policyStatus, .policyReload, .list,
      .listOutages, .endOutage, .auditPage:
      .none
    }
  }
}

extension TransactionSearch.Subject {
  fileprivate var asEventSubject: CommandEvent.Subject {
    switch self {
    case .confirmation(let number): .confirmation(number)
    case .card(let card): .card(card)
    case .terminal(let id): .terminal(id)
    }
  }
}

extension AuditQuestion.Subject {
  fileprivate var asEventSubject: CommandEvent.Subject {
    switch self {
    case .everything: .none
    case .card(let card): .card(card)
    case .terminal(let id): .terminal(id)
    case .operator(let id): .operator(id)
    }
  }
}

extension AdministrativeOrder {
  fileprivate var subject: CommandEvent.Subject {
    switch self {
    case .addTerminal(let terminal): .terminal(terminal.id)
    case .addOperator(let person): .operator(person.id)
    case .unlockOperator(let id): .operator(id)
    case .addSite(let site): .site(site.id)
    case .shipCards(_, let site): .site(site)
    case .shipBlankCards(let shipment): .site(shipment.site)
    case .setState(.terminal(let id), _): .terminal(id)
    case .setState(.operator(let id), _): .operator(id)
    case .setState(.site(let id), _): .site(id)
    case .setState(.provider, _), .addProvider, .voidCards, .importCards, .declareOutage: .none
    }
  }
}
