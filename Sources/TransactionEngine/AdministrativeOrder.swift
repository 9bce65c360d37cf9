public import TransactionModel

/// What the office or the help desk has done to the register, as one step: all of it or nothing.
public enum AdministrativeOrder: Sendable {
  case addProvider(Provider)
  case addSite(Site)
  case addTerminal(Terminal)
  case addOperator(Operator)
  case setState(RegisterSubject, RegisterStep)
  case unlockOperator(OperatorID)
  case shipCards(ClosedRange<UInt64>, to: SiteID)
  case voidCards(ClosedRange<UInt64>)
  /// Cards that are new to the register, shipped or not.
  case importCards([CardRange])
  case shipBlankCards(BlankCardShipment)
  case declareOutage(OutageWindow)
}

/// Whose state is changed.
public enum RegisterSubject: Hashable, Sendable, CustomStringConvertible {
  case provider(ProviderID)
  case site(SiteID)
  case terminal(TerminalID)
  case `operator`(OperatorID)

  public var description: String {
    switch self {
    case .provider(let id): "provider \(id.rawValue)"
    case .site(let id): "site \(id.rawValue)"
    case .terminal(let id): "terminal \(id.rawValue)"
    case .operator(let id): "operator \(id.rawValue)"
    }
  }
}

/// A step in the life of a register entry; retirement is the last one.
public enum RegisterStep: String, CaseIterable, Sendable {
  case suspend
  case retire
  /// Takes a suspension back.
  case enable

  /// The state after the step; `nil` when it cannot be taken.
  func state(after state: RegisterState) -> RegisterState? {
    switch (self, state) {
    case (.retire, _): .retired
    case (_, .retired): nil
    case (.suspend, _): .suspended
    case (.enable, .suspended): .active
    case (.enable, .new), (.enable, .active): state
    }
  }
}

/// Why an order was not carried out; nothing has changed.
public enum OrderRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  case unknown(RegisterSubject)
  case existsAlready(RegisterSubject)
  case isRetired(RegisterSubject)
  case siteHasNoCards(SiteID)
  case noSuchSerial(UInt64)
  case cardExists(serial: UInt64)
  case cardAtOtherSite(serial: UInt64, SiteID)
  case cardVoided(serial: UInt64)
  case idUnusable(RegisterSubject)
  case serialsUnusable
  /// More separate ranges than one record batch holds.
  case tooManyRanges
  /// The staged batch has no room: try again after the next commit.
  case noRoom

  /// What is wrong and what to do about it; cards by the last four digits of their serial number.
  public var description: String {
    switch self {
    case .unknown(let subject): "\(subject) is not registered"
    case .existsAlready(let subject): "\(subject) is registered already"
    case .isRetired(let subject): "\(subject) is retired, which is for good"
    case .siteHasNoCards(let id): "site \(id.rawValue) is no enrolling clinic: it has no cards"
    case .noSuchSerial(let serial): "\(Self.masked(serial)) is not in the stock: import it first"
    case .cardExists(let serial): "\(Self.masked(serial)) is in the stock already"
    case .cardAtOtherSite(let serial, let id): "\(Self.masked(serial)) is at site \(id.rawValue)"
    case .cardVoided(let serial): "\(Self.masked(serial)) is voided"
    case .idUnusable(let subject): "\(subject) has no usable number"
    case .serialsUnusable: "serial numbers have at most 13 digits, the first not above the last"
    case .tooManyRanges: "too many separate ranges for one step: take fewer cards"
    case .noRoom: "busy: try again"
    }
  }

  private static func masked(_ serial: UInt64) -> String {
    let digits = String(serial % 10_000)
    return "the card with serial number *"
      + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
