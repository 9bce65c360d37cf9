import PolicyFiles
import Testing

/// The records of a text: line and fields, or line and fault.
private func records(_ text: String) -> [String] {
  CSVDocument(Array(text.utf8)).records.map { record in
    "\(record.line) " + (record.fault ?? "\(record.fields)")
  }
}

@Suite("Comma-separated values")
struct CSVTests {
  @Test(
    "are read by RFC 4180",
    arguments: [
      ("", []), ("a", ["1 [\"a\"]"]), ("a,b\n", ["1 [\"a\", \"b\"]"]),
      ("a,b\r\nc,d\r\n", ["1 [\"a\", \"b\"]", "2 [\"c\", \"d\"]"]),
      ("a,\r\n,\n", ["1 [\"a\", \"\"]", "2 [\"\", \"\"]"]), ("a\r", ["1 [\"a\"]"]),
      ("\"a,b\",\"c\"\"d\"", ["1 [\"a,b\", \"c\\\"d\"]"]),
      ("\"a\nb\",c\nd,e", ["1 [\"a\\nb\", \"c\"]", "3 [\"d\", \"e\"]"]),
      ("\"\",x", ["1 [\"\", \"x\"]"]), ("a\n\n\nb", ["1 [\"a\"]", "4 [\"b\"]"]),
      ("\u{FEFF}a,b", ["1 [\"a\", \"b\"]"]), ("a b, c ", ["1 [\"a b\", \" c \"]"]),
      ("ñ,\"é\"", ["1 [\"ñ\", \"é\"]"]),
    ])
  func reads(text: String, expected: [String]) {
    #expect(records(text) == expected)
  }

  @Test(
    "have a fault where a rule is broken, and go on at the next line",
    arguments: [
      (
        "a\"b,c\nd",
        ["1 a quote or a carriage return stands in a field without quotes", "2 [\"d\"]"]
      ),
      (
        "a\rb\nd",
        ["1 a quote or a carriage return stands in a field without quotes", "2 [\"d\"]"]
      ),
      ("\"a\"b\nd", ["1 something stands behind a closing quote", "2 [\"d\"]"]),
      ("x\n\"a\nb\n", ["1 [\"x\"]", "2 a quote is never closed"]),
    ])
  func faults(text: String, expected: [String]) {
    #expect(records(text) == expected)
  }

  @Test("must be UTF-8")
  func encoding() {
    let records = CSVDocument([0x61, 0xE9, 0x0A, 0x62]).records
    #expect(records.map(\.fault) == ["not UTF-8", nil])
  }

  @Test(
    "are written so that they read back",
    arguments: [["a"], ["a,b", "c\"d\"", "e\nf", "\r\n", ""], ["", ""], ["ñ", " x "]])
  func writes(fields: [String]) {
    #expect(CSVDocument(Array(CSVDocument.line(fields).utf8)).records.map(\.fields) == [fields])
  }

  @Test("of a seed are read as they were written, and never trap when a byte is wrong")
  func seeded() {
    for seed in UInt64(1)...200 {
      var generator = SeededGenerator(seed: seed)
      let rows = (0..<5).map { _ in
        (0..<3).map { _ in
          String(
            (0..<Int.random(in: 0...4, using: &generator)).map { _ in
              ["a", ",", "\"", "\n", "\r", "é", " "].randomElement(using: &generator) ?? "x"
            }.joined())
        }
      }
      var bytes = Array(rows.map(CSVDocument.line).joined().utf8)
      #expect(CSVDocument(bytes).records.map(\.fields) == rows, "seed \(seed)")
      let place = bytes.indices.randomElement(using: &generator) ?? 0
      bytes[place] = UInt8.random(in: 0...255, using: &generator)
      _ = CSVDocument(bytes)
    }
  }
}
