import Foundation

/// A table of the Protocol folder: rows by the names of the first line (RFC 4180, UTF-8, LF).
struct CommaSeparatedValues {
  let columns: [String]
  let rows: [[String: String]]

  /// Reads a file of the Protocol folder.
  init(named name: String) throws {
    let text = try ProtocolFolder.text(of: name)
    let records = try Self.records(in: text)
    guard let columns = records.first else { throw Fault.noHeader }
    self.columns = columns
    rows = try records.dropFirst().map { record in
      guard record.count == columns.count else { throw Fault.fieldCount(record) }
      return Dictionary(uniqueKeysWithValues: zip(columns, record))
    }
  }

  enum Fault: Error {
    case noHeader
    case fieldCount([String])
    case strayQuote(line: Int)
    case carriageReturn(line: Int)
    case noNewlineAtEnd
  }

  /// Divides a text into records; stricter than the format, so that any reader can read the file.
  static func records(in text: String) throws -> [[String]] {
    guard text.hasSuffix("\n") else { throw Fault.noNewlineAtEnd }
    var records: [[String]] = []
    var record: [String] = []
    var field = ""
    var isQuoted = false
    var wasQuoted = false
    for character in text.unicodeScalars {
      switch character {
      case "\r": throw Fault.carriageReturn(line: records.count + 1)
      case "\"" where isQuoted:
        isQuoted = false
      case "\"" where wasQuoted:
        field.unicodeScalars.append(character)
        isQuoted = true
      case "\"":
        guard field.isEmpty else { throw Fault.strayQuote(line: records.count + 1) }
        isQuoted = true
        wasQuoted = true
      case ",", "\n":
        if isQuoted {
          field.unicodeScalars.append(character)
        } else {
          record.append(field)
          (field, wasQuoted) = ("", false)
          if character == "\n" {
            records.append(record)
            record = []
          }
        }
      default:
        field.unicodeScalars.append(character)
      }
    }
    return records
  }
}

/// The Protocol folder of this package.
enum ProtocolFolder {
  static let packageFolder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func text(of name: String) throws -> String {
    try String(contentsOf: packageFolder.appending(path: "Protocol/\(name)"), encoding: .utf8)
  }
}
