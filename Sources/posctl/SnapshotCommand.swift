import ArgumentParser
import Foundation
import Installation

/// `posctl snapshot`: has the daemon make a snapshot, and waits for it.
struct SnapshotCommand: ParsableCommand {
  private static let pollMicroseconds: UInt32 = 200_000

  static let configuration = CommandConfiguration(
    commandName: "snapshot",
    abstract: "Have posd make a snapshot of its state now, and wait for it.",
    discussion: """
      It holds what was closed of the log: up to the beginning of the segment that is written to. \
      While one is being made already, that one is waited for. posd makes them by itself too, as \
      snapshot.segments of its configuration says. Ends with status 1 when none could be made.
      """)

  @OptionGroup var daemon: DaemonOptions

  func run() throws {
    guard case .object(let asked) = try daemon.ask("snapshot.make"),
      case .integer(let run)? = asked["run"]
    else { throw ControlError.foreignAnswer("snapshot.make") }
    if asked["being_made"] == .bool(true) {
      StandardStreams.writeError("one is being made already: waiting for it\n")
    }
    while true {
      guard case .object(let status) = try daemon.ask("snapshot.status"),
        case .integer(let made)? = status["made"], case .integer(let failed)? = status["failed"]
      else { throw ControlError.foreignAnswer("snapshot.status") }
      guard made + failed < run else { return try report(status) }
      // The daemon answers everybody else meanwhile.
      usleep(Self.pollMicroseconds)
    }
  }

  private func report(_ status: [String: JSONValue]) throws {
    if daemon.json {
      StandardStreams.write(JSONValue.object(status).line)
    } else if case .string(let text)? = status["last_result"] {
      StandardStreams.write(text + "\n")
    }
    guard status["last_was_made"] == .bool(true) else {
      throw ExitCode(ControlVerdict.refused.rawValue)
    }
  }
}
