public import TransactionModel
import WireFormat

/// The register: providers, sites, terminals, operators, card stock and outages, as the log has
/// them.
struct SiteRegister: ~Copyable {
  private var providers: [ProviderID: Provider] = [:]
  /// As they were registered.
  private var registeredSites: [SiteID: Site] = [:]
  /// As they may act: no longer, and in no better state, than their providers.
  private var sites: [SiteID: Site] = [:]
  private var terminals: [TerminalID: Terminal] = [:]
  private var operators: [OperatorID: Operator] = [:]
  /// In order of their first serial numbers, without overlap.
  private var ranges: [CardRange] = []
  /// Blank cards shipped to each site so far.
  private var blankCards: [SiteID: UInt64] = [:]
  /// In the order of their declaration.
  private(set) var outages: [OutageWindow] = []
  /// Blank cards that bear a number now, by the site that gave them out.
  var usedBlankCards: [SiteID: UInt64] = [:]

  func provider(_ id: ProviderID) -> Provider? { providers[id] }
  func site(_ id: SiteID) -> Site? { sites[id] }
  func terminal(_ id: TerminalID) -> Terminal? { terminals[id] }
  func `operator`(_ id: OperatorID) -> Operator? { operators[id] }
  func blankCardsShipped(to id: SiteID) -> UInt64 { blankCards[id] ?? 0 }

  var siteCount: Int { sites.count }
  var terminalCount: Int { terminals.count }
  var cardCount: UInt64 { ranges.reduce(0) { $0 + $1.lastSerial - $1.firstSerial + 1 } }

  /// The range that holds a serial number.
  func range(containing serial: UInt64) -> CardRange? {
    // Serial numbers end far below the largest integer.
    let behind = firstPlace(from: serial + 1)
    guard behind > 0, serial <= ranges[behind - 1].lastSerial else { return nil }
    return ranges[behind - 1]
  }

  /// The place of the first range that begins at a serial number or behind it.
  private func firstPlace(from serial: UInt64) -> Int {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].firstSerial < serial { low = middle + 1 } else { high = middle }
    }
    return low
  }

  mutating func apply(_ change: RegisterChange) {
    switch change {
    case .provider(let provider): apply(provider)
    case .operatorSecret, .operatorUnlock: break
    case .blankCards(let shipment): blankCards[shipment.site, default: 0] += shipment.count
    case .outage(let window): outages.append(window)
    case .site(let site):
      registeredSites[site.id] = site
      sites[site.id] = limited(site)
    case .terminal(let terminal): terminals[terminal.id] = terminal
    case .operator(let person): operators[person.id] = person
    case .cardRange(let range): apply(range)
    }
  }

  private mutating func apply(_ provider: Provider) {
    providers[provider.id] = provider
    for site in registeredSites.values where site.provider == provider.id {
      sites[site.id] = limited(site)
    }
  }

  /// The site with the days that its provider has too, and inactive where the provider is: so one
  /// look-up says whether it may act.
  private func limited(_ site: Site) -> Site {
    guard let provider = providers[site.provider] else { return site }
    var site = site
    if provider.state != .active { site.state = provider.state }
    site.firstDay = max(site.firstDay, provider.firstDay)
    if site.lastDay.isNone || !provider.lastDay.isNone && provider.lastDay < site.lastDay {
      site.lastDay = provider.lastDay
    }
    return site
  }

  /// Whether a range may be added: it equals one that is there, or touches none.
  func mayApply(_ range: CardRange) -> Bool {
    guard range.firstSerial <= range.lastSerial, range.lastSerial <= CardScheme.serialMax else {
      return false
    }
    let place = firstPlace(from: range.firstSerial)
    if place > 0, range.firstSerial <= ranges[place - 1].lastSerial { return false }
    guard place < ranges.count, ranges[place].firstSerial <= range.lastSerial else { return true }
    return ranges[place].firstSerial == range.firstSerial
      && ranges[place].lastSerial == range.lastSerial
  }

  private mutating func apply(_ range: CardRange) {
    precondition(mayApply(range), "card ranges overlap")
    let place = firstPlace(from: range.firstSerial)
    if place < ranges.count, ranges[place].firstSerial == range.firstSerial {
      ranges[place] = range
    } else {
      ranges.insert(range, at: place)
    }
  }
}

/// One entry of the register, new or replaced: a log record of its own.
public enum RegisterChange: Sendable {
  case provider(Provider)
  case site(Site)
  case terminal(Terminal)
  case `operator`(Operator)
  case operatorSecret(OperatorSecret)
  /// Forgets the wrong secrets that an operator tried.
  case operatorUnlock(OperatorID)
  case cardRange(CardRange)
  /// Adds to the site's stock of blank cards.
  case blankCards(BlankCardShipment)
  case outage(OutageWindow)
}
