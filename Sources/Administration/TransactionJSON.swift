public import Installation
import PolicyFiles
public import TransactionEngine
import TransactionModel
import WireFormat

extension TransactionRecord {
  /// What everybody may see who may see a transaction: nothing of the client but the last four
  /// digits of the card.
  public var maskedMembers: [String: JSONValue] {
    var members: [String: JSONValue] = [
      "message": .string(Self.messageName(messageType)),
      "terminal": .integer(terminal.rawValue),
      "operator": .integer(operatorID.rawValue),
      "site": .integer(site.rawValue),
      "stan": .integer(UInt64(traceNumber.rawValue)),
      "transaction_time": .string(transactionTime.rfc3339),
      "code": .integer(UInt64(code.rawValue)),
      "mnemonic": .string(CodeTable.entry(for: code).mnemonic),
    ]
    if flags.contains(.training) { members["training"] = .bool(true) }
    let marks = marks.names
    if !marks.isEmpty { members["marks"] = .string(marks.joined(separator: ",")) }
    if policyVersion != 0 { members["policy_version"] = .string(policyVersion.versionText) }
    if tableVersion != 0 { members["table_version"] = .string(tableVersion.versionText) }
    let card = image?.card ?? card
    if !card.isBlank { members["card"] = .string(card.description) }
    return members
  }

  fileprivate static func messageName(_ type: UInt8) -> String {
    MessageType(rawValue: type).map { "\($0)" } ?? "\(type)"
  }
}

extension FoundTransaction {
  /// The transaction as a role may see it, to one who may have asked for a card by its number.
  ///
  /// Nobody sees the client's form here. The help desk learns no card number that it did not bring,
  /// nor which criteria the client failed.
  func json(for role: Role, asking card: CardNumber) -> JSONValue {
    var members = record.maskedMembers
    members["position"] = .integer(position.rawValue)
    members["server_time"] = .string(serverTime.rfc3339)
    if let confirmation = record.confirmation {
      members["confirmation"] = .string(confirmation.description)
    }
    if record.flags.contains(.keyed) { members["keyed"] = .bool(true) }
    if record.marks.contains(.storedAndForwarded) { members["forwarded"] = .bool(true) }
    if let original = record.original {
      members["reverses"] = .object([
        "stan": .integer(UInt64(original.traceNumber.rawValue)),
        "message": .string(TransactionRecord.messageName(original.messageType)),
        "transaction_time": .string(original.transactionTime.rfc3339),
        "effect": .string("\(original.effect)"),
      ])
    } else if record.confirmation != nil {
      switch reversal {
      case .notReversed: members["reversed"] = .bool(false)
      case .reversed(let position):
        members["reversed"] = .bool(true)
        members["reversed_by"] = .integer(position.rawValue)
      case .forgotten: break
      }
    }
    if !self.card.isBlank, self.card == card { members["card"] = .string(card.revealed) }
    if role == .office {
      addWhole(to: &members)
    } else if record.code.tellsCriterion {
      members["code"] = nil
      members["mnemonic"] = "INELIGIBLE"
    }
    return .object(members)
  }

  private func addWhole(to members: inout [String: JSONValue]) {
    if !card.isBlank { members["card"] = .string(card.revealed) }
    members["software"] = .integer(UInt64(record.software.rawValue))
    members["protocol_version"] = .integer(UInt64(record.protocolVersion))
    members["failed_criteria"] = .integer(UInt64(record.failedCriteria.rawValue))
    if let image = record.image { members["record_version"] = .integer(UInt64(image.version)) }
  }
}

extension ResponseCode {
  /// Whether it says why a client is not eligible.
  fileprivate var tellsCriterion: Bool {
    (Self.ineligibleResidence.rawValue...Self.ineligibleOtherCoverage.rawValue).contains(rawValue)
      || self == .selfCertification
  }
}

extension TransactionMarks {
  fileprivate var names: [String] {
    let names: [(TransactionMarks, String)] = [
      (.storedAndForwarded, "stored_and_forwarded"), (.certifiedInOutage, "certified_in_outage"),
      (.vouchedFor, "vouched_for"),
    ]
    return names.filter { contains($0.0) }.map(\.1)
  }
}
