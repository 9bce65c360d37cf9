import ArgumentParser
import Foundation
import Installation

/// The daemon's command line.
@main
struct Posd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "posd",
    abstract: "A point-of-service transaction daemon for health-access cards.",
    discussion: """
      Begin with `posd demo`, or make an installation with `posd init` and serve it with \
      `posd serve`.
      """,
    subcommands: [Init.self, Check.self, Serve.self, Demo.self, MakeSnapshot.self])

  /// Ends with status 0, or with 2 whatever went wrong: 64 of the parser is no status of ours.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      finish(error)
    }
  }

  /// Prints what an error says, and ends; a request for help is none.
  private static func finish(_ error: any Error) -> Never {
    guard exitCode(for: error) == .success else {
      let message = fullMessage(for: error)
      if !message.isEmpty { StandardStreams.writeError(message + "\n") }
      Foundation.exit(error is ExitCode ? exitCode(for: error).rawValue : 2)
    }
    exit(withError: error)
  }
}
