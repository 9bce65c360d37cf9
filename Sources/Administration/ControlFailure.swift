import Installation

/// Why a command was not carried out, or not known to be.
struct ControlFailure: Error {
  typealias Code = ControlFailureCode

  let code: Code
  let text: String

  init(_ code: Code, _ text: String) {
    self.code = code
    self.text = text
  }

  var json: JSONValue {
    .object([
      "error": .object(["code": .string(code.rawValue), "text": .string(text)])
    ])
  }
}

/// The kind of a failure, as the control protocol names it.
public enum ControlFailureCode: String, Sendable {
  case malformed
  case unknownCommand = "unknown_command"
  case notPermitted = "not_permitted"
  case refused
  case unavailable
  case outcomeUnknown = "outcome_unknown"
}
