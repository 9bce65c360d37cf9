/// What is counted: one of a fixed set, each with a place in a table and a name for people.
public protocol CounterKey: CaseIterable, Sendable {
  /// Its place in a table: unique, below `CounterTable.capacity`.
  var counterIndex: Int { get }
  /// Lower case words joined by underscores, unique among the keys; it never changes.
  var counterName: String { get }
}

extension CounterKey where Self: RawRepresentable, RawValue == Int {
  @inlinable public var counterIndex: Int { rawValue }
}

extension CounterKey {
  public var counterName: String { Self.name(of: self) }

  /// The name of an enumeration's case, its words joined by underscores.
  public static func name(of enumerationCase: some Any) -> String {
    var name = ""
    var followsLowercase = false
    for character in String(describing: enumerationCase) {
      if character.isUppercase && followsLowercase { name += "_" }
      followsLowercase = !character.isUppercase
      name += character.lowercased()
    }
    return name
  }
}
