import ArgumentParser

/// Prints what runs have appended to a results file.
struct TableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table", abstract: "Print a results file: tables with ratios, and the targets.")

  @Argument(help: "The results file.") var file: String

  func run() throws {
    let lines = try ResultsFile(path: file).lines()
    let table = ComparisonTable(lines.compactMap(\.load))
    if !table.text.isEmpty { print(table.text + "\n") }
    print(TargetTable(lines).text)
  }
}
