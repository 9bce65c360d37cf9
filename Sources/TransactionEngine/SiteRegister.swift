public import TransactionModel

/// The register: providers, sites, terminals, operators, card stock and outages, as the log has
/// them.
struct SiteRegister: ~Copyable {
  private(set) var providers: [ProviderID: Provider] = [:]
  /// As they were registered.
  private(set) var registeredSites: [SiteID: Site] = [:]
  /// As they may act: no longer, and in no better state, than their providers.
  private var sites = IdentifierTable<SiteID, Site>()
  private(set) var terminals = IdentifierTable<TerminalID, Terminal>()
  private(set) var operators = IdentifierTable<OperatorID, Operator>()
  private(set) var stock = CardStock()
  /// What was shipped to each site.
  var shipments: [SiteID: SiteShipments] = [:]
  /// In the order of their first declaration; one that is declared again replaces what was said.
  private(set) var outages: [OutageWindow] = []
  /// Blank cards that bear a number now, by the site that gave them out.
  var usedBlankCards: [SiteID: UInt64] = [:]

  func provider(_ id: ProviderID) -> Provider? { providers[id] }
  func site(_ id: SiteID) -> Site? { sites[id] }
  /// The site as it was registered, whatever its provider is.
  func registeredSite(_ id: SiteID) -> Site? { registeredSites[id] }
  func terminal(_ id: TerminalID) -> Terminal? { terminals[id] }
  func `operator`(_ id: OperatorID) -> Operator? { operators[id] }
  func blankCardsShipped(to id: SiteID) -> UInt64 { shipments[id]?.blankCount ?? 0 }

  var siteCount: Int { sites.count }
  var terminalCount: Int { terminals.count }
  var cardCount: UInt64 { stock.cardCount }

  /// The range that holds a serial number.
  func range(containing serial: UInt64) -> CardRange? { stock.range(containing: serial) }

  /// Applies an entry that was made on a California day.
  mutating func apply(_ change: RegisterChange, on day: CalendarDate) {
    switch change {
    case .provider(let provider): apply(provider)
    case .site(let site):
      registeredSites[site.id] = site
      sites[site.id] = limited(site)
    case .terminal(let terminal): terminals[terminal.id] = terminal
    case .operator(let person): operators[person.id] = person
    case .operatorSecret, .operatorUnlock: break
    case .cardRange(let range):
      if range.isShipped, !range.isVoided {
        let serials = range.firstSerial...range.lastSerial
        let there = stock.parts(serials).reduce(0) { $0 + ($1.site == range.site ? $1.count : 0) }
        shipments[range.site, default: SiteShipments()].add(cards: range.count - there, on: day)
      }
      stock.lay(range)
    case .blankCards(let shipment):
      shipments[shipment.site, default: SiteShipments()].add(blanks: shipment.count, on: day)
    case .outage(let window):
      if let index = outages.firstIndex(where: window.hasSameDays(as:)) {
        outages[index] = window
      } else {
        outages.append(window)
      }
    }
  }

  /// Lays a range whose shipping is known already.
  mutating func restore(_ range: CardRange) { stock.lay(range) }

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
}

/// How many cards went to a site, for the program's advisory yearly limits.
struct SiteShipments {
  var blankCount: UInt64 = 0
  var year: UInt32 = 0
  var cardsOfYear: UInt64 = 0
  var blanksOfYear: UInt64 = 0

  mutating func add(cards: UInt64 = 0, blanks: UInt64 = 0, on day: CalendarDate) {
    if day.year != year { (year, cardsOfYear, blanksOfYear) = (day.year, 0, 0) }
    cardsOfYear += cards
    blanksOfYear += blanks
    blankCount += blanks
  }

  /// What was shipped in a year; nothing is known of the years before the last shipment's.
  func shipped(in year: UInt32) -> (cards: UInt64, blanks: UInt64) {
    year == self.year ? (cardsOfYear, blanksOfYear) : (0, 0)
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
  /// Replaces what was said of these serial numbers before, and of no others.
  case cardRange(CardRange)
  /// Adds to the site's stock of blank cards.
  case blankCards(BlankCardShipment)
  case outage(OutageWindow)
}
