import ArgumentParser
import Installation

/// `posctl log`: reads a log without the daemon, also while it runs.
struct Log: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Inspect a log.", subcommands: [Verify.self, Dump.self])

  /// The command `posctl log verify`.
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check every batch of a log, its chain and its end.")

    @Argument(help: "The log's directory.") var directory: String

    func run() throws {
      throw ExitCode(try LogInspection.verify(directory).rawValue)
    }
  }

  /// The command `posctl log dump`.
  struct Dump: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the records of a log, one line each; personal data is masked.")

    @Argument(help: "The log's directory.") var directory: String

    @Option(help: "The first position to print.") var from: UInt64 = 1

    @Option(help: "How many records to print at most.") var limit: Int = .max

    func run() throws {
      throw ExitCode(try LogInspection.dump(directory, from: from, limit: limit).rawValue)
    }
  }
}
