import TransactionModel

/// A number that the register gives, and of which no two are the same.
protocol Identifier: Hashable, BitwiseCopyable {
  var rawValue: UInt64 { get }
}

extension TerminalID: Identifier {}
extension OperatorID: Identifier {}
extension SiteID: Identifier {}

/// From identifiers to what belongs to them; a look-up costs a multiplication and, nearly always,
/// one comparison.
///
/// A dictionary guards against keys that are chosen to collide, and every request would pay for that
/// several times; these are given out by the program's office. Entries lie in the order in which they
/// were made, none is ever taken out, and the table that leads to them is at most half full.
struct IdentifierTable<Key: Identifier, Value>: Sequence {
  private var entries: [(key: Key, value: Value)] = []
  /// One more than the place of an entry; 0 is free.
  private var table = [UInt32](repeating: 0, count: 64)

  var count: Int { entries.count }
  var values: [Value] { entries.map(\.value) }

  func makeIterator() -> some IteratorProtocol<(key: Key, value: Value)> {
    entries.makeIterator()
  }

  /// Where what belongs to an identifier is, for as long as the table is; nil if nothing does.
  func place(of key: Key) -> Int? {
    let place = table[position(of: key)]
    return place == 0 ? nil : Int(place) - 1
  }

  /// Changes what lies at a place where it lies.
  @inline(__always)
  mutating func change<Result>(at place: Int, _ body: (inout Value) -> Result) -> Result {
    body(&entries[place].value)
  }

  /// Reads what lies at a place where it lies: a subscript would copy it.
  @inline(__always)
  func read<Result>(at place: Int, _ body: (borrowing Value) -> Result) -> Result {
    body(entries.span[place].value)
  }

  /// The place of an identifier, which gets a value there if it has none.
  mutating func place(of key: Key, orInsert value: @autoclosure () -> Value) -> Int {
    if let place = place(of: key) { return place }
    self[key] = value()
    return entries.count - 1
  }

  /// What belongs to an identifier; it can be replaced, but not taken away.
  subscript(key: Key) -> Value? {
    get {
      let place = table[position(of: key)]
      return place == 0 ? nil : entries[Int(place) - 1].value
    }
    set {
      guard let newValue else { preconditionFailure("an entry was taken away") }
      let position = position(of: key)
      if table[position] > 0 {
        entries[Int(table[position]) - 1].value = newValue
        return
      }
      entries.append((key, newValue))
      table[position] = UInt32(entries.count)
      if entries.count * 2 > table.count { grow() }
    }
  }

  /// Where in the table an identifier is, or would be.
  private func position(of key: Key) -> Int {
    var position = Int(truncatingIfNeeded: (key.rawValue &* 0x9E37_79B9_7F4A_7C15) >> 32)
    while true {
      position &= table.count - 1
      let place = table[position]
      if place == 0 || entries[Int(place) - 1].key.rawValue == key.rawValue { return position }
      position += 1
    }
  }

  private mutating func grow() {
    table = Array(repeating: 0, count: table.count * 2)
    for (index, entry) in entries.enumerated() {
      table[position(of: entry.key)] = UInt32(index + 1)
    }
  }
}
