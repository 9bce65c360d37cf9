import Foundation
import ProgramSupport
import Testing

/// The benchmarks as they are run, for a few seconds: the figures mean nothing.
@Suite("Tests/Benchmarks/run", .serialized)
struct BenchmarkTests {
  static let script = Program(path: root + "/Tests/Benchmarks/run")
  static let programs = URL(filePath: Program.posd.path).deletingLastPathComponent()
    .path(percentEncoded: false)
  static let patienceSeconds = 600

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path(percentEncoded: false)

  static func run(_ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
    try script.run(["--smoke", "--programs", programs] + arguments, within: patienceSeconds)
  }

  /// The lines of the last table: those of targets, by their first column.
  static func targets(_ output: String) -> [String: String] {
    let lines = output.split(separator: "\n").drop { !$0.hasPrefix("row ") }
    return Dictionary(
      lines.dropFirst().compactMap { line in
        line.firstRange(of: "  ").map { range in
          (String(line[..<range.lowerBound]), String(line[range.upperBound...]))
        }
      }, uniquingKeysWith: { $1 })
  }

  @Test("measures every row, and says what it must be")
  func all() throws {
    let ended = try Self.run([])
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    let targets = Self.targets(ended.output)
    #expect(targets.count == 20, "\(ended.output)")
    let hasRedis = Program.tool("redis-server") != nil
    for (row, rest) in targets where hasRedis || !row.localizedStandardContains("redis") {
      #expect(!rest.contains("not measured"), "\(row)")
      #expect(rest.contains(".."), "\(row)")
    }
  }

  @Test("measures only the rows that are asked for, and knows no others")
  func chosen() throws {
    let ended = try Self.run(["--rows", "codec"])
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    let measured = Self.targets(ended.output).filter { !$0.value.contains("not measured") }
    #expect(measured.keys.sorted() == ["parse an inquiry and encode its answer"])
    #expect(try Self.run(["--rows", "lunch"]).status == 2)
  }
}
