import Installation
import PolicyFiles
import TransactionEngine
public import TransactionModel
import WireFormat

/// Why a line of the control protocol is not understood.
public enum ControlMistake: Error, Hashable, Sendable, CustomStringConvertible {
  /// Everything that is wrong, with the place of each.
  case malformed([String])
  case unknownCommand(String)
  case unknownProtocol

  public var description: String {
    switch self {
    case .malformed(let reasons): reasons.joined(separator: "; ")
    case .unknownCommand(let name): "unknown command \(name)"
    case .unknownProtocol: "only protocol \(ControlRequest.protocolVersion) is spoken"
    }
  }
}

/// One line of the control protocol: a JSON object that names a command, with its arguments.
///
///     {"command":"cards.ship","protocol":1,"first":1000000000001,"last":1000000000200,
///      "site":1234567893}
///
/// `protocol` may be left out; any member that the command does not know is refused.
public enum ControlRequest {
  public static let protocolVersion: UInt64 = 1

  /// Reads a line on a California day; gives the command's name too.
  public static func read(
    _ line: String, on today: CalendarDate
  ) throws(ControlMistake) -> (name: String, command: ControlCommand) {
    let value: JSONValue
    do throws(Mistake) {
      value = try JSONValue(parsing: Array(line.utf8))
    } catch {
      throw .malformed([error.description])
    }
    guard case .object(let members) = value, case .string(let name)? = members["command"] else {
      throw .malformed(["expected {\"command\":\"NAME\", ...}"])
    }
    guard members["protocol"] ?? .integer(protocolVersion) == .integer(protocolVersion) else {
      throw .unknownProtocol
    }
    guard let form = forms[name] else { throw .unknownCommand(name) }
    var arguments = ControlArguments(members, form.names, on: today)
    guard let command = form.command(&arguments), arguments.reader.mistakes.isEmpty else {
      throw .malformed(arguments.reader.mistakes.map(\.description))
    }
    return (name, command)
  }

  /// The names of all commands.
  public static var names: [String] { forms.keys.sorted() }

  private struct Form: Sendable {
    let names: [String]
    let command: @Sendable (inout ControlArguments) -> ControlCommand?
  }

  private static let forms: [String: Form] = {
    var forms: [String: Form] = [
      "status": Form(names: []) { _ in .status },
      "find": Form(
        names: ["confirmation", "card", "terminal", "since", "limit", "part", "before"]
      ) { $0.search().map(ControlCommand.find) },
      "terminals.report": Form(names: ["site", "after"]) { arguments in
        let site = arguments.has("site") ? arguments.site() : nil
        return arguments.after().map { .reportTerminals(site, after: $0) }
      },
      "snapshot.make": Form(names: []) { _ in .snapshotMake },
      "snapshot.status": Form(names: []) { _ in .snapshotStatus },
      "audit.read": Form(
        names: ["card", "terminal", "operator", "since", "until", "limit", "reason"]
      ) { $0.auditQuestion() },
      "audit.page": Form(names: ["reading", "after"]) { arguments in
        guard let reading = arguments.number("reading", in: 1...UInt64.max),
          let after = arguments.after()
        else { return nil }
        return .auditPage(reading, after: after)
      },
      "policy.status": Form(names: []) { _ in .policyStatus },
      "policy.reload": Form(names: []) { _ in .policyReload },
      "outage.list": Form(names: ["after"]) { $0.after().map { .listOutages(after: $0) } },
      "outage.end": Form(names: ["from", "through"]) {
        $0.endedOutage().map(ControlCommand.endOutage)
      },
      "outage.declare": Form(names: ["from", "through", "enter_by"]) {
        $0.outage().map { .order(.declareOutage($0)) }
      },
      "cards.ship": Form(names: ["first", "last", "site"]) { arguments in
        guard let serials = arguments.serials(), let site = arguments.site() else { return nil }
        return .order(.shipCards(serials, to: site))
      },
      "cards.ship-blank": Form(names: ["count", "site"]) { arguments in
        guard let count = arguments.number("count", in: 1...1_000_000),
          let site = arguments.site()
        else { return nil }
        return .order(.shipBlankCards(BlankCardShipment(site: site, count: count)))
      },
      "cards.void": Form(names: ["first", "last"]) {
        $0.serials().map { .order(.voidCards($0)) }
      },
      "cards.import": Form(names: ["ranges"]) { $0.ranges().map { .order(.importCards($0)) } },
      "cards.report": Form(names: ["site", "after"]) { arguments in
        let site = arguments.has("site") ? arguments.site() : nil
        return arguments.after().map { .reportCards(site, after: $0) }
      },
      "card.lost": Form(names: ["card"]) { $0.card().map { .note(.plasticLost, on: $0) } },
      "card.found": Form(names: ["card"]) { $0.card().map { .note(.plasticFound, on: $0) } },
      "card.replace": Form(names: ["card", "site"]) { arguments in
        guard let card = arguments.card(), let site = arguments.site() else { return nil }
        return .note(.plasticReplaced(at: site), on: card)
      },
      "hearing.record": Form(names: ["card", "outcome", "decided", "first_day"]) {
        $0.hearing()
      },
      "operator.unlock": Form(names: ["id"]) {
        $0.id().map { .order(.unlockOperator(OperatorID(rawValue: $0))) }
      },
      "operator.issue-secret": Form(names: ["id"]) {
        $0.id().map { .issueSecret(OperatorID(rawValue: $0)) }
      },
      "operator.add": Form(names: ["id", "site", "last_name", "first_name", "birth_date"]) {
        $0.person().map { .order(.addOperator($0)) }
      },
      "terminal.add": Form(names: ["id", "site"]) { arguments in
        guard let id = arguments.id(), let site = arguments.site() else { return nil }
        return .order(
          .addTerminal(Terminal(id: TerminalID(rawValue: id), site: site, state: .new)))
      },
      "site.add": Form(
        names: ["id", "provider", "role", "name", "first_day", "last_day", "gateway_vouches"]
      ) {
        $0.newSite().map { .order(.addSite($0)) }
      },
      "provider.add": Form(names: ["id", "name", "first_day", "last_day"]) {
        $0.newProvider().map { .order(.addProvider($0)) }
      },
    ]
    for part in RegisterPart.allCases {
      forms["\(part.rawValue).list"] = Form(names: ["after"]) {
        $0.after().map { .list(part, after: $0) }
      }
      for step in RegisterStep.allCases {
        forms["\(part.rawValue).\(step.rawValue)"] = Form(names: ["id"]) {
          $0.id().map { .order(.setState(part.subject($0), step)) }
        }
      }
    }
    return forms
  }()
}
