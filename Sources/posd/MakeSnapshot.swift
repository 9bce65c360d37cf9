import ArgumentParser
import Installation
import LinuxSystem
import WriteAheadLog

/// `posd make-snapshot`: what the daemon starts aside; never needed by hand.
///
/// Ordinary recovery from the previous snapshot and the closed segments, and then the result
/// written: every snapshot is a rehearsal of a start. It takes as much memory as the daemon's state.
struct MakeSnapshot: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make-snapshot",
    abstract: "Make a snapshot of the closed segments; the daemon does this by itself.",
    shouldDisplay: false)

  @Option(help: "The configuration file.") var config: String
  @Option(help: "The data directory that the daemon serves.") var data: String?
  @Option(help: "The process to end with.") var parent: Int32?

  func run() throws {
    CurrentProcess.becomeBackground()
    if let parent, try !CurrentProcess.endWithParent(parent) { throw ExitCode(2) }
    try CurrentProcess.forbidDumps()
    let configuration = try Configuration(file: config)
    if let data, data != configuration.dataDirectory {
      throw DaemonError.dataDirectoryChanged(configuration.dataDirectory)
    }
    StandardStreams.write(try SnapshotMaking(configuration).run() + "\n")
  }
}
