import ArgumentParser
import Foundation
import Installation
import LoadTest

/// The load-test client: `posload run` and `posload verify`.
@main
struct Posload: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "posload",
    abstract: "Load a test installation, and hold it to every answer.",
    discussion: """
      Ends with status 0 when every answer was right; 1 when one was wrong, missing, or a journal \
      does not hold; 2 when the test did not run or did not come to its end; 3 when a threshold of \
      --fail-if was passed.
      """,
    subcommands: [Run.self, Verify.self])

  static let wrongStatus: Int32 = 1
  static let failedStatus: Int32 = 2
  static let thresholdStatus: Int32 = 3

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let status as ExitCode {
      Foundation.exit(status.rawValue)
    } catch {
      guard exitCode(for: error) != .success else { exit(withError: error) }
      StandardStreams.writeError(fullMessage(for: error) + "\n")
      Foundation.exit(failedStatus)
    }
  }
}
