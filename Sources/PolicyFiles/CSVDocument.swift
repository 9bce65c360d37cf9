/// Comma-separated values by RFC 4180: records of fields, each with the line that it begins on.
///
/// Lines end with CR LF or LF. A quoted field may hold commas, quotes (doubled) and line ends. A
/// byte order mark at the front is passed over, and so are empty lines. What breaks a rule is a
/// fault of its record; the next line is read again.
package struct CSVDocument {
  package struct Record {
    /// From 1 on.
    package var line: Int
    package var fields: [String]
    /// What is wrong with its form; its fields are then not to be used.
    package var fault: String?
  }

  package private(set) var records: [Record] = []

  package init(_ bytes: [UInt8]) {
    var scanner = Scanner(bytes)
    while let record = scanner.nextRecord() {
      let isEmptyLine = record.fields == [""] && record.fault == nil
      if !isEmptyLine { records.append(record) }
    }
  }

  /// A record as one line, with quotes where they are needed.
  package static func line(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\n"
  }

  private static func quoted(_ field: String) -> String {
    guard field.utf8.contains(where: { $0 == .comma || $0 == .quote || $0 < 0x20 }) else {
      return field
    }
    var text = "\""
    for character in field.unicodeScalars {
      if character == "\"" { text.unicodeScalars.append("\"") }
      text.unicodeScalars.append(character)
    }
    return text + "\""
  }
}

/// Walks over the bytes once, record by record.
private struct Scanner {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func nextRecord() -> CSVDocument.Record? {
    guard next != nil else { return nil }
    var record = CSVDocument.Record(line: line, fields: [])
    do throws(Fault) {
      record.fields.append(try field())
      while next == .comma {
        position += 1
        record.fields.append(try field())
      }
      try endOfLine()
    } catch {
      record.fault = error.reason
      skipLine()
    }
    return record
  }

  private mutating func field() throws(Fault) -> String {
    guard next == .quote else {
      let start = position
      while let byte = next, byte != .comma, byte != .lineFeed {
        // A carriage return belongs to the line's end, and nowhere else outside quotes.
        if byte == .carriageReturn, isEndOfLine(at: position) { break }
        guard byte != .quote, byte != .carriageReturn else {
          throw Fault("a quote or a carriage return stands in a field without quotes")
        }
        position += 1
      }
      return try text(bytes[start..<position])
    }
    position += 1
    var content: [UInt8] = []
    while let byte = next {
      position += 1
      if byte == .quote {
        guard next == .quote else { return try text(content[...]) }
        position += 1
      }
      if byte == .lineFeed { line += 1 }
      content.append(byte)
    }
    throw Fault("a quote is never closed")
  }

  private func isEndOfLine(at position: Int) -> Bool {
    position + 1 == bytes.count || bytes[position + 1] == .lineFeed
  }

  private mutating func endOfLine() throws(Fault) {
    if next == .carriageReturn, isEndOfLine(at: position) { position += 1 }
    guard let byte = next else { return }
    guard byte == .lineFeed else { throw Fault("something stands behind a closing quote") }
    position += 1
    line += 1
  }

  private mutating func skipLine() {
    while let byte = next {
      position += 1
      if byte == .lineFeed {
        line += 1
        return
      }
    }
  }

  private func text(_ bytes: ArraySlice<UInt8>) throws(Fault) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Fault("not UTF-8")
    }
    return text
  }

  private struct Fault: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }
}

extension UInt8 {
  fileprivate static let lineFeed: UInt8 = 0x0A
  fileprivate static let carriageReturn: UInt8 = 0x0D
  fileprivate static let quote: UInt8 = 0x22
  fileprivate static let comma: UInt8 = 0x2C
}
