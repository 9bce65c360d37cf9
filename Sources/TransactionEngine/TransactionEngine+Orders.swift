import Synchronization
public import TransactionModel
import WireFormat
import WriteAheadLog

extension TransactionEngine {
  /// The most records of one order: they go into one batch.
  private static let changeCountMax = 4_096

  /// Stages an order whole, or refuses it; gives the position that it rests on.
  ///
  /// An order that asks for what is so already changes nothing, and rests on the register.
  mutating func carryOut(
    _ order: AdministrativeOrder, by author: Author, at now: Instant
  ) throws(OrderRefusal) -> LogPosition {
    let changes = try changes(for: order)
    guard changes.count <= Self.changeCountMax else { throw .tooManyRanges }
    guard batch.hasRoom(for: changes.count, bodyByteCount: RegisterChange.entryByteCountMax) else {
      throw .noRoom
    }
    for change in changes {
      guard register(change, by: author, at: now) != nil else {
        preconditionFailure("room was made sure of before staging")
      }
    }
    return registerPosition
  }

  private func changes(for order: AdministrativeOrder) throws(OrderRefusal) -> [RegisterChange] {
    switch order {
    case .addProvider(let provider):
      try requireNew(.provider(provider.id), provider.id.rawValue, register.provider(provider.id))
      return [.provider(provider)]
    case .addSite(let site):
      try requireNew(.site(site.id), site.id.rawValue, register.site(site.id))
      guard site.provider.rawValue == 0 || register.provider(site.provider) != nil else {
        throw .unknown(.provider(site.provider))
      }
      return [.site(site)]
    case .addTerminal(let terminal):
      try requireNew(.terminal(terminal.id), terminal.id.rawValue, register.terminal(terminal.id))
      _ = try living(terminal.site)
      return [.terminal(terminal)]
    case .addOperator(let person):
      try requireNew(.operator(person.id), person.id.rawValue, register.operator(person.id))
      _ = try living(person.site)
      return [.operator(person)]
    case .setState(let subject, let step): return try take(step, subject)
    case .unlockOperator(let id):
      guard register.operator(id) != nil else { throw .unknown(.operator(id)) }
      return [.operatorUnlock(id)]
    case .shipCards(let serials, let site): return try ship(serials, to: site)
    case .voidCards(let serials): return try void(serials)
    case .importCards(let ranges): return try importing(ranges)
    case .shipBlankCards(let shipment):
      try requireCardSite(shipment.site)
      return [.blankCards(shipment)]
    case .declareOutage(let window):
      return register.outages.contains(window) ? [] : [.outage(window)]
    }
  }

  // MARK: Entries

  private func requireNew<Entry>(
    _ subject: RegisterSubject, _ id: UInt64, _ found: Entry?
  ) throws(OrderRefusal) {
    guard id != 0 else { throw .idUnusable(subject) }
    guard found == nil else { throw .existsAlready(subject) }
  }

  private func living(_ id: SiteID) throws(OrderRefusal) -> Site {
    guard let site = register.registeredSite(id) else { throw .unknown(.site(id)) }
    guard site.state != .retired else { throw .isRetired(.site(id)) }
    return site
  }

  private func take(
    _ step: RegisterStep, _ subject: RegisterSubject
  ) throws(OrderRefusal) -> [RegisterChange] {
    func next(_ state: RegisterState?) throws(OrderRefusal) -> RegisterState? {
      guard let state else { throw .unknown(subject) }
      guard let next = step.state(after: state) else { throw .isRetired(subject) }
      return next == state ? nil : next
    }
    switch subject {
    case .provider(let id):
      var entry = register.provider(id)
      guard let state = try next(entry?.state) else { return [] }
      entry?.state = state
      return entry.map { [.provider($0)] } ?? []
    case .site(let id):
      var entry = register.registeredSite(id)
      guard let state = try next(entry?.state) else { return [] }
      entry?.state = state
      return entry.map { [.site($0)] } ?? []
    case .terminal(let id):
      var entry = register.terminal(id)
      guard let state = try next(entry?.state) else { return [] }
      entry?.state = state
      return entry.map { [.terminal($0)] } ?? []
    case .operator(let id):
      var entry = register.operator(id)
      guard let state = try next(entry?.state) else { return [] }
      entry?.state = state
      return entry.map { [.operator($0)] } ?? []
    }
  }

  // MARK: Cards

  private func requireCardSite(_ id: SiteID) throws(OrderRefusal) {
    guard try living(id).role == .enrollingClinic else { throw .siteHasNoCards(id) }
  }

  /// Cards in the stock that no site has, or this one already, go to a site.
  private func ship(
    _ serials: ClosedRange<UInt64>, to site: SiteID
  ) throws(OrderRefusal) -> [RegisterChange] {
    try requireCardSite(site)
    let range = CardRange(
      firstSerial: serials.lowerBound, lastSerial: serials.upperBound, site: site,
      isVoided: false)
    let parts = try parts(serials)
    for part in parts {
      guard !part.isVoided else { throw .cardVoided(serial: part.firstSerial) }
      guard !part.isShipped || part.site == site else {
        throw .cardAtOtherSite(serial: part.firstSerial, part.site)
      }
    }
    return parts.allSatisfy { $0.site == site } ? [] : [.cardRange(range)]
  }

  /// Cards may never be used from here on, wherever they are.
  private func void(_ serials: ClosedRange<UInt64>) throws(OrderRefusal) -> [RegisterChange] {
    try parts(serials).filter { !$0.isVoided }.map { part in
      var part = part
      part.isVoided = true
      return .cardRange(part)
    }
  }

  private func importing(_ ranges: [CardRange]) throws(OrderRefusal) -> [RegisterChange] {
    var earlier = CardStock()
    for range in ranges {
      guard range.isSound else { throw .serialsUnusable }
      let serials = range.firstSerial...range.lastSerial
      if let there = (register.stock.parts(serials) + earlier.parts(serials)).first {
        throw .cardExists(serial: there.firstSerial)
      }
      if range.isShipped { try requireCardSite(range.site) }
      earlier.lay(range)
    }
    return ranges.map(RegisterChange.cardRange)
  }

  /// What the stock has of some serial numbers, which is all of them.
  private func parts(_ serials: ClosedRange<UInt64>) throws(OrderRefusal) -> [CardRange] {
    guard serials.upperBound <= CardScheme.serialMax else { throw .serialsUnusable }
    if let missing = register.stock.firstMissing(serials) { throw .noSuchSerial(missing) }
    return register.stock.parts(serials)
  }
}

extension LogBatch {
  /// Whether so many records still fit, whatever they hold up to a size.
  fileprivate func hasRoom(for count: Int, bodyByteCount: Int) -> Bool {
    // A header and padding to a multiple of eight are less than 32 bytes.
    hasRoom(bodyByteCount: count * (bodyByteCount + 32))
  }
}

extension SharedEngine {
  /// Carries out an order; the position must be durable before anybody is told.
  public func carryOut(
    _ order: AdministrativeOrder, by author: Author, at now: Instant
  ) throws(OrderRefusal) -> LogPosition {
    defer { noteStaged() }
    return try engine.withLock { engine throws(OrderRefusal) in
      try engine.carryOut(order, by: author, at: now)
    }
  }
}
