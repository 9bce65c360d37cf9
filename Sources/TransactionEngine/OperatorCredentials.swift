import Cryptography
import TransactionModel
import WireFormat

/// What the log says of operators' secrets, and how many wrong ones were tried in a row.
struct OperatorCredentials: ~Copyable {
  struct Credential {
    var digest: UInt128 = 0
    /// When the office gave the secret out; none for one that the operator chose.
    var issued = Instant.none
    var hasSecret = false
    var wrongCount = 0
    /// The newest record that wrong tries or their end rest on.
    var position = LogPosition.zero
  }

  /// What came of trying a secret.
  enum Finding: Equatable {
    case wrong
    case right
    /// Right, and good for nothing but choosing another.
    case mustBeReplaced
  }

  var credentials = IdentifierTable<OperatorID, Credential>()
  private var digester: SecretDigester
  private let wrongCountMax: Int
  private let issuedMillisecondsMax: UInt64

  init(_ settings: EngineSettings, _ digester: consuming SecretDigester) {
    self.digester = digester
    wrongCountMax = settings.wrongSecretCountMax
    issuedMillisecondsMax = settings.issuedSecretMillisecondsMax
  }

  mutating func digest(of secret: Secret, for person: OperatorID) -> UInt128 {
    digester.digest(of: secret, for: person)
  }

  /// The record that locked an operator; `nil` when secrets may be tried.
  func lockPosition(of person: OperatorID) -> LogPosition? {
    guard let credential = credentials[person], credential.wrongCount >= wrongCountMax else {
      return nil
    }
    return credential.position
  }

  /// Compares a secret with the operator's.
  ///
  /// An operator without one takes as long as any other, and the answer is that of a wrong secret,
  /// counted like it: nothing tells who has none, and the log takes no more than five records of it.
  mutating func check(_ secret: Secret, of person: OperatorID, at now: Instant) -> Finding {
    let digest = digester.digest(of: secret, for: person)
    let credential = credentials[person] ?? Credential()
    // Not `==`, which may stop where the two differ.
    let isEqual = digest ^ credential.digest == 0
    guard isEqual, credential.hasSecret else { return .wrong }
    guard credential.issued != .none else { return .right }
    return credential.issued.millisecondsUntil(now) <= issuedMillisecondsMax
      ? .mustBeReplaced : .wrong
  }

  // MARK: What the log says

  mutating func apply(_ secret: OperatorSecret, at position: LogPosition) {
    credentials[secret.operator] = Credential(
      digest: secret.digest, issued: secret.issued, hasSecret: true, position: position)
  }

  mutating func noteWrong(of person: OperatorID, at position: LogPosition) {
    var credential = credentials[person] ?? Credential()
    credential.wrongCount += 1
    credential.position = position
    credentials[person] = credential
  }

  /// Of an operator who has no secret and tried none there is nothing to forget.
  mutating func forgetWrong(of person: OperatorID, at position: LogPosition) {
    guard var credential = credentials[person] else { return }
    credential.wrongCount = 0
    credential.position = position
    credentials[person] = credential
  }
}
