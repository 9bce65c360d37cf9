import ArgumentParser
import Installation

/// `posd serve`: the daemon itself.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve an installation until SIGTERM or SIGINT.",
    discussion: """
      Prints one line, `ready ADDRESS:PORT`, on standard output when it takes connections.
      """)

  @Option(help: "The configuration file.") var config: String

  @Flag(help: "Begin an empty audit log where there is none, as after its loss.")
  var beginAudit = false

  func run() throws {
    try Daemon.run(Configuration(file: config), file: config, beginsAudit: beginAudit)
  }
}
