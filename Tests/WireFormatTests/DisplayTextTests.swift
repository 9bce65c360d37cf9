import Testing
import TransactionModel

@testable import WireFormat

@Suite("Display lines")
struct DisplayTextTests {
  private func text(_ line: InlineArray<20, UInt8>) -> String {
    String(decoding: (0..<20).map { line[$0] }, as: UTF8.self)
  }

  private static let secondLines: [StaticString] = [
    "YYYY-MM-DD..........", ".YYYY-MM-DD.........", "..YYYY-MM-DD........",
    "...YYYY-MM-DD.......", "....YYYY-MM-DD......", ".....YYYY-MM-DD.....",
    "......YYYY-MM-DD....", ".......YYYY-MM-DD...", "........YYYY-MM-DD..",
    ".........YYYY-MM-DD.", "..........YYYY-MM-DD",
  ]

  @Test("show a date wherever its place stands in the second line", arguments: 0...10)
  func dates(start: Int) {
    let display = DisplayText("YYYY-MM-DD", Self.secondLines[start])
    let shown = display.showing(CalendarDate(trusted: 2026_04_09))
    let dots = String(repeating: ".", count: start)
    let rest = String(repeating: ".", count: 10 - start)
    #expect(text(shown.line2) == dots + "2026-04-09" + rest)
    #expect(text(shown.line1) == "YYYY-MM-DD          ")
  }

  @Test("stay as they are without a whole place for a date")
  func unchanged() {
    for display in [
      DisplayText("A", "12345678901YYYY-MM-D"), DisplayText("A", "YYYY-MM-DX"),
      DisplayText("12345678901234567890", ""),
    ] {
      let shown = display.showing(CalendarDate(trusted: 2026_04_09))
      #expect(text(shown.line1) == text(display.line1))
      #expect(text(shown.line2) == text(display.line2))
    }
  }
}
