public import AuditTrail
public import Installation
import LinuxSystem
import TransactionEngine
public import TransactionModel
import WireFormat
import WriteAheadLog

/// One thing that was done or tried, from the audit log, the state log, or both.
public struct AuditFinding: Sendable {
  public var serverTime: Instant
  public var entry: AuditEntry?
  var change: StateFinding?

  /// Of the audit log alone.
  public init(_ entry: AuditEntry) {
    serverTime = entry.serverTime
    self.entry = entry
  }

  init(_ change: StateFinding) {
    serverTime = change.serverTime
    self.change = change
  }
}

/// What the state log has of a change, as far as the audit wants to know it.
struct StateFinding: Sendable {
  let position: LogPosition
  let serverTime: Instant
  let card: CardNumber
  let alias: CardNumber
  let site: SiteID
  let kind: Kind

  enum Kind: Sendable {
    case transaction(Transaction)
    case cardNote(user: UInt32)
  }

  struct Transaction: Hashable, Sendable {
    let terminal: TerminalID
    let operatorID: OperatorID
    let traceNumber: SystemTraceAuditNumber
    let messageType: UInt8
    let code: ResponseCode
    let flags: FrameFlags
  }

  /// Takes a record of the state log; nil when it is about no client and no terminal's request.
  init?(_ record: borrowing LogRecordView) {
    position = record.position
    serverTime = Instant(milliseconds: record.serverTimeMilliseconds)
    switch RecordKind(rawValue: record.kind) {
    case .transaction:
      guard let transaction = TransactionRecord(record.body) else { return nil }
      card = transaction.image?.card ?? transaction.card
      alias = transaction.image?.alias ?? .blank
      site = transaction.site
      kind = .transaction(
        Transaction(
          terminal: transaction.terminal, operatorID: transaction.operatorID,
          traceNumber: transaction.traceNumber, messageType: transaction.messageType,
          code: transaction.code, flags: transaction.flags))
    case .cardNote:
      guard let note = CardNoteEntry(record.body) else { return nil }
      card = note.image.card
      alias = note.image.alias
      site = note.image.lastChangeSite
      kind = .cardNote(user: note.author.userIdentifier)
    default: return nil
    }
  }

  /// Whether an entry is of the same request.
  func isRecord(of request: AuditRequest) -> Bool {
    guard case .transaction(let own) = kind else { return false }
    return own.terminal == request.terminal && own.traceNumber == request.traceNumber
      && own.messageType == request.messageType
  }
}

extension AuditFinding {
  /// The finding as a line says it; card numbers and reasons only where they may be seen.
  public func members(isRevealing: Bool) -> [String: JSONValue] {
    var members: [String: JSONValue] = ["server_time": .string(serverTime.rfc3339)]
    var card = CardNumber.blank
    if let change {
      members["source"] = "state"
      members["position"] = .integer(change.position.rawValue)
      if change.site.rawValue != 0 { members["site"] = .integer(change.site.rawValue) }
      card = change.card
      switch change.kind {
      case .cardNote(let user):
        members["kind"] = "card_note"
        members["by_user"] = .integer(UInt64(user))
      case .transaction(let transaction):
        members["kind"] = "request"
        add(transaction, to: &members)
      }
    }
    if let entry {
      members["source"] = change == nil ? "audit" : "both"
      members["audit_position"] = .integer(entry.position.rawValue)
      switch entry.body {
      case .request(let request):
        members["kind"] = "request"
        add(request, to: &members)
        if !request.card.isBlank { card = request.card }
      case .handshakes(let handshakes):
        members["kind"] = "handshakes"
        add(handshakes, to: &members)
      case .command(let command):
        members["kind"] = "command"
        add(command, isRevealing: isRevealing, to: &members)
        card = command.card
      }
    }
    if !card.isBlank {
      members["card"] = .string(isRevealing ? card.revealed : card.description)
    }
    return members
  }

  private func add(_ transaction: StateFinding.Transaction, to members: inout [String: JSONValue]) {
    members["message"] = .string(Self.messageName(transaction.messageType))
    members["terminal"] = .integer(transaction.terminal.rawValue)
    members["operator"] = .integer(transaction.operatorID.rawValue)
    members["stan"] = .integer(UInt64(transaction.traceNumber.rawValue))
    add(transaction.code, transaction.flags, to: &members)
  }

  private func add(_ request: AuditRequest, to members: inout [String: JSONValue]) {
    members["message"] = .string(Self.messageName(request.messageType))
    members["terminal"] = .integer(request.terminal.rawValue)
    members["operator"] = .integer(request.operatorID.rawValue)
    members["stan"] = .integer(UInt64(request.traceNumber.rawValue))
    add(request.code, request.flags, to: &members)
    if request.position != .zero { members["rests_on"] = .integer(request.position.rawValue) }
    if let site = request.gatewaySite {
      members["gateway"] = .integer(site.rawValue)
    } else if request.speaker != request.terminal.rawValue {
      members["certificate_terminal"] = .integer(request.speaker)
    }
    if request.messageType == MessageType.inquiry.rawValue {
      if let purpose = InquiryPurpose(rawValue: request.purpose) {
        members["purpose"] = .string("\(purpose)")
      }
      if let day = CalendarDate(yyyymmdd: request.detail) {
        members["date_of_service"] = .string("\(day)")
      }
    } else if request.messageType == MessageType.last.rawValue, request.detail != 0 {
      members["wanted_stan"] = .integer(UInt64(request.detail))
    }
    if request.marks.contains(.securityEvent) { members["security_event"] = .bool(true) }
    if request.marks.contains(.otherNumber) { members["asked_by_other_number"] = .bool(true) }
    if request.marks.contains(.notLookedUp) { members["looked_up"] = .bool(false) }
  }

  private func add(
    _ code: ResponseCode, _ flags: FrameFlags, to members: inout [String: JSONValue]
  ) {
    members["code"] = .integer(UInt64(code.rawValue))
    members["mnemonic"] = .string("\(CodeTable.entry(for: code).mnemonic)")
    if flags.contains(.training) { members["training"] = .bool(true) }
    if flags.contains(.storedReply) { members["told_again"] = .bool(true) }
  }

  private func add(_ handshakes: AuditHandshakes, to members: inout [String: JSONValue]) {
    members["reason"] = .string("\(handshakes.reason)")
    members["count"] = .integer(UInt64(handshakes.count))
    members["first"] = .string(Instant(milliseconds: handshakes.firstMilliseconds).rfc3339)
    members["prefix"] = .string(handshakes.prefix.text)
  }

  private func add(
    _ command: AuditCommand, isRevealing: Bool, to members: inout [String: JSONValue]
  ) {
    members["command"] = .string(command.name)
    members["by_user"] = .integer(UInt64(command.user))
    if let role = command.role { members["by_role"] = .string(role.name) }
    members["outcome"] = .string("\(command.outcome)")
    switch command.subject {
    case .none, .card: break
    case .confirmation: members["about_confirmation"] = .bool(true)
    case .site, .terminal, .operator:
      members["about_\(command.subject)"] = .integer(command.id)
    }
    // Whoever wrote it may have named somebody.
    if isRevealing, !command.reason.isEmpty { members["reason"] = .string(command.reason) }
  }

  private static func messageName(_ type: UInt8) -> String {
    MessageType(rawValue: type).map { "\($0)" } ?? "\(type)"
  }
}

extension AddressPrefix {
  /// The prefix as networks are written.
  fileprivate var text: String {
    guard self != .any else { return "any" }
    let host = InternetAddress(bits: bits, isVersion4: isVersion4, port: 0).host
    return "\(host)/\(isVersion4 ? 24 : 56)"
  }
}
