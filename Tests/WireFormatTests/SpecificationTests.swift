import Foundation
import Testing
import TransactionModel
import WireFormat

@Suite("SPECIFICATION.md")
struct SpecificationTests {
  let text: String
  let lines: [Substring]

  init() throws {
    text = try ProtocolFolder.text(of: "SPECIFICATION.md")
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  @Test("states type, lengths and flags of every message as its layout does")
  func statesMessages() {
    let stated = lines.filter { $0.hasPrefix("| 0x") && $0.split(separator: "|").count == 5 }
    let expected = MessageType.allCases.map { type in
      let request = MessageLayout.request(type)
      let name = "\(request.name)"
        .replacing("_request", with: "").replacing("_", with: "-")
      return "| 0x\(Self.hexadecimal(type.rawValue)) | \(name) | \(request.byteCount) | "
        + "\(MessageLayout.reply(type).byteCount) | "
        + "0x\(Self.hexadecimal(request.flags.rawValue)) |"
    }
    #expect(stated.map(String.init) == expected)
  }

  @Test("numbers its clauses without a gap")
  func numbersClauses() {
    var section = 0
    var clause = 0
    for line in lines {
      if let match = line.firstMatch(of: #/^## (\d+)\. /#) {
        section += 1
        clause = 0
        #expect(match.output.1 == "\(section)")
      } else if let match = line.firstMatch(of: #/^\*\*(\d+)\.(\d+)\*\* /#) {
        clause += 1
        #expect("\(match.output.1).\(match.output.2)" == "\(section).\(clause)")
      }
    }
    #expect(section == 22)
  }

  @Test("refers to clauses that are there")
  func refersToClauses() {
    let clauses = Set(text.matches(of: #/\*\*(\d+\.\d+)\*\*/#).map { $0.output.1 })
    // Versions of TLS and of the example's software look alike.
    let versions: Set<Substring> = ["1.0", "1.2", "1.3"]
    for match in text.matches(of: #/[( ](\d+\.\d+)[),;.:]/#) {
      let reference = match.output.1
      guard !clauses.contains(reference), !versions.contains(reference) else { continue }
      Issue.record("there is no clause \(reference)")
    }
  }

  @Test("names every code that is not of the format, and none that is not in codes.csv")
  func namesCodes() {
    let known = Set(CodeTable.entries.compactMap { $0.code?.rawValue }.filter { $0 >= 2000 })
    var named: Set<UInt16> = []
    // A hyphen would make it the year of a date; even hundreds are ends of ranges.
    for match in text.matches(of: #/[( ]((?:20[0-2]|25\d|30\d|35\d|38\d|40\d)\d)\b(?!-)/#) {
      if let code = UInt16(match.output.1), code % 100 != 0 { named.insert(code) }
    }
    #expect(named.subtracting(known).sorted() == [])
    for match in text.matches(of: #/\b(\d{4}) to (\d{4})\b/#) {
      guard let first = UInt16(match.output.1), let last = UInt16(match.output.2) else { continue }
      if first % 1000 != 0, first < last { named.formUnion(first...last) }
    }
    #expect(known.subtracting(named).sorted() == [])
  }

  @Test("prints the worked examples as the encoders make them", arguments: WorkedExamples.all)
  func printsExamples(_ example: WorkedExamples.Example) {
    let block = "```hex \(example.name)\n\(example.text)\n```"
    #expect(text.contains(block), "the specification lacks\n\(block)")
  }

  private static func hexadecimal(_ value: UInt8) -> String {
    (value < 16 ? "0" : "") + String(value, radix: 16, uppercase: true)
  }
}
