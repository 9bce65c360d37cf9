import TransactionModel
import WireFormat

/// A field of a layout in the words of Protocol/fields.csv, its meaning left out.
struct FieldRow: Equatable, CustomStringConvertible {
  static let columns = [
    "message", "number", "field", "offset", "size", "type", "values", "presence_bit", "required",
    "clearable",
  ]

  /// In the order of `columns`.
  let cells: [String]

  init(_ field: Field, of message: String) {
    cells = [
      message, String(field.number), "\(field.name)", String(field.offset),
      String(field.byteCount), Self.type(of: field), Self.values(of: field.content),
      field.presenceBit.map { String($0) } ?? "",
      field.presenceBit == nil ? "always" : field.isRequired ? "yes" : "no",
      field.isClearable ? "yes" : "no",
    ]
  }

  init(cells: [String]) { self.cells = cells }

  var description: String { cells.joined(separator: ",") }

  /// Every row of the file in its order: the header, each request and its reply, the refusal.
  static var all: [FieldRow] {
    var rows = HeaderLayout.fields.map { FieldRow($0, of: "header") }
    for type in MessageType.allCases {
      for layout in [MessageLayout.request(type), MessageLayout.reply(type)] {
        rows += layout.fields.map { FieldRow($0, of: "\(layout.name)") }
      }
    }
    rows += MessageLayout.refusal.fields.map { FieldRow($0, of: "refusal") }
    return rows
  }

  private static func type(of field: Field) -> String {
    switch field.content {
    case .number, .identifier, .range, .county, .bits: "u\(field.byteCount * 8)"
    case .reserved: "\(field.name)".hasPrefix("reserved") ? "zero" : "u\(field.byteCount * 8)"
    case .date, .dateOrNone: "date"
    case .opaque: "bytes"
    case .text: "text"
    case .ascii: "ascii"
    case .card, .benefitsCard, .cardOrBlank: "card"
    case .confirmationOrBlank: "confirmation"
    case .retroactiveClaim: "claim"
    }
  }

  private static func values(of content: FieldContent) -> String {
    switch content {
    case .number, .opaque: "any"
    case .identifier: "not 0"
    case .range(let lowest, let highest):
      lowest == highest ? "\(lowest)" : "\(lowest)..\(highest)"
    case .county: "1..58|99"
    case .bits(let mask): "bits 0x" + String(mask, radix: 16, uppercase: true)
    case .date: "day"
    case .dateOrNone: "0|day"
    case .reserved: "0"
    case .text: "UTF-8"
    case .ascii: "0x20..0x7E"
    case .card: "HAP|BIC"
    case .benefitsCard: "BIC"
    case .cardOrBlank: "HAP|BIC|blank"
    case .confirmationOrBlank: "confirmation|blank"
    case .retroactiveClaim: "claim"
    }
  }
}
