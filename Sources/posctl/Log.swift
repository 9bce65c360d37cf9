import ArgumentParser
import Installation
import WriteAheadLog

/// `posctl log`: reads a log without the daemon, also while it runs.
struct Log: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Inspect a log, prove it, and save what is whole of a damaged one.",
    subcommands: [
      Verify.self, Dump.self, Stat.self, Head.self, Prove.self, Repair.self, Key.self,
    ])

  /// The command `posctl log verify`.
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check every batch of a log, its chain and its end.",
      discussion: "Without the keys, all but the records of an encrypted log is checked.")

    @Argument(help: "The log's directory.") var directory: String

    @OptionGroup var keys: LogKeyOptions

    func run() throws {
      throw ExitCode(try LogInspection.verify(directory, try keys.keyring()).rawValue)
    }
  }

  /// The command `posctl log dump`.
  struct Dump: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the records of a log, one line each; personal data is masked.",
      discussion: """
        Of a damaged log, which ends with status 1, what is whole is printed: of each segment whose \
        header is, all up to the damage.
        """)

    @Argument(help: "The log's directory.") var directory: String

    @Option(help: "The first position to print.") var from: UInt64 = 1

    @Option(help: "How many records to print at most.") var limit: Int = .max

    @OptionGroup var keys: LogKeyOptions

    func run() throws {
      let verdict = try LogInspection.dump(
        directory, try keys.keyring() ?? .none, from: from, limit: limit)
      throw ExitCode(verdict.rawValue)
    }
  }

  /// The command `posctl log stat`.
  struct Stat: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print a log in figures, and its segments.")

    @Argument(help: "The log's directory.") var directory: String

    func run() throws { throw ExitCode(try LogInspection.stat(directory).rawValue) }
  }

  /// The command `posctl log head`.
  struct Head: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the end of the log's chain of digests.",
      discussion: """
        One line that names every byte of the log. Note it where nobody who keeps the log can reach \
        it; `posctl log prove --head` tells later whether the log still holds the same. With the \
        keys the line is signed.
        """)

    @Argument(help: "The log's directory.") var directory: String

    @OptionGroup var keys: LogKeyOptions

    func run() throws {
      throw ExitCode(try LogInspection.head(directory, try keys.keyring() ?? .none).rawValue)
    }
  }

  /// The command `posctl log prove`.
  struct Prove: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prove that a noted head, a position or a confirmation number belongs to a log.",
      discussion: """
        Ends with status 0 when it does, 1 when it does not or the log is damaged, 2 when the log \
        does not reach back so far. With a confirmation number a head may be given too, which must \
        be newer than what the number was given for. Only with the log's keys is it told whether \
        the record that the number leads to is a transaction that was given it.
        """)

    @Argument(help: "The log's directory.") var directory: String

    @Option(help: "A line that `posctl log head` printed earlier.") var head: String?

    @Option(help: "A position.") var position: UInt64?

    @Option(help: "A confirmation number.") var confirmation: String?

    @Option(help: "The file with the key of confirmation numbers, in the data directory.")
    var confirmationKey: String?

    @OptionGroup var keys: LogKeyOptions

    func validate() throws {
      guard (position == nil) != (head == nil && confirmation == nil) else {
        throw ValidationError("one of --head, --position and --confirmation is wanted")
      }
      guard (confirmation == nil) == (confirmationKey == nil) else {
        throw ValidationError("--confirmation and --confirmation-key go together")
      }
      if let head, LogHead(head) == nil, SignedLogHead(head) == nil {
        throw ValidationError("--head is a whole line that `posctl log head` printed, unchanged")
      }
      if let confirmation { _ = try Confirmation.number(confirmation) }
    }

    func run() throws {
      let signed = head.flatMap { SignedLogHead($0) }
      if let signed { StandardStreams.write("signed by \(signed.signer)\n") }
      let head = signed?.head ?? head.flatMap { LogHead($0) }
      if let confirmation, let confirmationKey {
        let proof = try ConfirmationProof(
          directory: directory, try Confirmation.number(confirmation), keyFile: confirmationKey,
          keyring: try keys.keyring())
        throw ExitCode(try proof.judge(head).rawValue)
      }
      if let head { throw ExitCode(try LogInspection.prove(directory, head).rawValue) }
      throw ExitCode(try LogInspection.prove(directory, position ?? 0).rawValue)
    }
  }

  /// The command `posctl log key`.
  struct Key: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print a new key, as a line to append to the file with the log's keys.",
      discussion: "The daemon's next start writes with it. Keep the older keys in the file.")

    func run() throws { StandardStreams.write(LogKeyring.newKeyLine() + "\n") }
  }
}
