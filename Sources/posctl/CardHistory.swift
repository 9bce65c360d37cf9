import ArgumentParser
import Installation
import TransactionEngine
import TransactionModel
import WireFormat
import WriteAheadLog

/// The command `posctl card history`.
struct CardHistory: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Show every record of a log that changed a card, with its periods then.",
    discussion: """
      Reads the log without the daemon, also while it runs. Periods that a record has no more room \
      for are found here. Names and other personal data are not shown.
      """)

  @Argument(help: CardArgument.help) var card: CardArgument
  @Option(help: "The log's directory.") var log: String
  @OptionGroup var keys: LogKeyOptions
  @Flag(help: "A line of JSON for each record.") var json = false

  func run() throws {
    let card = try card.card()
    _ = try LogInspector.stream(directory: log, keyring: try keys.keyring() ?? .none) { record in
      guard let change = RecordLine.change(of: card, in: record) else { return }
      let members = RecordLine.members(of: record)
      guard !json else {
        var members = members
        members["periods"] = .array(change.periodValues.map(\.json))
        return StandardStreams.write(JSONValue.object(members).line)
      }
      let names = [
        "server_time", "message", "note", "mnemonic", "site", "operator", "by_user", "marks",
        "policy_version", "table_version",
      ]
      let parts = names.compactMap { name in members[name].map { "\(name) \($0.summary)" } }
      StandardStreams.write(
        "record \(record.position.rawValue)  \(parts.joined(separator: "  "))\n"
          + change.periodValues.map { "  \($0.text)\n" }.joined())
    }
  }
}

extension EligibilityRecord {
  /// The periods in use, in order.
  fileprivate var periodValues: [EligibilityPeriod] {
    (0..<Self.periodCount).map { periods[$0] }.filter { $0.kind != .unused }
  }
}

extension EligibilityPeriod {
  fileprivate var text: String {
    var text = "\(firstDay) to \(lastDay), \(kind), certified \(certificationDate)"
    if endReason != 0 { text += ", ended by reason \(endReason)" }
    if endSubReason != 0 { text += " (\(endSubReason))" }
    return text
  }

  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [
      "first_day": .string("\(firstDay)"), "last_day": .string("\(lastDay)"),
      "kind": .string("\(kind)"), "certified": .string("\(certificationDate)"),
    ]
    if endReason != 0 { members["end_reason"] = .integer(UInt64(endReason)) }
    if endSubReason != 0 { members["end_sub_reason"] = .integer(UInt64(endSubReason)) }
    return .object(members)
  }
}
