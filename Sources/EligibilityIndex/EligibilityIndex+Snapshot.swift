/// What a snapshot carries of an index, and how it is filled from one.
///
/// Records go in the order of their places, keys as the entries of their table: which records a key
/// leads to is history too, because no more than a few are kept under one that many share.
extension EligibilityIndex {
  /// The seed that the keys' fingerprints were made with.
  public var seed: UInt64 { hashSeed }

  /// All entries of the keys' table, in an order that follows from what they are.
  public func keyEntries() -> [UInt64] { keys.sortedEntries() }

  /// Makes room for so many keys at once.
  public mutating func reserveKeys(_ count: Int) { keys.reserve(count) }

  /// Adds an entry of a keys' table; false when it leads to no record.
  public mutating func appendKey(_ entry: UInt64) -> Bool {
    let ordinal = Int(UInt32(truncatingIfNeeded: entry))
    guard (1...max(1, count)).contains(ordinal), ordinal <= count else { return false }
    keys.append(entry)
    return true
  }
}

extension FingerprintTable {
  func sortedEntries() -> [UInt64] {
    // By the place that each has in the smallest table, so that filling one goes through memory
    // once.
    let mask = UInt64(Self.entryCount(for: count) - 1)
    var all: [UInt64] = []
    all.reserveCapacity(count)
    forEach { all.append($0) }
    return all.sorted {
      let (one, other) = ($0 >> 32 & mask, $1 >> 32 & mask)
      return one == other ? $0 < $1 : one < other
    }
  }
}
