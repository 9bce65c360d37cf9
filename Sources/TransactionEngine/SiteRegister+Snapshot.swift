import TransactionModel
import WriteAheadLog

extension SiteRegister {
  /// Writes the register, each entry behind those that it rests on.
  func write(to writer: inout SnapshotWriter) throws(LogError) {
    var changes = providers.values.sorted { $0.id.rawValue < $1.id.rawValue }
      .map(RegisterChange.provider)
    changes += registeredSites.values.sorted { $0.id.rawValue < $1.id.rawValue }
      .map(RegisterChange.site)
    changes += terminals.values.sorted { $0.id.rawValue < $1.id.rawValue }
      .map(RegisterChange.terminal)
    changes += operators.values.sorted { $0.id.rawValue < $1.id.rawValue }
      .map(RegisterChange.operator)
    changes += stock.ranges.map(RegisterChange.cardRange) + outages.map(RegisterChange.outage)
    for change in changes {
      guard let kind = SnapshotRecordKind(rawValue: change.kind.rawValue) else {
        preconditionFailure("an entry of the register that no snapshot knows")
      }
      try writer.append(kind, RegisterChange.entryByteCountMax) { change.write(to: &$0) }
    }
    let sites = Set(shipments.keys).union(usedBlankCards.keys)
    for site in sites.sorted(by: { $0.rawValue < $1.rawValue }) {
      let shipped = shipments[site] ?? SiteShipments()
      let used = usedBlankCards[site] ?? 0
      try writer.append(.siteCards, 48) { output in
        output.put(site.rawValue)
        output.put(shipped.blankCount)
        output.put(used)
        output.put(shipped.cardsOfYear)
        output.put(shipped.blanksOfYear)
        output.put(shipped.year)
        output.put(UInt32(0))
      }
    }
  }

  mutating func restore(_ kind: SnapshotRecordKind, _ reader: inout RecordReader) -> Bool {
    guard let kind = kind.registerKind, let change = RegisterEntry.change(kind, &reader) else {
      return false
    }
    if case .cardRange(let range) = change {
      guard range.isSound else { return false }
      // How many were shipped when is in a record of its own.
      restore(range)
    } else {
      apply(change, on: .none)
    }
    return true
  }

  mutating func restoreCards(_ reader: inout RecordReader) -> Bool {
    guard let rawSite: UInt64 = reader.next(), let blanks: UInt64 = reader.next(),
      let used: UInt64 = reader.next(), let cardsOfYear: UInt64 = reader.next(),
      let blanksOfYear: UInt64 = reader.next(), let year: UInt32 = reader.next(),
      reader.skipZeros(4)
    else { return false }
    let site = SiteID(rawValue: rawSite)
    var shipped = SiteShipments()
    (shipped.blankCount, shipped.year) = (blanks, year)
    (shipped.cardsOfYear, shipped.blanksOfYear) = (cardsOfYear, blanksOfYear)
    shipments[site] = shipped
    if used > 0 { usedBlankCards[site] = used }
    return true
  }
}
