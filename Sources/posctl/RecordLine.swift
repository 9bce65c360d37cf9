import Administration
import Installation
import PolicyFiles
import TransactionEngine
import TransactionModel
import WriteAheadLog

/// One record of the log on one line of JSON; of personal data it shows the end of the card number.
enum RecordLine {
  static func text(of record: borrowing LogRecordView) -> String {
    JSONValue.object(members(of: record)).line.trimmingSuffix("\n")
  }

  /// What the line says.
  static func members(of record: borrowing LogRecordView) -> [String: JSONValue] {
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
        add(entry.author, to: &members)
        add(entry.change, to: &members)
      case .policyFile:
        guard let entry = PolicyFileEntry(record.body) else { return malformed(members) }
        add(entry.author, to: &members)
        members["name"] = .string(entry.document.name)
        members["version"] = .string(entry.document.version.versionText)
        members["byte_count"] = .integer(UInt64(entry.document.content.count))
      case .policyActivation:
        guard let entry = PolicyActivationEntry(record.body) else { return malformed(members) }
        add(entry.author, to: &members)
        members["compiled_in"] = .bool(entry.isCompiledIn)
        members["versions"] = .array(entry.files.map { .string($0.version.versionText) })
      case .cardNote:
        guard let entry = CardNoteEntry(record.body) else { return malformed(members) }
        add(entry.author, to: &members)
        add(entry, to: &members)
      }
    } else {
      members["kind"] = .integer(UInt64(record.kind))
    }
    return members
  }

  private static func malformed(_ members: [String: JSONValue]) -> [String: JSONValue] {
    members.merging(["malformed": .bool(true)]) { $1 }
  }

  /// A card's record after a log record that changed it; `nil` for every other log record.
  static func change(
    of card: CardNumber, in record: borrowing LogRecordView
  ) -> EligibilityRecord? {
    let image: EligibilityRecord? =
      switch RecordKind(rawValue: record.kind) {
      case .transaction: TransactionRecord(record.body)?.image
      case .cardNote: CardNoteEntry(record.body)?.image
      default: nil
      }
    return image?.card == card ? image : nil
  }

  private static func add(_ entry: CardNoteEntry, to members: inout [String: JSONValue]) {
    members["card"] = .string(entry.image.card.description)
    members["record_version"] = .integer(UInt64(entry.image.version))
    switch entry.note {
    case .plasticLost: members["note"] = "lost"
    case .plasticFound: members["note"] = "found"
    case .plasticReplaced(let site):
      members["note"] = "replaced"
      members["site"] = .integer(site.rawValue)
    case .hearing(let outcome, let decidedOn, let firstDay):
      members["note"] = "hearing"
      members["outcome"] = .string("\(outcome)")
      members["decided"] = .string("\(decidedOn)")
      members["first_day"] = .string("\(firstDay)")
    }
  }

  private static func add(_ author: Author, to members: inout [String: JSONValue]) {
    members["by_user"] = .integer(UInt64(author.userIdentifier))
    members["by_role"] = .string(author.role.name)
    if author.isOperatorItself { members["by_operator_itself"] = .bool(true) }
  }

  private static func add(_ record: TransactionRecord, to members: inout [String: JSONValue]) {
    members.merge(record.maskedMembers) { $1 }
    if !record.failedCriteria.isEmpty {
      members["failed_criteria"] = .integer(UInt64(record.failedCriteria.rawValue))
    }
    guard let image = record.image else { return }
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
      if !window.lastEntryDay.isNone { members["enter_by"] = .string("\(window.lastEntryDay)") }
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
