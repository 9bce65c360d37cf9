import ArgumentParser
import Installation
import LinuxSystem
import TransactionModel
import WriteAheadLog

extension Log {
  /// The command `posctl log repair`.
  struct Repair: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Save what is whole of a damaged log into a new directory.",
      discussion: """
        The original is not touched. What is kept is all before the first damage; everything behind \
        it is given up, and named. The new log begins a history of its own, so that no position and \
        no confirmation is given twice. The daemon must be stopped. See RECOVERY.md.
        """)

    @Argument(help: "The damaged log's directory.") var directory: String

    @Option(help: "The new log's directory: empty, or made.") var into: String

    @OptionGroup var keys: LogKeyOptions

    func run() throws {
      let keyring = try keys.keyring() ?? .none
      let verdict = try LogInspection.judged(directory) { () throws(LogError) in
        let outcome = try LogRestore.repair(
          directory, into: into, keyring: keyring,
          clockMilliseconds: WallClock.nowMilliseconds,
          progress: LogProgress("copying").show(segmentNumber:))
        guard let (damage, made) = outcome else {
          StandardStreams.write("\(directory): nothing is damaged, nothing was made\n")
          return .sound
        }
        StandardStreams.write(Self.text(damage, made, original: directory, repaired: into))
        return .sound
      }
      throw ExitCode(verdict.rawValue)
    }

    private static func text(
      _ damage: LogError, _ made: LogRestoration, original: String, repaired: String
    ) -> String {
      """
      found:     \(damage)
      kept:      all records up to position \(made.lastPosition.rawValue)
      given up:  \(givenUp(made))
      history:   \(made.history.identity), from position \
      \(made.history.basePosition.next.rawValue)
      original:  \(original), as it was
      repaired:  \(repaired)

      """
    }

    private static func givenUp(_ made: LogRestoration) -> String {
      guard let (first, last) = made.givenUp else {
        return "nothing that anything in the directory names"
      }
      return "positions \(first.rawValue) to \(last.rawValue), the newest that anything names"
    }
  }
}
