import Installation
import TerminalClient
import TransactionModel
import WireFormat

/// A reply as JSON for scripts, with the names of Protocol/fields.csv.
struct ReplyDocument {
  private var members: [String: JSONValue] = [:]
  /// Whether card numbers are shown whole.
  private let revealsCard: Bool

  var json: JSONValue { .object(members) }

  init(_ request: TerminalRequest, _ reply: Reply, revealsCard: Bool) {
    self.revealsCard = revealsCard
    let header = reply.header
    let entry = CodeTable.entry(for: header.code)
    let display = DisplayFrame(reply)
    set("verdict", text: Verdict(header.code).rawValue)
    set("code", UInt64(header.code.rawValue))
    set("mnemonic", text: entry.mnemonic)
    set("message", text: request.body.messageType.name)
    set("stan", UInt64(header.traceNumber.rawValue))
    set("transaction_time", header.transactionTime.milliseconds)
    set("terminal", header.terminal.rawValue)
    set("operator", header.operatorID.rawValue)
    set("log_position", header.logPosition.rawValue)
    members["stored_reply"] = .bool(header.flags.contains(.storedReply))
    members["training"] = .bool(header.flags.contains(.training))
    members["display"] = .array([.string(display.first), .string(display.second)])
    set("text", text: entry.text(spanish: header.flags.contains(.spanish)))
    set("clerk_action", text: entry.clerkAction)
    if let card = request.body.card {
      set("card_number", card)
    }
    add(reply.message)
  }

  /// What is known when no answer came; a change may be kept all the same.
  static func json(
    _ error: String, _ request: TerminalRequest?, isKept: Bool
  ) -> JSONValue {
    var members: [String: JSONValue] = [
      "verdict": .string(Verdict.failed.rawValue), "error": .string(error),
    ]
    if let request {
      members["stan"] = .integer(UInt64(request.traceNumber.rawValue))
      members["transaction_time"] = .integer(request.header.transactionTime.milliseconds)
      members["kept"] = .bool(isKept)
    }
    return .object(members)
  }

  private mutating func set(_ name: String, _ number: UInt64) { members[name] = .integer(number) }

  private mutating func set(_ name: String, text: String) { members[name] = .string(text) }

  private mutating func set(_ name: String, _ card: CardNumber) {
    set(name, text: revealsCard ? card.revealed : card.description)
  }

  private mutating func set(_ name: String, _ date: CalendarDate) {
    if !date.isNone { members[name] = .string(date.description) }
  }

  private mutating func add(_ message: ReplyMessage) {
    switch message {
    case .signOn(let reply): add(reply)
    case .signOff(let reply), .echo(let reply): add(reply)
    case .inquiry(let reply):
      add(reply.outcome)
      set("date_of_service", reply.dateOfService)
      set("last_change", reply.lastChange.milliseconds)
      set("plastic", UInt64(reply.plastic.rawValue))
      if let alias = reply.alias { set("alias_card_number", alias) }
      if let client = reply.client { members["client"] = Self.json(client) }
    case .activate(let reply), .recertify(let reply):
      add(reply.outcome)
      set("income_limit", UInt64(reply.incomeLimit))
      if let card = reply.candidate { set("matching_card_number", card) }
      members["retroactive_months"] = .array(reply.claims.map { .integer(UInt64($0.rawValue)) })
    case .update(let reply):
      add(reply.outcome)
      set("income_limit", UInt64(reply.incomeLimit))
      set("last_change_site", reply.lastChangeSite.rawValue)
      set("last_change", reply.lastChange.milliseconds)
    case .deactivate(let outcome): add(outcome)
    case .reverse(let reply):
      add(reply.outcome)
      let original = reply.originalTraceNumber.rawValue
      set("original_system_trace_audit_number", UInt64(original))
      set("original_response_code", UInt64(reply.originalCode.rawValue))
    case .last(let reply): add(reply)
    case .refusal(let refusal):
      set("field_number", UInt64(refusal.fieldNumber))
      set("rule_number", UInt64(refusal.ruleNumber))
      set("retry_after_milliseconds", UInt64(refusal.retryAfterMilliseconds))
    }
  }

  private mutating func add(_ outcome: Outcome) {
    set("status", UInt64(outcome.status.rawValue))
    set("deactivation_reason", UInt64(outcome.deactivationReason))
    set("failed_criteria", UInt64(outcome.failedCriteria.rawValue))
    set("record_version", UInt64(outcome.recordVersion))
    set("period_first_day", outcome.periodFirst)
    set("period_last_day", outcome.periodLast)
    set("recertification_opens", outcome.recertificationOpens)
    set("policy_set", outcome.policySet)
    set("income_table", outcome.incomeTable)
    set("days_left", UInt64(outcome.daysLeft))
    set("notices", UInt64(outcome.notices.rawValue))
    if outcome.hasAidCode { set("aid_code", text: outcome.aidCode.description) }
    if let number = outcome.confirmation {
      set("confirmation_number", text: number.description)
    }
  }

  private mutating func add(_ reply: EchoReply) {
    set("server_time", reply.serverTime.milliseconds)
    set("clock_state", UInt64(reply.clockState.rawValue))
    set("clock_difference_milliseconds", UInt64(reply.clockDifferenceMilliseconds))
  }

  private mutating func add(_ reply: SignOnReply) {
    set("server_time", reply.serverTime.milliseconds)
    set("newest_system_trace_audit_number", UInt64(reply.newestTraceNumber))
    set("frames_in_flight_max", UInt64(reply.framesInFlightMax))
    set("operator_idle_seconds", UInt64(reply.operatorIdleSeconds))
    set("connection_idle_seconds", UInt64(reply.connectionIdleSeconds))
    set("site_id", reply.site.rawValue)
    set("role", UInt64(reply.role.rawValue))
    set("terminal_state", UInt64(reply.terminalState.rawValue))
    set("clock_state", UInt64(reply.clockState.rawValue))
    set("clock_difference_milliseconds", UInt64(reply.clockDifferenceMilliseconds))
    set("policy_set", reply.policySet)
  }

  private mutating func add(_ reply: LastReply) {
    set("newest_system_trace_audit_number", UInt64(reply.newestTraceNumber))
    set("server_time", reply.serverTime.milliseconds)
    guard let stored = try? reply.decodeStoredReply() else { return }
    var document = ReplyDocument(revealsCard: revealsCard)
    document.set("code", UInt64(stored.header.code.rawValue))
    document.set("stan", UInt64(stored.header.traceNumber.rawValue))
    document.set("transaction_time", stored.header.transactionTime.milliseconds)
    document.set("log_position", stored.header.logPosition.rawValue)
    document.add(stored.message)
    members["stored_reply_content"] = document.json
  }

  private init(revealsCard: Bool) { self.revealsCard = revealsCard }

  private static func json(_ client: ClientForm) -> JSONValue {
    let fields = ClientField.allCases.compactMap { field in
      client.shown(field).map { (field.name.description, JSONValue.string($0)) }
    }
    return .object(Dictionary(uniqueKeysWithValues: fields))
  }
}

extension MessageType {
  /// The message's name in fields.csv, without its direction.
  var name: String {
    let name = MessageLayout.request(self).name.description
    return String(name.prefix(upTo: name.lastIndex(of: "_") ?? name.endIndex))
  }
}
