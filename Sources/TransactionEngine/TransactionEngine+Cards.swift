import EligibilityIndex
import TransactionModel
import WireFormat

extension TransactionEngine {
  /// The place of a card's record.
  mutating func lookUp(_ card: CardNumber) -> RecordSlot {
    work.recordLookUps &+= 1
    return index.find(card)
  }

  /// What is wrong with a card by the card stock alone; `nil` when it was shipped to some site.
  mutating func stockCode(of card: CardNumber) -> ResponseCode? {
    stockCode(of: stockRange(of: card))
  }

  private func stockCode(of range: CardRange?) -> ResponseCode? {
    guard let range else { return .cardUnknown }
    if range.isVoided { return .cardVoided }
    return range.site.rawValue == 0 ? .cardNotShipped : nil
  }

  /// The range of the card stock that holds a card.
  private mutating func stockRange(of card: CardNumber) -> CardRange? {
    work.stockLookUps &+= 1
    return CardScheme.serial(of: card).flatMap { register.range(containing: $0) }
  }

  /// What keeps a site from activating a card, by the card stock alone.
  mutating func activationStockCode(of card: CardNumber, for site: SiteID) -> ResponseCode? {
    let range = stockRange(of: card)
    if let code = stockCode(of: range) { return code }
    return range?.site == site ? nil : .cardOfOtherSite
  }

  /// Marks a record as changed now by the caller; its position is that of the next record.
  func touch(_ record: inout EligibilityRecord, _ caller: Caller) {
    touch(&record, at: caller.now, by: caller.site.id)
  }

  /// Marks a record as changed; site 0 is the program's office.
  func touch(_ record: inout EligibilityRecord, at now: Instant, by site: SiteID) {
    record.version += 1
    record.lastPosition = nextPosition
    record.lastChange = now
    record.lastChangeSite = site
  }
}
