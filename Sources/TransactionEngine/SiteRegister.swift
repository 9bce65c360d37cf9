public import TransactionModel

/// The register: sites, terminals, operators and card ranges, as the log has them.
struct SiteRegister: ~Copyable {
  private var sites: [SiteID: Site] = [:]
  private var terminals: [TerminalID: Terminal] = [:]
  private var operators: [OperatorID: Operator] = [:]
  /// In order of their first serial numbers, without overlap.
  private var ranges: [CardRange] = []

  func site(_ id: SiteID) -> Site? { sites[id] }
  func terminal(_ id: TerminalID) -> Terminal? { terminals[id] }
  func `operator`(_ id: OperatorID) -> Operator? { operators[id] }

  var siteCount: Int { sites.count }
  var terminalCount: Int { terminals.count }
  var cardCount: UInt64 { ranges.reduce(0) { $0 + $1.lastSerial - $1.firstSerial + 1 } }

  /// The range that holds a serial number.
  func range(containing serial: UInt64) -> CardRange? {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].firstSerial <= serial { low = middle + 1 } else { high = middle }
    }
    guard low > 0, serial <= ranges[low - 1].lastSerial else { return nil }
    return ranges[low - 1]
  }

  mutating func apply(_ change: RegisterChange) {
    switch change {
    case .site(let site): sites[site.id] = site
    case .terminal(let terminal): terminals[terminal.id] = terminal
    case .operator(let person): operators[person.id] = person
    case .cardRange(let range): apply(range)
    }
  }

  /// Whether a range may be added: it equals one that is there, or touches none.
  func mayApply(_ range: CardRange) -> Bool {
    guard range.firstSerial <= range.lastSerial else { return false }
    return !ranges.contains { other in
      let isSame = other.firstSerial == range.firstSerial && other.lastSerial == range.lastSerial
      return !isSame && other.firstSerial <= range.lastSerial
        && range.firstSerial <= other.lastSerial
    }
  }

  private mutating func apply(_ range: CardRange) {
    precondition(mayApply(range), "card ranges overlap")
    let place = ranges.firstIndex { $0.firstSerial >= range.firstSerial } ?? ranges.count
    if place < ranges.count, ranges[place].firstSerial == range.firstSerial {
      ranges[place] = range
    } else {
      ranges.insert(range, at: place)
    }
  }
}

/// One entry of the register, new or replaced: a log record of its own.
public enum RegisterChange: Sendable {
  case site(Site)
  case terminal(Terminal)
  case `operator`(Operator)
  case cardRange(CardRange)
}
