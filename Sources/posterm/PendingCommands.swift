import ArgumentParser
import Installation
import TerminalClient
import TransactionModel

/// The command `posterm pending`.
struct Pending: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the changes that are not answered yet.",
    discussion: "Ends with status 0 when there is none, 3 when there are some.")

  @OptionGroup var options: TerminalOptions

  @Flag(help: "Give up what a fault of the disk has made unreadable.")
  var discardUnreadable = false

  func run() throws {
    try Work(options: options).run { terminal in
      if discardUnreadable { try terminal.discardUnreadable() }
      for change in terminal.pending { StandardStreams.write(line(change)) }
      return terminal.pending.isEmpty ? 0 : Verdicts.keptStatus
    }
  }

  private func line(_ change: PendingListing) -> String {
    let state =
      change.isCancelled ? "cancelled" : change.mayHaveBeenSent ? "maybe sent" : "not sent"
    guard options.json else {
      let card = change.card.map { " \($0)" } ?? ""
      return "STAN \(change.traceNumber.rawValue) \(change.messageType.name)\(card) of "
        + "\(change.transactionTime.rfc3339) by \(change.operatorID.rawValue): \(state)\n"
    }
    var members: [String: JSONValue] = [
      "stan": .integer(UInt64(change.traceNumber.rawValue)),
      "message": .string(change.messageType.name),
      "transaction_time": .integer(change.transactionTime.milliseconds),
      "operator": .integer(change.operatorID.rawValue), "state": .string(state),
    ]
    if let card = change.card { members["card_number"] = .string(card.description) }
    return JSONValue.object(members).line
  }
}

/// The command `posterm forward`.
struct Forward: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Send the changes that are not answered yet; a line for each.",
    discussion: "Ends with status 0 when all are answered, 3 when some are still pending.")

  @OptionGroup var options: TerminalOptions

  func run() throws {
    try Work(options: options).run { terminal in
      try terminal.readClock(patienceMilliseconds: options.patienceMilliseconds)
      try terminal.forward(patienceMilliseconds: options.patienceMilliseconds) { result in
        StandardStreams.write(
          options.json ? ResultLine(result: result).json.line : ResultLine(result: result).text)
      }
      return terminal.pending.isEmpty ? 0 : Verdicts.keptStatus
    }
  }
}

/// The command `posterm cancel`.
struct Cancel: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Cancel a change that is not answered yet; what was sent is undone.",
    discussion: """
      Ends with status 0 when nothing of the change is in force, 1 when it stands, 2 when nobody \
      can say, 3 when its reversal is not answered yet.
      """)

  @OptionGroup var options: TerminalOptions

  @Option(help: "The trace number of the pending change.") var pendingStan: UInt32

  func run() throws {
    let id = SystemTraceAuditNumber(rawValue: pendingStan)
    try Work(options: options).run { terminal in
      try terminal.readClock(patienceMilliseconds: options.patienceMilliseconds)
      var status = Verdicts.keptStatus
      try terminal.cancel(id, patienceMilliseconds: options.patienceMilliseconds) { result in
        let line = ResultLine(result: result)
        if result.request.traceNumber == id { status = line.status }
        StandardStreams.write(options.json ? line.json.line : line.text)
      }
      return status
    }
  }
}
