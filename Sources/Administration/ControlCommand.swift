public import TransactionEngine
public import TransactionModel

/// What a running daemon can be asked to do.
public enum ControlCommand: Sendable {
  case status
  /// Asks for a snapshot, and does not wait for it.
  case snapshotMake
  case snapshotStatus
  case policyStatus
  case policyReload
  /// A page of one part of the register, behind an id.
  case list(RegisterPart, after: UInt64)
  /// A page of the declared outages, behind one.
  case listOutages(after: UInt64)
  /// From today on nothing of an outage may be entered.
  case endOutage(OutageWindow)
  /// The cards of one site, or a page of all sites behind one.
  case reportCards(SiteID?, after: UInt64)
  /// Terminals of one site or of all, a page behind one.
  case reportTerminals(SiteID?, after: UInt64)
  /// Transactions of the log.
  case find(TransactionSearch)
  /// Begins an unmasked reading of the audit log, for a reason.
  case readAudit(AuditQuestion, reason: String)
  /// A page of what such a reading found, behind so many findings.
  case auditPage(UInt64, after: UInt64)
  case order(AdministrativeOrder)
  case note(CardNote, on: CardNumber)
  case issueSecret(OperatorID)

  /// The least that a caller must be: the office may do everything, the help desk a few things.
  public var leastRole: Role {
    switch self {
    case .status, .find, .reportTerminals, .issueSecret, .order(.unlockOperator): .helpDesk
    default: .office
    }
  }

  /// Whether a caller of this role may give it.
  public func isPermitted(to role: Role) -> Bool {
    role == .office || role == leastRole
  }
}

/// A part of the register that has ids.
public enum RegisterPart: String, CaseIterable, Sendable {
  case provider
  case site
  case terminal
  case `operator`

  func subject(_ id: UInt64) -> RegisterSubject {
    switch self {
    case .provider: .provider(ProviderID(rawValue: id))
    case .site: .site(SiteID(rawValue: id))
    case .terminal: .terminal(TerminalID(rawValue: id))
    case .operator: .operator(OperatorID(rawValue: id))
    }
  }
}
