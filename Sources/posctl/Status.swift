import ArgumentParser
import Installation

/// The command `posctl status`.
struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show how a running posd is.",
    discussion: "Give the configuration file, or the socket it names.")

  @OptionGroup var daemon: DaemonOptions

  func run() throws {
    let answer = try daemon.ask("status")
    StandardStreams.write(daemon.json ? answer.line : Self.table(answer))
  }

  /// One line for each value, names in a column.
  static func table(_ answer: JSONValue) -> String {
    let values = answer.leaves.filter { $0.name != "policy.files" }
    let width = values.map(\.name.count).max() ?? 0
    return values.map { name, value in
      "\(name)\(String(repeating: " ", count: width - name.count + 2))\(value.summary)\n"
    }.joined()
  }
}
