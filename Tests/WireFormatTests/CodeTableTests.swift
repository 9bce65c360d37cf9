import Foundation
import Testing
import TransactionModel
import WireFormat

@Suite("The code table")
struct CodeTableTests {
  static let columns = [
    "code", "mnemonic", "class", "display_line_1_english", "display_line_2_english",
    "display_line_1_spanish", "display_line_2_spanish", "text_english", "text_spanish",
    "clerk_action", "repeat_helps",
  ]

  @Test("is Protocol/codes.csv, row by row")
  func equalsFile() throws {
    let file = try CommaSeparatedValues(named: "codes.csv")
    #expect(file.columns == Self.columns)
    let entries = CodeTable.classes + CodeTable.entries
    #expect(file.rows.count == entries.count)
    for (row, entry) in zip(file.rows, entries) {
      let compiled = Self.row(of: entry)
      for column in Self.columns where column != "code" || entry.code != nil {
        #expect(row[column] == compiled[column], "\(entry.mnemonic), \(column)")
      }
    }
  }

  @Test("has a row for every constant of ResponseCode, under its name")
  func hasEveryConstant() throws {
    let source = try String(
      contentsOf: ProtocolFolder.packageFolder.appending(
        path: "Sources/TransactionModel/ResponseCode.swift"), encoding: .utf8)
    var constants: [UInt16: String] = [:]
    for match in source.matches(of: /static var (\w+): ResponseCode { ResponseCode\((\d+)\) }/) {
      guard let number = UInt16(match.output.2), number != 0 else { continue }
      constants[number] = Self.capitals(String(match.output.1))
    }
    #expect(constants.count > 60)
    let rows = CodeTable.entries.compactMap { entry in
      entry.code.map { ($0.rawValue, entry.mnemonic) }
    }
    #expect(Dictionary(uniqueKeysWithValues: rows) == constants)
  }

  @Test("is sorted by code")
  func isSorted() {
    let codes = CodeTable.entries.compactMap { $0.code?.rawValue }
    #expect(codes == codes.sorted())
    #expect(codes.count == CodeTable.entries.count)
  }

  @Test("gives every code of a class without a row the row of the class, as the file's ranges say")
  func fallsBackToClass() throws {
    let file = try CommaSeparatedValues(named: "codes.csv")
    var ranges: [(ClosedRange<UInt16>, String)] = []
    for row in file.rows {
      let ends = (row["code"] ?? "").split(separator: "-").compactMap { UInt16($0) }
      if ends.count == 2 { ranges.append((ends[0]...ends[1], row["mnemonic"] ?? "")) }
    }
    #expect(ranges.count == ResponseClass.allCases.count - 1)
    let known = Dictionary(
      uniqueKeysWithValues: CodeTable.entries.map { ($0.code?.rawValue ?? 0, $0.mnemonic) })
    for number in UInt16.min...UInt16.max {
      let code = ResponseCode(rawValue: number)
      let expected =
        known[number] ?? ranges.first { $0.0.contains(number) }?.1 ?? "UNKNOWN"
      let entry = CodeTable.entry(for: code)
      guard entry.mnemonic != expected || entry.responseClass != code.responseClass else {
        continue
      }
      Issue.record("code \(number) has the row \(entry.mnemonic), not \(expected)")
    }
  }

  @Test("advises no repeat of an answer that is stored, or that the format rules out")
  func repeatAdvice() {
    for entry in CodeTable.entries {
      switch entry.responseClass {
      case .format, .declined, .approved, .cardAtFault: #expect(entry.repeatHelps == .no)
      case .system: #expect(entry.repeatHelps != .no)
      case .authority, .sequence, .unknown: break
      }
    }
  }

  @Test("names the fair hearing in the text of every criterion that can fail")
  func offersHearing() {
    for code in (UInt16(3010)...3016).map(ResponseCode.init(rawValue:)) {
      #expect(CodeTable.entry(for: code).textEnglish.contains("fair hearing"))
      #expect(CodeTable.entry(for: code).textSpanish.contains("audiencia imparcial"))
    }
  }

  @Test("shows the date where the text has a place for it, and nothing without a date")
  func showsDate() {
    let day = CalendarDate(trusted: 20_271_101)
    #expect(
      Self.lines(CodeTable.display(.eligible, spanish: false, date: day))
        == ["ELIGIBLE", "THROUGH 2027-11-01"])
    #expect(
      Self.lines(CodeTable.display(.deactivated, spanish: true, date: day))
        == ["DESACTIVADA", "HASTA 2027-11-01"])
    #expect(
      Self.lines(CodeTable.display(.notEligibleOnDate, spanish: false, date: .none))
        == ["NOT ELIGIBLE ON DATE", ""])
    #expect(
      Self.lines(CodeTable.display(.busy, spanish: false, date: day))
        == ["SYSTEM BUSY", "PLEASE WAIT"])
    #expect(
      Self.lines(CodeTable.display(ResponseCode(rawValue: 3399), spanish: true, date: day))
        == ["NO APROBADA", "VEA EL RECIBO"])
  }

  // MARK: Forms

  private static func row(of entry: CodeEntry) -> [String: String] {
    let english = lines(entry.english)
    let spanish = lines(entry.spanish)
    return [
      "code": entry.code.map { String($0.rawValue) } ?? "",
      "mnemonic": entry.mnemonic,
      "class": capitals("\(entry.responseClass)").lowercased(),
      "display_line_1_english": english[0],
      "display_line_2_english": english[1],
      "display_line_1_spanish": spanish[0],
      "display_line_2_spanish": spanish[1],
      "text_english": entry.textEnglish,
      "text_spanish": entry.textSpanish,
      "clerk_action": entry.clerkAction,
      "repeat_helps": entry.repeatHelps.rawValue,
    ]
  }

  /// Both lines without their padding; a byte that no display can show becomes a question mark.
  private static func lines(_ display: DisplayText) -> [String] {
    [display.line1, display.line2].map { line in
      var text = line.indices.map { (0x20...0x7E).contains(line[$0]) ? line[$0] : 0x3F }
      while text.last == 0x20 { text.removeLast() }
      return String(decoding: text, as: UTF8.self)
    }
  }

  /// `checkDigitWrong` becomes `CHECK_DIGIT_WRONG`.
  private static func capitals(_ name: String) -> String {
    name.reduce(into: "") { result, character in
      if character.isUppercase { result.append("_") }
      result.append(contentsOf: character.uppercased())
    }
  }
}
