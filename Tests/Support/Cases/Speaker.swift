public import TransactionModel

/// Who sends a request: a terminal, its operator, and the certificate that speaks for it.
public struct Speaker: Hashable, Sendable {
  public var identity: CertificateIdentity
  public var terminal: TerminalID
  public var operatorID: OperatorID

  public init(identity: CertificateIdentity, terminal: TerminalID, operatorID: OperatorID) {
    self.identity = identity
    self.terminal = terminal
    self.operatorID = operatorID
  }

  /// A terminal with its own certificate.
  public init(terminal: UInt64, operatorID: UInt64) {
    let id = TerminalID(rawValue: terminal)
    self.init(
      identity: CertificateIdentity(environment: Fixture.environment, subject: .terminal(id)),
      terminal: id, operatorID: OperatorID(rawValue: operatorID))
  }

  public static let clinic = Speaker(terminal: 1001, operatorID: 501)
  /// Another terminal of the clinic: new in the register, which is no obstacle.
  public static let newTerminal = Speaker(terminal: 1002, operatorID: 501)
  public static let suspendedTerminal = Speaker(terminal: 1003, operatorID: 501)
  public static let retiredTerminal = Speaker(terminal: 1004, operatorID: 501)
  /// Another operator of the clinic at the first one's terminal.
  public static let secondOperator = Speaker(terminal: 1001, operatorID: 504)
  /// An operator of the clinic whose secret is a matter of luck.
  public static let hastyOperator = Speaker(terminal: 1001, operatorID: 505)
  /// A terminal of the clinic whose gateway vouches, with its own certificate.
  public static let vouchingClinic = Speaker(terminal: 7001, operatorID: 971)
  /// A terminal that has a certificate and is not in the register.
  public static let unknownTerminal = Speaker(terminal: 1999, operatorID: 501)
  public static let retiredOperator = Speaker(terminal: 1001, operatorID: 502)
  public static let suspendedOperator = Speaker(terminal: 1001, operatorID: 503)
  public static let unknownOperator = Speaker(terminal: 1001, operatorID: 599)
  public static let noOperator = Speaker(terminal: 1001, operatorID: 0)
  /// An operator of another site.
  public static let strangeOperator = Speaker(terminal: 1001, operatorID: 701)
  public static let pharmacy = Speaker(terminal: 2001, operatorID: 601)
  public static let secondClinic = Speaker(terminal: 3001, operatorID: 701)
  public static let helpDesk = Speaker(terminal: 4001, operatorID: 801)
  public static let office = Speaker(terminal: 5001, operatorID: 901)
  public static let expiredClinic = Speaker(terminal: 6001, operatorID: 951)

  /// Those who may work.
  public static let workers = [
    clinic, newTerminal, pharmacy, secondClinic, helpDesk, office,
  ]

  /// The same terminal and operator, spoken for by another certificate.
  public func speaking(as identity: CertificateIdentity) -> Speaker {
    Speaker(identity: identity, terminal: terminal, operatorID: operatorID)
  }

  /// The same terminal and operator, spoken for by the certificate of a site's gateway.
  public func through(gatewayOf site: SiteID) -> Speaker {
    speaking(
      as: CertificateIdentity(environment: Fixture.environment, subject: .gateway(site)))
  }
}
