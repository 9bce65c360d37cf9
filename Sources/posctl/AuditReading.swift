import Administration
import ArgumentParser
import Foundation
import Installation

/// An unmasked reading of the audit log by the running daemon: begun, and then asked for its pages.
struct AuditReading {
  private static let pauseMicroseconds: UInt32 = 50_000

  private let daemon: DaemonOptions

  init(socket: String) {
    var daemon = DaemonOptions()
    daemon.config = nil
    daemon.socket = socket
    daemon.json = false
    self.daemon = daemon
  }

  func run(_ arguments: [String: JSONValue], _ output: AuditOutput) throws {
    guard case .object(let begun) = try daemon.ask("audit.read", arguments),
      let ticket = begun["reading"]
    else { throw ControlError.foreignAnswer("audit.read") }
    var count: UInt64 = 0
    while true {
      let answer = try daemon.ask("audit.page", ["reading": ticket, "after": .integer(count)])
      guard case .object(let page) = answer else { throw ControlError.foreignAnswer("audit.page") }
      if case .string(let reason)? = page["failed"] {
        StandardStreams.writeError("\(reason)\n")
        throw ExitCode(ControlVerdict.unasked.rawValue)
      }
      guard case .array(let entries)? = page["entries"] else {
        usleep(Self.pauseMicroseconds)
        continue
      }
      for case .object(let members) in entries { output.show(members) }
      count += UInt64(entries.count)
      guard page["more"] == .bool(true) else {
        if page["cut"] == .bool(true) { output.sayCut() }
        return
      }
    }
  }
}

/// How findings are printed.
struct AuditOutput {
  let isJSON: Bool

  /// What a person reads first; the rest follows by name.
  private static let order = [
    "kind", "message", "command", "outcome", "mnemonic", "card", "terminal", "operator", "site",
    "by_user", "reason", "count", "prefix",
  ]
  private static let hidden = ["server_time", "source", "audit_position", "position", "code"]

  func show(_ members: [String: JSONValue]) {
    guard !isJSON else { return StandardStreams.write(JSONValue.object(members).line) }
    let rest = members.keys.sorted().filter {
      !Self.order.contains($0) && !Self.hidden.contains($0)
    }
    let parts = (Self.order + rest).compactMap { name in
      members[name].map { "\(name) \($0.summary)" }
    }
    StandardStreams.write(
      "\(members["server_time"]?.summary ?? "")  \(parts.joined(separator: "  "))\n")
  }

  func sayCut() {
    StandardStreams.writeError("there is more: give a larger --limit, or --since a later time\n")
  }
}
