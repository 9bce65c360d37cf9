import ArgumentParser
import Installation
import TerminalClient
import TransactionModel
import WireFormat

/// What became of a pending change, on one line: for forward, cancel, and earlier changes.
struct ResultLine {
  let result: RequestResult

  var text: String {
    "\(Self.name(result.request)): \(words)\n"
  }

  var json: JSONValue {
    let header = result.request.header
    var members: [String: JSONValue] = [
      "outcome": .string(kind), "message": .string(result.request.body.messageType.name),
      "stan": .integer(UInt64(header.traceNumber.rawValue)),
      "transaction_time": .integer(header.transactionTime.milliseconds),
    ]
    if let card = result.request.body.card { members["card_number"] = .string(card.description) }
    if let reply = result.outcome.reply {
      let entry = CodeTable.entry(for: reply.header.code)
      members["code"] = .integer(UInt64(reply.header.code.rawValue))
      members["mnemonic"] = .string(entry.mnemonic)
      members["verdict"] = .string(Verdict(reply.header.code).rawValue)
      members["clerk_action"] = .string(entry.clerkAction)
      if let number = reply.message.confirmation {
        members["confirmation_number"] = .string(number.description)
      }
    }
    return .object(members)
  }

  /// The exit status that goes with it.
  var status: Int32 {
    switch result.outcome {
    case .answered(let reply): Verdicts.status(Verdict(reply.header.code)).rawValue
    case .cancelled(let reply?):
      switch reply.header.code {
      case .reversed, .reversalRemembered, .notReversible: 0
      case .reversalAfterLaterActivity: 1
      default: Verdicts.failedStatus
      }
    case .cancelled(nil): 0
    case .held: Verdicts.keptStatus
    case .refused, .unknown, .unanswered: Verdicts.failedStatus
    }
  }

  /// A change by its number, its kind, the end of its card's number, and its time.
  static func name(_ request: TerminalRequest) -> String {
    let card = request.body.card.map { " \($0)" } ?? ""
    let time = request.header.transactionTime.rfc3339
    return "STAN \(request.traceNumber.rawValue) \(request.body.messageType.name)\(card) of \(time)"
  }

  private var kind: String {
    switch result.outcome {
    case .answered: "answered"
    case .refused: "refused"
    case .unknown: "unknown"
    case .cancelled: "cancelled"
    case .held: "held"
    case .unanswered: "unanswered"
    }
  }

  private var words: String {
    let entry = result.outcome.reply.map { CodeTable.entry(for: $0.header.code) }
    var answer = entry.map { "\($0.mnemonic). \($0.textEnglish)" } ?? ""
    if let number = result.outcome.reply?.message.confirmation {
      answer += " Confirmation \(number)."
    }
    return switch result.outcome {
    case .answered, .refused: answer
    case .unknown: "\(answer) It may have been carried out: inquire.".trimmed
    case .cancelled(nil): "cancelled before it was sent"
    case .cancelled: "cancelled: \(answer)"
    case .held: "kept: \(answer) \(entry?.clerkAction ?? "")"
    case .unanswered: "no answer"
    }
  }
}

extension ReplyMessage {
  /// The confirmation number of an answer to a change.
  fileprivate var confirmation: ConfirmationNumber? {
    switch self {
    case .inquiry(let reply): reply.outcome.confirmation
    case .activate(let reply), .recertify(let reply): reply.outcome.confirmation
    case .update(let reply): reply.outcome.confirmation
    case .deactivate(let outcome): outcome.confirmation
    case .reverse(let reply): reply.outcome.confirmation
    case .signOn, .signOff, .echo, .last, .refusal: nil
    }
  }
}

extension String {
  fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
