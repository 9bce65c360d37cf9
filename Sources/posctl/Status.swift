import ArgumentParser
import Installation

/// The command `posctl status`.
struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show how a running posd is.",
    discussion: "Give the configuration file, or the socket it names.")

  @Option(help: "The daemon's configuration file.") var config: String?
  @Option(help: "The daemon's control socket.") var socket: String?
  @Flag(help: "The answer as JSON on one line.") var json = false

  func validate() throws {
    guard (config == nil) != (socket == nil) else {
      throw ValidationError("one of --config and --socket is wanted")
    }
  }

  func run() throws {
    let path = try socket ?? Configuration(file: config ?? "").controlSocket
    let answer = try ControlConnection.ask(.object(["command": "status"]), at: path)
    StandardStreams.write(json ? answer.line : Self.table(answer))
  }

  /// One line for each value, names in a column.
  private static func table(_ answer: JSONValue) -> String {
    let values = answer.leaves
    let width = values.map(\.name.count).max() ?? 0
    return values.map { name, value in
      "\(name)\(String(repeating: " ", count: width - name.count + 2))\(value.summary)\n"
    }.joined()
  }
}
