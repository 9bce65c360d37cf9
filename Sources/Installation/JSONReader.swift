/// Reads the members of JSON objects and gathers every mistake with its place.
public struct JSONReader {
  public private(set) var mistakes: [Mistake] = []

  public init() {}

  public mutating func report(_ place: String, _ wanted: String) {
    mistakes.append(Mistake(place, wanted))
  }

  /// The members of an object, none of which may have another name than those listed.
  public mutating func members(
    of value: JSONValue, at place: String, names: [String]
  ) -> [String: JSONValue]? {
    guard case .object(let members) = value else {
      report(place, "an object is wanted")
      return nil
    }
    for name in members.keys.sorted() where !names.contains(name) {
      report(Self.join(place, name), "unknown; known are \(names.joined(separator: ", "))")
    }
    return members
  }

  /// The elements of an array with the place of each; none for a value that is absent.
  public mutating func elements(
    of value: JSONValue?, at place: String
  ) -> [(place: String, value: JSONValue)] {
    guard let value else { return [] }
    guard case .array(let elements) = value else {
      report(place, "a list is wanted")
      return []
    }
    return elements.enumerated().map { ("\(place)[\($0.offset)]", $0.element) }
  }

  /// A decimal number in a range.
  public mutating func number(
    _ value: JSONValue?, at place: String, in range: ClosedRange<UInt64>
  ) -> UInt64? {
    if case .integer(let number) = value, range.contains(number) { return number }
    report(place, "a number from \(range.lowerBound) to \(range.upperBound) is wanted")
    return nil
  }

  public mutating func text(_ value: JSONValue?, at place: String) -> String? {
    if case .string(let text) = value, !text.isEmpty { return text }
    report(place, "a text is wanted")
    return nil
  }

  /// A truth value, false when absent.
  public mutating func truth(_ value: JSONValue?, at place: String) -> Bool {
    guard let value else { return false }
    if case .bool(let truth) = value { return truth }
    report(place, "true or false is wanted")
    return false
  }

  public static func join(_ place: String, _ name: String) -> String {
    place.isEmpty ? name : "\(place).\(name)"
  }
}
