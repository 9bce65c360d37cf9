import Foundation
import Testing
import TransactionModel

@testable import WireFormat

/// The files of Protocol/vectors.
private enum VectorFile {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Protocol/vectors")

  static let writesFiles = ProcessInfo.processInfo.environment["POSD_WRITE_VECTORS"] == "1"

  static func text(_ columns: String, _ rows: [String]) -> String {
    ([columns] + rows).joined(separator: "\n") + "\n"
  }

  static func contents(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// The cells of each row but the first; only a row's last cell has commas and quotes.
  static func rows(_ name: String) throws -> [[Substring]] {
    let lines = try contents(name).split(separator: "\n")
    let commaCount = lines.first?.count { $0 == "," } ?? 0
    return lines.dropFirst().map {
      $0.split(separator: ",", maxSplits: commaCount, omittingEmptySubsequences: false)
    }
  }
}

@Suite("The vector files", .serialized)
struct VectorFileTests {
  static let generatedValid = VectorFile.text(ValidVector.columns, ValidVector.all.map { $0.row })
  static let generatedRefused = VectorFile.text(
    RefusedVector.columns, RefusedVector.all.map { $0.row })

  @Test("are written anew with POSD_WRITE_VECTORS=1", .enabled(if: VectorFile.writesFiles))
  func writes() throws {
    for (name, text) in [
      ("valid.csv", Self.generatedValid), ("refused.csv", Self.generatedRefused),
    ] {
      try Data(text.utf8).write(to: VectorFile.folder.appending(path: name))
    }
  }

  @Test(
    "are what the generator makes", .disabled(if: VectorFile.writesFiles),
    arguments: ["valid.csv", "refused.csv"])
  func unchanged(name: String) throws {
    let generated = name == "valid.csv" ? Self.generatedValid : Self.generatedRefused
    let file = try VectorFile.contents(name).split(separator: "\n")
    let lines = generated.split(separator: "\n")
    for (inFile, made) in zip(file, lines) where inFile != made {
      Issue.record("\(name): \(inFile.prefix { $0 != "," }) is not what the generator makes")
    }
    #expect(file.count == lines.count)
  }

  @Test("give each row a name of its own", arguments: ["valid.csv", "refused.csv"])
  func names(name: String) throws {
    let rows = try VectorFile.rows(name)
    #expect(!rows.isEmpty)
    #expect(Set(rows.map { $0[0] }).count == rows.count)
  }

  @Test("cover every message in both directions, and refusals of every class")
  func coverage() throws {
    let names = Set(try VectorFile.rows("valid.csv").map { "\($0[2])" })
    for type in MessageType.allCases {
      #expect(names.contains("\(MessageLayout.request(type).name)"))
      #expect(names.contains("\(MessageLayout.reply(type).name)"))
    }
    #expect(names.contains("refusal"))
  }

  @Test("break every rule of the format at least once")
  func rules() throws {
    let rules = Set(try VectorFile.rows("refused.csv").compactMap { UInt16($0[4]) })
    #expect(rules == Set(1...14))
  }

  @Test("hold valid frames that decode, and encode to the same bytes")
  func valid() throws {
    for row in try VectorFile.rows("valid.csv") {
      let frame = try #require(bytes(hexadecimal: row[3]))
      switch parse(frame, row[1] == "request" ? .request : .reply) {
      case .request(let header, let body):
        #expect(encoded(header, body) == frame, "\(row[0])")
      case .reply(let reply):
        #expect(encoded(reply) == frame, "\(row[0])")
      case let other:
        Issue.record("\(row[0]): \(other)")
      }
    }
  }

  @Test("hold refused frames that are refused by the code, field and place that they name")
  func refused() throws {
    for row in try VectorFile.rows("refused.csv") {
      let frame = try #require(bytes(hexadecimal: row[1]))
      switch parse(frame, .request) {
      case .closed:
        #expect(row[5] == "close", "\(row[0])")
      case .refused(let refusal):
        #expect("\(refusal.code.rawValue)" == row[2], "\(row[0])")
        #expect("\(refusal.fieldNumber)" == row[3], "\(row[0])")
        #expect("\(refusal.ruleNumber)" == row[4], "\(row[0])")
        let offset = try #require(Int(row[5]))
        let layout = MessageType(rawValue: frame[3]).map { MessageLayout.request($0) }
        let fields = HeaderLayout.fields + (layout?.fields ?? [])
        let field = try #require(fields.first { $0.range.contains(offset) })
        #expect(field.number == refusal.fieldNumber, "\(row[0])")
      case let other:
        Issue.record("\(row[0]): \(other)")
      }
    }
  }
}
