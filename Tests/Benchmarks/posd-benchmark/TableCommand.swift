import ArgumentParser
import Foundation

/// Prints what runs have appended to a results file.
struct TableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table", abstract: "Print a results file as a table with ratios.")

  @Argument(help: "The results file.") var file: String

  func run() throws {
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    let results = try lines.map { line in
      try JSONDecoder().decode(LoadResult.self, from: Data(line.utf8))
    }
    print(ComparisonTable(results).text)
  }
}
