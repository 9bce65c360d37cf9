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
    work.stockLookUps &+= 1
    guard let serial = CardScheme.serial(of: card),
      let range = register.range(containing: serial)
    else { return .cardUnknown }
    if range.isVoided { return .cardVoided }
    return range.site.rawValue == 0 ? .cardNotShipped : nil
  }

  /// What keeps a site from activating a card, by the card stock alone.
  mutating func activationStockCode(of card: CardNumber, for site: SiteID) -> ResponseCode? {
    if let code = stockCode(of: card) { return code }
    guard let serial = CardScheme.serial(of: card),
      let range = register.range(containing: serial)
    else { return .cardUnknown }
    return range.site == site ? nil : .cardOfOtherSite
  }

  /// Marks a record as changed now by the caller; its position is that of the next record.
  func touch(_ record: inout EligibilityRecord, _ caller: Caller) {
    record.version += 1
    record.lastPosition = nextPosition
    record.lastChange = caller.now
    record.lastChangeSite = caller.site.id
  }
}

/// Whether two forms are of the same client: equal birth dates and equal normalised last and first
/// names (SPECIFICATION.md, "The same client").
///
/// Normalised: ASCII letters in upper case, without spaces, hyphens, apostrophes and full stops.
enum ClientIdentity {
  static func isSame(_ one: ClientForm, _ other: ClientForm) -> Bool {
    one.number(.birthDate) == other.number(.birthDate)
      && isSameName(.lastName, one, other) && isSameName(.firstName, one, other)
  }

  private static func isSameName(
    _ field: ClientField, _ one: ClientForm, _ other: ClientForm
  ) -> Bool {
    let layout = field.layout
    let end = layout.offset + layout.byteCount
    var left = layout.offset
    var right = layout.offset
    while true {
      let first = nextLetter(one.block, &left, end)
      let second = nextLetter(other.block, &right, end)
      guard first == second else { return false }
      if first == nil { return true }
    }
  }

  private static func nextLetter(
    _ block: InlineArray<216, UInt8>, _ offset: inout Int, _ end: Int
  ) -> UInt8? {
    while offset < end {
      let byte = block[offset]
      offset += 1
      switch byte {
      case 0, 0x20, 0x27, 0x2D, 0x2E: continue
      case 0x61...0x7A: return byte - 0x20
      default: return byte
      }
    }
    return nil
  }
}
