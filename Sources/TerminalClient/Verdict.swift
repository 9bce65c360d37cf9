public import TransactionModel

/// What an answer comes to, for somebody who has to act on it.
public enum Verdict: String, Sendable, CaseIterable {
  /// Done, or eligible.
  case approved
  /// A rule of the program says no.
  case declined
  /// Not looked into: the request, the terminal or the server is at fault.
  case failed

  public init(_ code: ResponseCode) {
    switch code.responseClass {
    case .approved, .cardAtFault: self = .approved
    case .declined: self = .declined
    case .format, .authority, .sequence, .system, .unknown: self = .failed
    }
  }
}
