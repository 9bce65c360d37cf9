import ArgumentParser
import Foundation
import Installation

/// The operators' tool.
@main
struct Posctl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "posctl",
    abstract: "Talk to a running posd, and inspect its logs.",
    discussion: """
      Ends with status 0 when it is done or sound, 1 when a rule refuses it, something is damaged \
      or a file has mistakes, 2 when it could not ask or look.
      """,
    subcommands: [
      Status.self, Find.self, Terminals.self, Audit.self, Log.self, SnapshotCommand.self,
      Backup.self, Restore.self, Policy.self, Cards.self, Card.self, Hearing.self, Outage.self,
      OperatorCommands.self, TerminalCommands.self, SiteCommands.self, ProviderCommands.self,
    ])

  /// Every fault of the command line ends with 2: nothing was looked at.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let status as ExitCode {
      Foundation.exit(status.rawValue)
    } catch {
      guard exitCode(for: error) != .success else { exit(withError: error) }
      StandardStreams.writeError(fullMessage(for: error) + "\n")
      Foundation.exit(LogVerdict.unseen.rawValue)
    }
  }
}

/// What an inspection found, as an exit status.
enum LogVerdict: Int32 {
  case sound = 0
  case damaged = 1
  case unseen = 2
}
