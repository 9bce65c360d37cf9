import Foundation
import TransactionModel

extension JSONValue: Encodable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }

  /// The value as JSON over several lines, members in the order of their names.
  public var text: String { text([.prettyPrinted]) }

  /// The value as JSON on one line.
  public var line: String { text([]) }

  private func text(_ formatting: JSONEncoder.OutputFormatting) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
    guard let data = try? encoder.encode(self) else { preconditionFailure("a number is no number") }
    return String(decoding: data, as: UTF8.self) + "\n"
  }
}

extension JSONValue: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self = .string(value) }
}

extension Roster {
  /// The roster as `init(json:file:)` reads it.
  public var json: JSONValue {
    .object([
      "sites": .array(sites.map(\.json)),
      "unshipped": .array(unshipped.map(\.json)),
      "voided": .array(voided.map(\.json)),
    ])
  }
}

extension RosterSite {
  fileprivate var json: JSONValue {
    .object([
      "npi": .integer(id.rawValue),
      "name": .string(name),
      "role": .string(role.name),
      "first_day": .string(firstDay.description),
      "gateway_vouches": .bool(vouchesForOperators),
      "gateway_certificate": .bool(hasGatewayCertificate),
      "terminals": .array(terminals.map { .integer($0.rawValue) }),
      "operators": .array(operators.map { .integer($0.rawValue) }),
      "cards": .array(cards.map(\.json)),
    ])
  }
}

extension CardSerials {
  fileprivate var json: JSONValue {
    .object(["first_serial": .integer(first), "count": .integer(count)])
  }
}
