import ArgumentParser
import Foundation
import Installation
import LinuxSystem
import TransactionModel

/// A terminal on the command line.
@main
struct Posterm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "posterm",
    abstract: "A clinic's terminal: one request for each call, its answer as a receipt.",
    discussion: """
      posd init makes a profile for each terminal: terminals/ID/posterm.json.

      Ends with status 0 when the answer is approved, 1 when it is declined, 2 when the request \
      failed or was not answered, 3 when a change is kept: it was not answered yet, or was refused \
      until somebody does something, such as signing on.

      A change is kept on disk until it is answered. Each command first sends what is pending \
      before it; pending lists the changes, forward sends them, cancel undoes one. What became \
      of an earlier change is told on standard error.

      With --json the answer is one line: an object with "verdict" (approved, declined, failed), \
      "code", "mnemonic", "message", "stan", "transaction_time" (milliseconds since 1970 UTC), \
      "terminal", "operator", "log_position", "stored_reply", "training", "display" (two lines), \
      "text", "clerk_action", and what the message carries by its names in \
      Protocol/fields.csv. Without an answer it has "verdict" and "error", with a key also \
      "stan" and "transaction_time", and "kept" for a change. forward and cancel write one line \
      for each change, with "outcome": answered, refused, unknown, cancelled or held. Absent values are left out. A card is masked unless \
      --show-card is given; of a social security number the last four digits are shown. \
      What is wrong with the command itself is said on standard error only.
      """,
    subcommands: [
      SignOn.self, SignOff.self, Echo.self, Inquiry.self, Activate.self, Recertify.self,
      Update.self, Deactivate.self, Reverse.self, Last.self, Pending.self, Forward.self,
      Cancel.self,
    ])

  /// Every fault of the command line ends with 2, the status of what failed.
  static func main() {
    // Who reads may leave: what becomes of a change is noted nevertheless.
    ignoreBrokenPipe()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let status as ExitCode {
      Foundation.exit(status.rawValue)
    } catch {
      guard exitCode(for: error) != .success else { exit(withError: error) }
      StandardStreams.writeError(fullMessage(for: error) + "\n")
      Foundation.exit(Verdicts.failedStatus)
    }
  }
}

/// An option whose value is of no use; never with the value itself, which may be a client's.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
