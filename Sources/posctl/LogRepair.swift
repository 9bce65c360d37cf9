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
        The original is not touched. What is kept is the newest snapshot that is whole and all \
        behind it up to the next damage; without one, all before the first damage. What is given up \
        is named. The new log begins a history of its own, so that no position and no confirmation \
        is given twice. The daemon must be stopped. See RECOVERY.md.
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
      kept:      \(kept(made))
      given up:  \(givenUp(made))
      history:   \(made.history.identity), from position \
      \(made.firstNewPosition.rawValue)
      original:  \(original), as it was
      repaired:  \(repaired)

      """
    }

    private static func kept(_ made: LogRestoration) -> String {
      let last = made.lastPosition.rawValue
      guard let (first, left) = made.leftBehind else { return "all records up to position \(last)" }
      let records =
        left < made.lastPosition
        ? ", and the records of positions \(left.next.rawValue) to \(last)" : ""
      return """
        all changes up to position \(last): a snapshot\(records)
        left:      the records of positions \(first.rawValue) to \(left.rawValue), in the original \
        only; what they changed is in the snapshot
        """
    }

    private static func givenUp(_ made: LogRestoration) -> String {
      guard let (first, last) = made.givenUp else {
        return "nothing that anything of this log names"
      }
      return """
        positions \(first.rawValue) to \(last.rawValue), the newest that anything of this log names
        """
    }
  }
}
