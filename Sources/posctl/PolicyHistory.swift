import ArgumentParser
import Installation
import PolicyFiles
import TransactionEngine
import TransactionModel
import WriteAheadLog

/// The command `posctl policy history`.
struct PolicyHistory: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "List which policy files decided from when on, and who activated them.")

  @Option(help: "The log's directory.") var log: String
  @OptionGroup var keys: LogKeyOptions
  @Flag(help: "A line of JSON for each activation.") var json = false

  func run() throws {
    var names: [LogPosition: String] = [:]
    _ = try LogInspector.stream(directory: log, keyring: try keys.keyring() ?? .none) { record in
      switch RecordKind(rawValue: record.kind) {
      case .policyFile:
        names[record.position] = PolicyFileEntry(record.body)?.document.name
      case .policyActivation:
        guard let entry = PolicyActivationEntry(record.body) else { return }
        let time = Instant(milliseconds: record.serverTimeMilliseconds)
        StandardStreams.write(
          json
            ? Self.json(entry, record.position, time, names).line
            : Self.text(entry, record.position, time, names))
      default: return
      }
    }
  }

  private static func text(
    _ entry: PolicyActivationEntry, _ position: LogPosition, _ time: Instant,
    _ names: [LogPosition: String]
  ) -> String {
    let origin = entry.isCompiledIn ? "compiled in" : "files"
    let head =
      "record \(position.rawValue)  \(time.rfc3339)  user \(entry.author.userIdentifier) "
      + "(\(entry.author.role.name))  \(origin)\n"
    return head
      + entry.files.map { "  \($0.version.versionText)  \(names[$0.position] ?? "?")\n" }.joined()
  }

  private static func json(
    _ entry: PolicyActivationEntry, _ position: LogPosition, _ time: Instant,
    _ names: [LogPosition: String]
  ) -> JSONValue {
    .object([
      "position": .integer(position.rawValue), "server_time": .string(time.rfc3339),
      "by_user": .integer(UInt64(entry.author.userIdentifier)),
      "by_role": .string(entry.author.role.name),
      "compiled_in": .bool(entry.isCompiledIn),
      "files": .array(
        entry.files.map {
          .object([
            "version": .string($0.version.versionText),
            "name": .string(names[$0.position] ?? ""),
          ])
        }),
    ])
  }
}

/// The command `posctl policy show`.
struct PolicyShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print a policy file that a log keeps.")

  @Argument(help: "The version, as decisions name it: 16 hexadecimal digits.") var version: String
  @Option(help: "The log's directory.") var log: String
  @OptionGroup var keys: LogKeyOptions

  func run() throws {
    guard version.count == 16, let wanted = UInt64(version, radix: 16) else {
      throw ValidationError("a version has 16 hexadecimal digits")
    }
    var found: PolicyDocument?
    _ = try LogInspector.stream(directory: log, keyring: try keys.keyring() ?? .none) { record in
      guard found == nil, RecordKind(rawValue: record.kind) == .policyFile,
        let document = PolicyFileEntry(record.body)?.document, document.version == wanted
      else { return }
      found = document
    }
    guard let found else {
      StandardStreams.writeError("\(log) has no policy file of version \(version)\n")
      throw ExitCode(ControlVerdict.refused.rawValue)
    }
    guard PolicyFile(name: found.name, bytes: found.content).version == wanted else {
      StandardStreams.writeError("\(found.name) is not what its version says\n")
      throw ExitCode(ControlVerdict.refused.rawValue)
    }
    StandardStreams.write(String(decoding: found.content, as: UTF8.self))
  }
}
