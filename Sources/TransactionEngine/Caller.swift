import TransactionModel

/// Who asks, as far as the register confirms it.
struct Caller {
  var terminal: Terminal
  var site: Site
  var operatorID: OperatorID
  /// How it is known that the operator is the one that the header names.
  var marks = TransactionMarks()
  /// The record of the operator's sign-on; zero where there is none to rest on.
  var signOnPosition = LogPosition.zero
  /// The California day of the server's clock.
  var today: CalendarDate
  var now: Instant
}

/// A refusal that the engine decided on: a code of the authority, sequence or system class.
struct Refusal: Error {
  var code: ResponseCode
  /// The field that the refusal is about.
  var field: UInt16
  var isSecurityEvent = false
  /// What the refusal rests on.
  var restsOn = LogPosition.zero
  var retryAfterMilliseconds: UInt32 = 0

  init(_ code: ResponseCode, field: UInt16 = 0) {
    self.code = code
    self.field = field
  }
}
