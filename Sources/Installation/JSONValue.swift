import Foundation

/// A value of a JSON text, with its kind as it was written: `1` is no truth value, `"1"` no number.
public enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(UInt64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// Reads a text; Foundation does not tell where it goes wrong.
  public init(parsing bytes: [UInt8]) throws(Mistake) {
    do {
      self = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
    } catch {
      throw Mistake("", "not a JSON text: look at its commas, quotes and brackets")
    }
  }

  /// All values that are not objects, with dots between the levels of their names.
  public var leaves: [(name: String, value: JSONValue)] {
    guard case .object(let members) = self else { return [] }
    return members.sorted { $0.key < $1.key }.flatMap { name, value in
      guard case .object = value else { return [(name, value)] }
      return value.leaves.map { ("\(name).\($0.name)", $0.value) }
    }
  }

  /// The value for people: a text without quotes, the elements of a list with commas.
  public var summary: String {
    switch self {
    case .null: "-"
    case .bool(let value): value ? "yes" : "no"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): value
    case .array(let values): values.map(\.summary).joined(separator: ", ")
    case .object: ""
    }
  }
}

extension JSONValue: Decodable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(UInt64.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }
}
