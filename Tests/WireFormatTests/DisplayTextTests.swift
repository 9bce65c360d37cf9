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

  @Test("stand in a frame as the code table shows them, for every code", arguments: [true, false])
  func inFrames(isSpanish: Bool) {
    let dates = [CalendarDate.none, CalendarDate(trusted: 2026_04_09)]
    for number in UInt16.min...5_001 {
      let code = ResponseCode(rawValue: number)
      for date in dates {
        var shown = FrameBuffer()
        var expected = FrameBuffer()
        shown.begin(DeactivateReplyLayout.byteCount)
        expected.begin(DeactivateReplyLayout.byteCount)
        shown.setDisplay(
          OutcomeLayout.displayLine1, OutcomeLayout.displayLine2, code, spanish: isSpanish,
          date: date)
        expected.set(
          OutcomeLayout.displayLine1, OutcomeLayout.displayLine2,
          CodeTable.display(code, spanish: isSpanish, date: date))
        guard shown.array != expected.array else { continue }
        Issue.record("code \(number), \(date)")
      }
    }
  }

  @Test("write every number of four digits, as a year and as a month with its day")
  func digits() {
    for number in UInt32(0)...9_999 {
      for date in [
        CalendarDate(trusted: number * 10_000 + 9_999 - number), CalendarDate(trusted: number),
      ] {
        let digits = String(date.yyyymmdd)
        let padded = String(repeating: "0", count: 8 - digits.count) + digits
        let written = (0..<8).map { UInt8(truncatingIfNeeded: date.digits >> ($0 * 8)) }
        guard written != Array(padded.utf8) else { continue }
        Issue.record("\(padded)")
      }
    }
  }
}
