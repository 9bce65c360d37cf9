import TransactionModel

extension SiteRegister {
  /// Blank cards that were shipped to a site and bear no number yet.
  func blankCardsLeft(at site: SiteID) -> UInt64 {
    let (shipped, used) = (blankCardsShipped(to: site), usedBlankCards[site] ?? 0)
    return shipped > used ? shipped - used : 0
  }

  /// Takes one blank card out of a site's stock.
  mutating func useBlankCard(at site: SiteID) { usedBlankCards[site, default: 0] += 1 }
}
