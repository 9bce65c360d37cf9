/// One field of one message, by fields.csv (clauses 1.9 and 1.10).
struct FieldRow: Sendable {
  let message: String
  let number: Int
  let name: String
  let offset: Int
  let size: Int
  let type: String
  let values: String
  let presenceBit: Int?

  init(_ row: [String: String]) throws {
    func text(_ column: String) throws -> String {
      guard let cell = row[column] else { throw ConformanceFailure("no column \(column)") }
      return cell
    }
    func number(_ column: String) throws -> Int {
      guard let number = Int(try text(column)) else {
        throw ConformanceFailure("\(try text(column)) is no number")
      }
      return number
    }
    message = try text("message")
    self.number = try number("number")
    name = try text("field")
    offset = try number("offset")
    size = try number("size")
    type = try text("type")
    values = try text("values")
    presenceBit = try text("presence_bit").isEmpty ? nil : number("presence_bit")
  }

  var range: Range<Int> { offset..<(offset + size) }

  var isNumber: Bool { ["u8", "u16", "u32", "u64", "date"].contains(type) }

  /// Whether the field is padded with spaces: text and what is made of its characters.
  var isText: Bool { ["text", "ascii", "card", "confirmation"].contains(type) }

  /// Every field of every message.
  static func all() throws -> [FieldRow] {
    try Table("fields.csv").rows.map(FieldRow.init)
  }
}

/// What the folder does not say, or the server does not keep.
struct ConformanceFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
