import Support
import TransactionModel
import WireFormat

/// What names a change: terminal and trace number.
struct ChangeKey: Hashable {
  var terminal: TerminalID
  var traceNumber: SystemTraceAuditNumber
}

/// What a clerk asks about a card.
enum CardAction: Equatable {
  case activate(client: Int, income: UInt32)
  case recertify(client: Int, income: UInt32)
  case update(version: UInt32, income: UInt32)
  case deactivate
  case inquire
  case verify
  case reaffirm
  case reverse(ChangeKey)

  var isReversible: Bool {
    switch self {
    case .activate, .recertify, .update, .deactivate: true
    case .inquire, .verify, .reaffirm, .reverse: false
    }
  }

  var isChange: Bool { self != .inquire }
}

extension CardAction {
  /// What a request asks about a card; `nil` for one that is about none.
  init?(_ body: RequestBody, of terminal: TerminalID) {
    switch body {
    case .activate(let form): self = .activate(client: form.number, income: form.income)
    case .recertify(let form): self = .recertify(client: form.number, income: form.income)
    case .update(_, let version, let client):
      self = .update(version: version, income: client.number(.monthlyIncome) ?? 0)
    case .deactivate: self = .deactivate
    case .inquiry(_, _, .information): self = .inquire
    case .inquiry(_, _, .verify): self = .verify
    case .inquiry(_, _, .reaffirm): self = .reaffirm
    case .reverse(let number, _, _, _):
      self = .reverse(ChangeKey(terminal: terminal, traceNumber: number))
    case .signOn, .signOff, .echo, .last: return nil
    }
  }

  /// The form of one of the two clients.
  static func form(of client: Int, income: UInt32) -> ClientForm {
    (client == 1 ? SampleForm.eligible : SampleForm.otherEligible).with(.monthlyIncome, income)
  }
}

extension Certification {
  /// Which of the two clients the form is of.
  fileprivate var number: Int {
    client.text(.lastName) == SampleForm.eligible.text(.lastName) ? 1 : 2
  }

  fileprivate var income: UInt32 { client.number(.monthlyIncome) ?? 0 }
}
