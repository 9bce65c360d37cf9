/// The lines of a receipt as they are put together: 40 columns, nothing cut off.
struct ReceiptPaper {
  static let columnCount = 40

  private(set) var lines: [String] = []

  var text: String { lines.joined(separator: "\n") + "\n" }

  mutating func addBlank() { lines.append("") }

  /// A line across; a blank before it would part it from nothing.
  mutating func addRule() {
    if lines.last == "" { lines.removeLast() }
    lines.append(String(repeating: "-", count: Self.columnCount))
  }

  /// Text in as many lines as it needs; those after the first are indented.
  mutating func add(_ text: String, indent: Int = 0) {
    for (index, line) in Self.wrapped(text, to: Self.columnCount - indent).enumerated() {
      lines.append((index == 0 ? "" : String(repeating: " ", count: indent)) + line)
    }
  }

  mutating func addCentred(_ text: String) {
    for line in Self.wrapped(text, to: Self.columnCount) {
      let margin = (Self.columnCount - line.count) / 2
      lines.append(String(repeating: " ", count: margin) + line)
    }
  }

  /// A label on the left and its value on the right, on two lines when one has no room.
  mutating func add(_ label: String, _ value: String) {
    let gap = Self.columnCount - label.count - value.count
    if gap > 0 {
      lines.append(label + String(repeating: " ", count: gap) + value)
    } else {
      add(label)
      let margin = max(0, Self.columnCount - value.count)
      add(String(repeating: " ", count: margin) + value)
    }
  }

  /// Breaks at spaces, and inside a word only when it is longer than a line.
  static func wrapped(_ text: String, to columnCount: Int) -> [String] {
    guard text.count > columnCount else { return [text] }
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      var word = word
      if !line.isEmpty, line.count + 1 + word.count <= columnCount {
        line += " " + word
        continue
      }
      if !line.isEmpty { lines.append(line) }
      while word.count > columnCount {
        lines.append(String(word.prefix(columnCount)))
        word = word.dropFirst(columnCount)
      }
      line = String(word)
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }
}
