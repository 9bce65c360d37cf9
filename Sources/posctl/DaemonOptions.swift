import Administration
import ArgumentParser
import Installation

/// Which daemon is asked, and how its answer is printed.
struct DaemonOptions: ParsableArguments {
  @Option(help: "The daemon's configuration file.") var config: String?
  @Option(help: "The daemon's control socket.") var socket: String?
  @Flag(help: "The answer as JSON on one line.") var json = false

  func validate() throws {
    guard (config == nil) != (socket == nil) else {
      throw ValidationError("one of --config and --socket is wanted")
    }
  }

  /// Asks for a change, and says that it is done.
  func change(
    _ command: String, _ arguments: [String: JSONValue], done: @autoclosure () -> String
  ) throws {
    let answer = try ask(command, arguments)
    StandardStreams.write(json ? answer.line : done() + "\n")
  }

  /// Asks the daemon; a refusal is printed and ends the program with 1, or with 2 when it is not
  /// known whether something was done.
  func ask(_ command: String, _ arguments: [String: JSONValue] = [:]) throws -> JSONValue {
    var request = arguments
    request["command"] = .string(command)
    request["protocol"] = .integer(ControlRequest.protocolVersion)
    let path = try path()
    guard case .object(let answer) = try ControlConnection.ask(.object(request), at: path) else {
      throw ControlError.foreignAnswer(path)
    }
    if let result = answer["ok"] { return result }
    guard case .object(let error)? = answer["error"], case .string(let code)? = error["code"],
      case .string(let text)? = error["text"]
    else { throw ControlError.foreignAnswer(path) }
    if json { StandardStreams.write(JSONValue.object(answer).line) }
    StandardStreams.writeError("\(text)\n")
    let isRefused = ["refused", "not_permitted"].contains(code)
    throw ExitCode(isRefused ? ControlVerdict.refused.rawValue : ControlVerdict.unasked.rawValue)
  }

  private func path() throws -> String {
    if let socket { return socket }
    return try Configuration(file: config ?? "").controlSocket
  }

  /// Asks for all pages of a list and prints its entries as a table of the columns named.
  func list(
    _ command: String, _ arguments: [String: JSONValue] = [:], columns: [String]
  ) throws {
    var (entries, after): ([JSONValue], UInt64) = ([], 0)
    while true {
      let page = try ask(command, arguments.merging(["after": .integer(after)]) { $1 })
      guard case .object(let members) = page, case .array(let more)? = members["entries"] else {
        throw ControlError.foreignAnswer(try path())
      }
      entries += more
      guard members["more"] == .bool(true), case .object(let last)? = more.last,
        case .integer(let id)? = last["id"]
      else { break }
      after = id
    }
    StandardStreams.write(
      json ? JSONValue.array(entries).line : TextTable(entries, columns: columns).text)
  }
}

/// What came of asking a daemon, as an exit status; 0 is done.
enum ControlVerdict: Int32 {
  /// A rule says no.
  case refused = 1
  /// It could not be asked, or it is not known whether it was done.
  case unasked = 2
}

/// JSON objects as lines of a table, for people.
struct TextTable {
  let text: String

  /// The columns are named by members, whose underscores become spaces in the first line.
  init(_ entries: [JSONValue], columns: [String]) {
    let rows =
      [columns.map { $0.replacing("_", with: " ") }]
      + entries.map { entry in
        guard case .object(let members) = entry else { return columns.map { _ in "" } }
        return columns.map { members[$0]?.summary ?? "" }
      }
    let widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    text = rows.map { row in
      var line = ""
      for (cell, width) in zip(row, widths) {
        line += cell + String(repeating: " ", count: width - cell.count + 2)
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
