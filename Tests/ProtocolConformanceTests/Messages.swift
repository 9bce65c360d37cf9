/// What a field holds.
enum Value: Equatable, Sendable, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  case number(UInt64)
  /// Without its padding.
  case text(String)
  case bytes([UInt8])

  init(integerLiteral value: UInt64) { self = .number(value) }
  init(stringLiteral value: String) { self = .text(value) }
}

/// The messages, by fields.csv and the table of clause 4.2.
struct Messages: Sendable {
  /// Number, request length and reply length of each message.
  static let types: [String: (number: UInt8, request: Int, reply: Int)] = [
    "sign_on": (0x01, 104, 144), "sign_off": (0x02, 48, 104), "echo": (0x03, 48, 104),
    "inquiry": (0x10, 72, 400), "activate": (0x20, 320, 160), "recertify": (0x21, 320, 160),
    "update": (0x22, 296, 160), "deactivate": (0x23, 72, 136), "reverse": (0x30, 64, 144),
    "last": (0x31, 56, 264),
  ]
  static let headerLength = 48
  static let refusalLength = 64

  private let fields: [String: [FieldRow]]

  init() throws { fields = Dictionary(grouping: try FieldRow.all(), by: \.message) }

  /// The fields of the header and of a body, such as `echo_reply` or `refusal`.
  func fields(of body: String) -> [FieldRow] {
    fields["header", default: []] + fields[body, default: []]
  }

  /// Lays out a request; what has no value is zero (5.3, 5.6).
  func request(
    _ message: String, _ values: [String: Value], flags: UInt64 = 0
  ) throws -> [UInt8] {
    guard let type = Self.types[message] else { throw ConformanceFailure("no \(message)") }
    var frame = [UInt8](repeating: 0, count: type.request)
    var values = values
    values["frame_length"] = .number(UInt64(type.request))
    values["protocol_version"] = 1
    values["message_type"] = .number(UInt64(type.number))
    values["flags"] = .number(flags)
    let rows = fields(of: "\(message)_request")
    var presence: UInt64 = 0
    for row in rows where values[row.name] != nil {
      if let bit = row.presenceBit { presence |= 1 << UInt64(bit) }
    }
    if rows.contains(where: { $0.name == "presence_map" }), values["presence_map"] == nil {
      values["presence_map"] = .number(presence)
    }
    for (name, value) in values {
      guard let row = rows.first(where: { $0.name == name }) else {
        throw ConformanceFailure("\(message) has no field \(name)")
      }
      frame.replaceSubrange(row.range, with: try Self.bytes(value, row))
    }
    return frame
  }

  private static func bytes(_ value: Value, _ row: FieldRow) throws -> [UInt8] {
    switch value {
    case .number(let number) where row.isNumber:
      return (0..<row.size).map {
        UInt8(truncatingIfNeeded: number >> UInt64(8 * (row.size - 1 - $0)))
      }
    case .text(let text) where row.isText && text.utf8.count <= row.size:
      return Array(text.utf8) + Array(repeating: 0x20, count: row.size - text.utf8.count)
    case .bytes(let bytes) where bytes.count <= row.size:
      return bytes + Array(repeating: 0, count: row.size - bytes.count)
    default:
      throw ConformanceFailure("\(row.name) is a \(row.type) of \(row.size) bytes")
    }
  }

  /// Reads the fields of a frame; an absent one is left out.
  func read(_ frame: [UInt8], as body: String) -> [String: Value] {
    let rows = fields(of: body)
    let map = rows.first { $0.name == "presence_map" }.map { Self.number(frame, $0) }
    var values: [String: Value] = [:]
    for row in rows {
      if let bit = row.presenceBit, let map, map >> UInt64(bit) & 1 == 0 { continue }
      values[row.name] =
        if row.isNumber {
          .number(Self.number(frame, row))
        } else if row.isText {
          .text(Self.text(frame, row))
        } else {
          .bytes(Array(frame[row.range]))
        }
    }
    return values
  }

  static func number(_ frame: [UInt8], _ row: FieldRow) -> UInt64 {
    frame[row.range].reduce(0) { $0 << 8 | UInt64($1) }
  }

  static func text(_ frame: [UInt8], _ row: FieldRow) -> String {
    var bytes = frame[row.range]
    while bytes.last == 0x20 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
