import ArgumentParser
import Foundation
import Installation
import LinuxSystem
import TransactionModel
import WriteAheadLog

/// `posctl backup`: copies a log, also while the daemon runs.
struct Backup: ParsableCommand {
  private static let pollSeconds: UInt32 = 1

  static let configuration = CommandConfiguration(
    abstract: "Copy a log to another directory, also while posd runs.",
    discussion: """
      The copy is whole up to a position, which is printed; run again, it takes up where it ended. \
      Where the log's first segments were removed, a snapshot that stands for them is copied too. \
      It needs no keys and holds none, because keys beside what they hide protect nothing: copy the \
      key file and the confirmation key apart from it, once. \
      With --follow it goes on, and copies segments as they are closed.
      """)

  @Argument(help: "The log's directory.") var directory: String

  @Argument(help: "The copy's directory: empty, made, or an earlier copy.") var copy: String

  @Flag(help: "Go on until stopped, with each segment that is closed.") var follow = false

  func run() throws {
    let verdict = try LogInspection.judged(directory) { () throws(LogError) in
      let backup = try LogBackup(of: directory, in: copy)
      let progress = LogProgress("copying")
      var copied = try backup.copyDurable(progress: progress.show(segmentNumber:))
      say(copied)
      StandardStreams.writeError(
        "the copy holds no keys: keep the log's key file and confirmation.key apart from it\n")
      while follow {
        // What came since lies in the log; nothing is lost by looking a moment later.
        sleep(Self.pollSeconds)
        let position = try backup.copyClosed(progress: progress.show(segmentNumber:))
        if position != copied { say(position) }
        copied = position
      }
      return .sound
    }
    throw ExitCode(verdict.rawValue)
  }

  private func say(_ position: LogPosition) {
    StandardStreams.write("\(copy): whole up to position \(position.rawValue)\n")
  }
}

/// `posctl restore`: makes a log from a backup, up to a position or a time.
struct Restore: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a log from a backup, in an empty directory.",
    discussion: """
      The new log begins a history of its own: positions and confirmations that were given after \
      the point it is restored to are never given again. The source is not touched.
      """)

  @Argument(help: "The backup, or any log.") var source: String

  @Argument(help: "The new log's directory: empty, or made.") var directory: String

  @Option(help: "The last position to restore; all if not given.") var toPosition: UInt64?

  @Option(help: "The last server time to restore, such as 2026-04-15T16:00:00Z.")
  var toTime: String?

  @OptionGroup var keys: LogKeyOptions

  func validate() throws {
    guard toPosition == nil || toTime == nil else {
      throw ValidationError("one of --to-position and --to-time is enough")
    }
    if let toTime, Instant(rfc3339: toTime) == nil {
      throw ValidationError("--to-time is a time such as 2026-04-15T16:00:00Z")
    }
  }

  private var point: RestorePoint {
    if let toPosition { return .position(LogPosition(rawValue: toPosition)) }
    if let toTime, let time = Instant(rfc3339: toTime) {
      return .time(milliseconds: time.milliseconds)
    }
    return .end
  }

  func run() throws {
    let keyring = try keys.keyring() ?? .none
    let verdict = try LogInspection.judged(source) { () throws(LogError) in
      let made = try LogRestore.restore(
        from: source, into: directory, keyring: keyring, upTo: point,
        clockMilliseconds: WallClock.nowMilliseconds,
        progress: LogProgress("copying").show(segmentNumber:))
      let time = Instant(milliseconds: made.newestServerTimeMilliseconds).rfc3339
      StandardStreams.write(
        """
        \(directory): restored up to position \(made.lastPosition.rawValue), \(time)
        history \(made.history.identity), from position \
        \(made.firstNewPosition.rawValue)

        """)
      return .sound
    }
    throw ExitCode(verdict.rawValue)
  }
}
