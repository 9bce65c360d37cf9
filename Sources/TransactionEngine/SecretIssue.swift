public import TransactionModel

/// Why an operator was given no secret.
public enum SecretIssueError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Only the help desk and the office give secrets out.
  case notPermitted(Role)
  /// Not in the register, or not one who may work.
  case operatorNotActive(OperatorID)
  /// What is staged must be committed first: try again.
  case noRoom

  /// What is wrong and what to do about it.
  public var description: String {
    switch self {
    case .notPermitted: "only the help desk and the office issue secrets"
    case .operatorNotActive(let id):
      "operator \(id.rawValue) is not in the register, or suspended or retired"
    case .noRoom: "too much is waiting for the log: try again"
    }
  }
}

extension SharedEngine {
  /// Gives an operator a random secret for one use within a day, which replaces the one before.
  ///
  /// It unlocks the operator and ends all sessions. Nobody may be told the secret before its
  /// position is durable; it is kept nowhere.
  public func issueSecret(
    for person: OperatorID, by author: Author, at now: Instant
  ) throws(SecretIssueError) -> (secret: String, position: LogPosition) {
    switch author.role {
    case .helpDesk, .office: break
    case .enrollingClinic, .inquiryOnly: throw .notPermitted(author.role)
    }
    let (text, secret) = OneUseSecret.make()
    let position = try stageSecret(secret, for: person, by: author, at: now)
    return (text, position)
  }
}
