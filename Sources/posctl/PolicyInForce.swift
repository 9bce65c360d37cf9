import ArgumentParser
import Installation

/// The command `posctl policy reload`.
struct PolicyReload: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reload",
    abstract: "Have a running posd read its policy directory again.",
    discussion: """
      A set of files with any mistake is refused, with every mistake, and the old set stays in \
      force. A good one decides from the next request on, and is kept whole in the log.
      """)

  @OptionGroup var daemon: DaemonOptions

  func run() throws {
    let answer = try daemon.ask("policy.reload")
    StandardStreams.write(daemon.json ? answer.line : PolicyStatus.text(answer))
  }
}

/// The command `posctl policy status`.
struct PolicyStatus: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show which policy files decide in a running posd.")

  @OptionGroup var daemon: DaemonOptions

  func run() throws {
    let answer = try daemon.ask("policy.status")
    StandardStreams.write(daemon.json ? answer.line : Self.text(answer))
  }

  /// What decides since when, then a line for each file, then what is wrong with the directory.
  static func text(_ answer: JSONValue) -> String {
    guard case .object(let members) = answer else { return "" }
    let isCompiledIn = members["compiled_in"] == .bool(true)
    var text = isCompiledIn ? "compiled in" : "files"
    if let since = members["since"] { text += ", since \(since.summary)" }
    if let directory = members["directory"] { text += ", directory \(directory.summary)" }
    text += "\n"
    if case .array(let files)? = members["files"] {
      text += TextTable(files, columns: ["version", "name"]).text
    }
    if case .array(let mistakes)? = members["mistakes"] {
      text += "REFUSED when last read:\n" + mistakes.map { "  \($0.summary)\n" }.joined()
    }
    return text
  }
}
