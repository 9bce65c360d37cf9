/// Counts by name at one moment, in the order in which people want to read them.
///
/// They are read one after the other while threads go on raising them: sums of different counts
/// need not agree to the last one.
public struct CounterListing: Sendable {
  public struct Entry: Hashable, Sendable {
    public let name: String
    public let value: UInt64
  }

  public private(set) var entries: [Entry] = []

  public init() {}

  /// Adds a count; a name that is here already gets the sum.
  public mutating func add(_ name: String, _ value: UInt64) {
    if let index = entries.firstIndex(where: { $0.name == name }) {
      entries[index] = Entry(name: name, value: entries[index].value + value)
    } else {
      entries.append(Entry(name: name, value: value))
    }
  }

  /// Adds the counts of a table under a prefix; what never happened is left out if asked for.
  public mutating func add<Key: CounterKey>(
    _ table: CounterTable<Key>, prefix: String = "", omittingZeros: Bool = false
  ) {
    for key in Key.allCases {
      let value = table[key]
      if !omittingZeros || value > 0 { add(prefix + key.counterName, value) }
    }
  }

  /// The count of a name; 0 for one that is not listed.
  public subscript(_ name: String) -> UInt64 {
    entries.first { $0.name == name }?.value ?? 0
  }

  /// One count on a line, behind its name.
  public var text: String {
    entries.map { "\($0.name) \($0.value)\n" }.joined()
  }
}
