import Installation
import TransactionEngine
import TransactionModel
import WireFormat
import WriteAheadLog

/// One record of the log on one line of JSON; of personal data it shows the end of the card number.
enum RecordLine {
  static func text(of record: borrowing LogRecordView) -> String {
    var members: [String: JSONValue] = [
      "position": .integer(record.position.rawValue),
      "server_time": .string(
        Instant(milliseconds: record.serverTimeMilliseconds).rfc3339),
    ]
    if let kind = RecordKind(rawValue: record.kind) {
      members["kind"] = .string("\(kind)")
      switch kind {
      case .transaction:
        guard let transaction = TransactionRecord(record.body) else { return malformed(members) }
        add(transaction, to: &members)
      case .confirmationKey: break
      case .site, .terminal, .operator, .cardRange, .provider, .operatorSecret, .operatorUnlock,
        .blankCards, .outage:
        guard let entry = RegisterEntry(kind, record.body) else { return malformed(members) }
        members["by_user"] = .integer(UInt64(entry.author.userIdentifier))
        members["by_role"] = .string(entry.author.role.name)
        add(entry.change, to: &members)
      case .cardNote, .policyFile, .policyActivation: break
      }
    } else {
      members["kind"] = .integer(UInt64(record.kind))
    }
    return line(members)
  }

  private static func malformed(_ members: [String: JSONValue]) -> String {
    var members = members
    members["malformed"] = .bool(true)
    return line(members)
  }

  private static func line(_ members: [String: JSONValue]) -> String {
    JSONValue.object(members).line.trimmingSuffix("\n")
  }

  private static func add(_ record: TransactionRecord, to members: inout [String: JSONValue]) {
    let type = MessageType(rawValue: record.messageType)
    members["message"] = .string(type.map { "\($0)" } ?? "\(record.messageType)")
    members["terminal"] = .integer(record.terminal.rawValue)
    members["operator"] = .integer(record.operatorID.rawValue)
    members["site"] = .integer(record.site.rawValue)
    members["stan"] = .integer(UInt64(record.traceNumber.rawValue))
    members["transaction_time"] = .string(record.transactionTime.rfc3339)
    members["code"] = .integer(UInt64(record.code.rawValue))
    members["mnemonic"] = .string("\(CodeTable.entry(for: record.code).mnemonic)")
    if record.flags.contains(.training) { members["training"] = .bool(true) }
    if !record.failedCriteria.isEmpty {
      members["failed_criteria"] = .integer(UInt64(record.failedCriteria.rawValue))
    }
    guard let image = record.image else { return }
    members["card"] = .string(image.card.description)
    members["record_version"] = .integer(UInt64(image.version))
  }

  private static func add(_ change: RegisterChange, to members: inout [String: JSONValue]) {
    switch change {
    case .provider(let provider):
      members["provider"] = .integer(provider.id.rawValue)
      members["state"] = .string("\(provider.state)")
    case .operatorSecret(let secret):
      members["operator"] = .integer(secret.operator.rawValue)
      members["issued"] = .bool(secret.issued != .none)
    case .operatorUnlock(let id):
      members["operator"] = .integer(id.rawValue)
    case .blankCards(let shipment):
      members["site"] = .integer(shipment.site.rawValue)
      members["count"] = .integer(shipment.count)
    case .outage(let window):
      members["first_day"] = .string("\(window.firstDay)")
      members["last_day"] = .string("\(window.lastDay)")
    case .site(let site):
      members["site"] = .integer(site.id.rawValue)
      members["role"] = .string(site.role.name)
      members["state"] = .string("\(site.state)")
    case .terminal(let terminal):
      members["terminal"] = .integer(terminal.id.rawValue)
      members["site"] = .integer(terminal.site.rawValue)
      members["state"] = .string("\(terminal.state)")
    case .operator(let person):
      members["operator"] = .integer(person.id.rawValue)
      members["site"] = .integer(person.site.rawValue)
      members["state"] = .string("\(person.state)")
    case .cardRange(let range):
      members["first_serial"] = .integer(range.firstSerial)
      members["last_serial"] = .integer(range.lastSerial)
      members["site"] = .integer(range.site.rawValue)
      if range.isVoided { members["voided"] = .bool(true) }
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
