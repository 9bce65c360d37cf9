import ArgumentParser
import Installation

/// The command `posctl terminals`.
struct Terminals: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what was heard of each terminal.",
    discussion: """
      Figures are since posd's start. `missing` are trace numbers that a terminal jumped over and \
      that have not come since, in so many `gaps`; a number that came only in a request that broke \
      the format is missing too. Counting begins with the first number that is new to the log: what \
      was only asked, and changed nothing, is not in it. A gap of 1,000 or more is what a terminal \
      leaves that has lost its memory.
      """)

  private static let columns = [
    "id", "site", "state", "last_seen", "newest_stan", "missing", "gaps", "requests", "changes",
    "repeats", "refusals", "stored_answers", "certificate",
  ]

  @Option(help: "Only the terminals of this site.") var site: UInt64?
  @OptionGroup var daemon: DaemonOptions

  func run() throws {
    var arguments: [String: JSONValue] = [:]
    if let site { arguments["site"] = .integer(site) }
    try daemon.list("terminals.report", arguments, columns: Self.columns)
  }
}
