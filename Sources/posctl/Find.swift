import Administration
import ArgumentParser
import Installation
import TransactionModel
import WireFormat

/// The command `posctl find`.
struct Find: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look up what happened: by confirmation number, by card, or at a terminal.",
    discussion: """
      Asks the running posd, which reads its log. The newest transactions come first. Names and other \
      personal data are not shown; card numbers only to the office, and to who asks by card. Where \
      a list does not say of an old transaction whether it was reversed, its confirmation number does.
      """)

  private static let columns = [
    "position", "server_time", "message", "code", "mnemonic", "card", "terminal", "operator",
    "stan", "confirmation", "training", "marks", "reversed_by",
  ]

  @Option(help: "A confirmation number, as on a receipt.") var confirmation: String?
  @Option(help: CardArgument.help) var card: CardArgument?
  @Option(help: "A terminal's number.") var terminal: UInt64?
  @Option(help: "Nothing before this time, in UTC, such as 2026-11-02T18:00:00Z.")
  var since: InstantArgument?
  @Option(help: "How many transactions to show at most.") var limit = TransactionSearch.limitDefault
  @OptionGroup var daemon: DaemonOptions

  func validate() throws {
    guard [confirmation != nil, card != nil, terminal != nil].filter(\.self).count == 1 else {
      throw ValidationError("one of --confirmation, --card and --terminal is wanted")
    }
    if let confirmation { _ = try Confirmation.number(confirmation) }
    guard (1...10_000).contains(limit) else { throw ValidationError("--limit is 1 to 10000") }
  }

  func run() throws {
    if let confirmation {
      let entry = try transaction(of: try Confirmation.number(confirmation))
      return StandardStreams.write(daemon.json ? entry.line : Status.table(entry))
    }
    var arguments: [String: JSONValue] = [:]
    if let card { arguments["card"] = JSONValue(revealing: try card.card()) }
    if let terminal { arguments["terminal"] = .integer(terminal) }
    if let since { arguments["since"] = .string(since.instant.rfc3339) }
    var found: [JSONValue] = []
    while found.count < limit {
      let wanted = min(limit - found.count, TransactionSearch.limitMax)
      arguments["limit"] = .integer(UInt64(wanted))
      let (entries, next, before) = try page(arguments)
      found += entries
      guard let next else { break }
      arguments["part"] = .integer(next)
      arguments["before"] = before.map(JSONValue.integer)
    }
    StandardStreams.write(
      daemon.json ? JSONValue.array(found).line : TextTable(found, columns: Self.columns).text)
  }

  /// The transaction, once it is known whether it was reversed.
  private func transaction(of number: ConfirmationNumber) throws -> JSONValue {
    var arguments: [String: JSONValue] = ["confirmation": .string(number.description)]
    while true {
      let (entries, next, _) = try page(arguments)
      guard let entry = entries.first else { throw ControlError.foreignAnswer("find") }
      guard let next else { return entry }
      arguments["part"] = .integer(next)
    }
  }

  /// One answer of the daemon's, and the part of the log to go on with, before a position.
  private func page(
    _ arguments: [String: JSONValue]
  ) throws -> (entries: [JSONValue], next: UInt64?, before: UInt64?) {
    let answer = try daemon.ask("find", arguments)
    guard case .object(let members) = answer, case .array(let entries)? = members["entries"] else {
      throw ControlError.foreignAnswer("find")
    }
    guard case .integer(let next)? = members["next"] else { return (entries, nil, nil) }
    guard case .integer(let before)? = members["before"] else { return (entries, next, nil) }
    return (entries, next, before)
  }
}

/// Confirmation numbers as people type them.
enum Confirmation {
  /// Takes small letters too, and spaces and hyphens between the characters.
  static func number(_ text: String) throws -> ConfirmationNumber {
    let characters = text.uppercased().filter { $0 != " " && $0 != "-" }
    guard let number = ConfirmationNumber(characters) else {
      throw ValidationError("that is no confirmation number: compare its check character")
    }
    return number
  }
}

/// A time on the command line.
struct InstantArgument: ExpressibleByArgument {
  let instant: Instant

  init?(argument: String) {
    guard let instant = Instant(rfc3339: argument) else { return nil }
    self.instant = instant
  }
}
