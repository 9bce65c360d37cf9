import Foundation

/// A table of the Protocol folder, read as clause 1.8 says: RFC 4180, UTF-8, LF, names first.
struct Table {
  let rows: [[String: String]]

  init(_ name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Protocol/\(name)")
    var records = Self.records(try String(contentsOf: file, encoding: .utf8))
    let names = records.removeFirst()
    rows = records.map { Dictionary(uniqueKeysWithValues: zip(names, $0)) }
  }

  private static func records(_ text: String) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    // Every second piece lies between quotes; an empty one between two such is a quote.
    var cell = ""
    for (index, piece) in text.components(separatedBy: "\"").enumerated() {
      if index % 2 == 1 {
        cell += piece
        continue
      }
      if piece.isEmpty, index > 0 { cell += "\"" }
      for character in piece {
        switch character {
        case ",":
          record.append(cell)
          cell = ""
        case "\n":
          records.append(record + [cell])
          (record, cell) = ([], "")
        default:
          cell.append(character)
        }
      }
    }
    return records
  }
}
