/// A JSON object under construction: strings, numbers and objects, in the order given.
///
/// Names are written as they are: they come from this program and need no escapes.
public struct JSONObject: Sendable {
  private var members: [String] = []

  public init() {}

  public mutating func set(_ name: StaticString, _ text: String) {
    members.append("\"\(name)\":\(Self.quoted(text))")
  }

  public mutating func set(_ name: StaticString, _ number: UInt64) {
    members.append("\"\(name)\":\(number)")
  }

  public mutating func set(_ name: StaticString, _ value: Bool) {
    members.append("\"\(name)\":\(value)")
  }

  public mutating func set(_ name: StaticString, _ object: JSONObject) {
    members.append("\"\(name)\":\(object.text)")
  }

  /// Sets a number under a name that is made of lower case letters, digits and underscores.
  public mutating func set(counter name: String, _ number: UInt64) {
    members.append("\(Self.quoted(name)):\(number)")
  }

  /// The object on one line.
  public var text: String { "{" + members.joined(separator: ",") + "}" }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
