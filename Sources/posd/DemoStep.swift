import Installation
import TerminalClient
import TransactionModel
import WireFormat

/// One step of the demo, and what it must give.
struct DemoStep {
  enum Actor {
    case clinic
    case pharmacy
  }

  enum Action {
    /// Sends a request; a card's record version is that of the last answer to the clinic.
    case send(RequestOptions, (_ recordVersion: (CardNumber) -> UInt32) -> RequestBody)
    /// Sends the request of an earlier step once more.
    case repeatStep(named: String)
    /// Kills the daemon and starts it again.
    case killAndRestart
  }

  /// What an answer must be; `nil` when it is.
  typealias Expectation = (_ reply: Reply) -> String?

  let name: String
  let title: String
  let actor: Actor
  let action: Action
  let expectations: [Expectation]

  init(
    _ name: String, _ title: String, _ actor: Actor, _ action: Action,
    _ expectations: [Expectation] = []
  ) {
    self.name = name
    self.title = title
    self.actor = actor
    self.action = action
    self.expectations = expectations
  }
}

// MARK: What may be expected

extension DemoStep {
  static func code(_ code: ResponseCode) -> Expectation {
    { reply in
      reply.header.code == code
        ? nil : "the code is \(reply.header.code.rawValue), not \(code.rawValue)"
    }
  }

  static func verdict(_ verdict: Verdict) -> Expectation {
    { reply in
      Verdict(reply.header.code) == verdict
        ? nil : "the code is \(reply.header.code.rawValue), not one that is \(verdict.rawValue)"
    }
  }

  static func outcome(
    _ wanted: String, _ isMet: @escaping (Outcome) -> Bool
  ) -> Expectation {
    { reply in reply.message.outcome.map(isMet) == true ? nil : "not \(wanted)" }
  }

  static func period(_ first: UInt32, _ last: UInt32) -> Expectation {
    let (first, last) = (CalendarDate(trusted: first), CalendarDate(trusted: last))
    return outcome("eligible from \(first) through \(last)") {
      $0.periodFirst == first && $0.periodLast == last
    }
  }

  static func client(_ wanted: String, _ isMet: @escaping (ClientForm?) -> Bool) -> Expectation {
    { reply in
      guard case .inquiry(let inquiry) = reply.message else {
        return "not the answer to an inquiry"
      }
      return isMet(inquiry.client) ? nil : "not \(wanted)"
    }
  }
}

extension ReplyMessage {
  /// The part that the replies to inquiry and changes share; `nil` in other replies.
  var outcome: Outcome? {
    switch self {
    case .inquiry(let reply): reply.outcome
    case .activate(let reply), .recertify(let reply): reply.outcome
    case .update(let reply): reply.outcome
    case .deactivate(let outcome): outcome
    case .reverse(let reply): reply.outcome
    case .signOn, .signOff, .echo, .last, .refusal: nil
    }
  }
}
