import EligibilityIndex
import Synchronization
public import TransactionModel
import WireFormat

/// What lists of the register show, a page at a time, in the order of ids.
extension SharedEngine {
  public func providers(after id: ProviderID, limit: Int) -> [Provider] {
    engine.withLock {
      $0.register.providers.values.page(by: \.id.rawValue, after: id.rawValue, limit)
    }
  }

  public func sites(after id: SiteID, limit: Int) -> [Site] {
    engine.withLock {
      $0.register.registeredSites.values.page(by: \.id.rawValue, after: id.rawValue, limit)
    }
  }

  public func terminals(after id: TerminalID, limit: Int) -> [Terminal] {
    engine.withLock {
      $0.register.terminals.values.page(by: \.id.rawValue, after: id.rawValue, limit)
    }
  }

  public func operators(after id: OperatorID, limit: Int) -> [Operator] {
    engine.withLock {
      $0.register.operators.values.page(by: \.id.rawValue, after: id.rawValue, limit)
    }
  }

  public var outages: [OutageWindow] { engine.withLock { $0.register.outages } }
}

extension Collection {
  /// The elements behind an id, in order.
  fileprivate func page(
    by id: (Element) -> UInt64, after last: UInt64, _ limit: Int
  ) -> [Element] {
    Array(filter { id($0) > last }.sorted { id($0) < id($1) }.prefix(limit))
  }
}

/// What a site has had of cards.
public struct SiteCards: Hashable, Sendable {
  /// 0: cards that no site has.
  public var site: SiteID
  /// Numbered cards that are at the site by the register, voided ones included.
  public var shipped: UInt64 = 0
  public var voided: UInt64 = 0
  /// Those that a client holds or held, voided ones included.
  public var activated: UInt64 = 0
  /// Those that a client may still get.
  public var left: UInt64 = 0
  public var blanksShipped: UInt64 = 0
  /// Blank cards that bear a number now.
  public var blanksUsed: UInt64 = 0
  public var shippedThisYear: UInt64 = 0
  public var blanksShippedThisYear: UInt64 = 0
}

extension SharedEngine {
  /// Records looked at in one hold of the lock, so that terminals do not wait for a report.
  private static let recordsPerHold = 4_096

  /// The cards of all sites, or of one, as of a California day.
  ///
  /// Counted in pieces: what happens meanwhile may be in it or not.
  public func cards(of site: SiteID?, on day: CalendarDate) -> [SiteCards] {
    var (report, count) = engine.withLock { ($0.stockReport(on: day), $0.index.count) }
    var next = 1
    while next <= count {
      let end = min(count, next + Self.recordsPerHold - 1)
      let activated = engine.withLock { $0.activatedCards(in: next...end) }
      for range in activated {
        report[range.site]?.activated += 1
        // Cards that came meanwhile were not counted before.
        if !range.isVoided, let left = report[range.site]?.left, left > 0 {
          report[range.site]?.left = left - 1
        }
      }
      next = end + 1
    }
    let all = report.values.sorted { $0.site.rawValue < $1.site.rawValue }
    return site.map { site in all.filter { $0.site == site } } ?? all
  }
}

extension TransactionEngine {
  fileprivate func stockReport(on day: CalendarDate) -> [SiteID: SiteCards] {
    var report: [SiteID: SiteCards] = [:]
    for (id, site) in register.registeredSites where site.role == .enrollingClinic {
      report[id] = SiteCards(site: id)
    }
    for range in register.stock.ranges {
      var cards = report[range.site] ?? SiteCards(site: range.site)
      cards.shipped += range.count
      if range.isVoided { cards.voided += range.count } else { cards.left += range.count }
      report[range.site] = cards
    }
    for (id, shipments) in register.shipments {
      let year = shipments.shipped(in: day.year)
      report[id]?.blanksShipped = shipments.blankCount
      report[id]?.blanksUsed = register.usedBlankCards[id] ?? 0
      report[id]?.shippedThisYear = year.cards
      report[id]?.blanksShippedThisYear = year.blanks
    }
    return report
  }

  /// Where the activated cards among some records are: one range of one card each.
  fileprivate func activatedCards(in ordinals: ClosedRange<Int>) -> [CardRange] {
    ordinals.compactMap { ordinal in
      let slot = index.slot(at: ordinal)
      guard index[slot].hasBeenActivated, let serial = CardScheme.serial(of: index[slot].card)
      else { return nil }
      return register.range(containing: serial)
    }
  }
}
