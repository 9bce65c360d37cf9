import Installation
import TransactionEngine
import TransactionModel
import WireFormat

/// The secrets that the operators of a new installation begin with.
///
/// In the test environment `example-` and the operator's number, chosen for good, as in the
/// specification's examples; in production a random one for one use within a day.
struct InitialSecrets {
  /// By operator, as typed.
  let texts: [OperatorID: String]
  private let areForOneUse: Bool

  init(of roster: Roster, in environment: TransactionModel.Environment) {
    areForOneUse = environment == .production
    var texts: [OperatorID: String] = [:]
    for person in roster.registeredOperators {
      texts[person.id] =
        environment == .production ? OneUseSecret.make().text : Self.example(person.id)
    }
    self.texts = texts
  }

  /// The secret of an operator of a test installation; a long number is cut.
  static func example(_ person: OperatorID) -> String {
    String("example-\(person.rawValue)".prefix(Secret.characterCountMax))
  }

  /// The register's entries, in the order of the operators' numbers.
  func registerChanges(_ digester: inout SecretDigester, at now: Instant) -> [RegisterChange] {
    var changes: [RegisterChange] = []
    for (person, text) in texts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      guard let secret = Secret(text) else { preconditionFailure("a secret of our own making") }
      changes.append(
        .operatorSecret(
          OperatorSecret(
            operator: person, digest: digester.digest(of: secret, for: person),
            issued: areForOneUse ? now : .none)))
    }
    return changes
  }
}
