/// What a record of the state log holds (LOG_FORMAT.md, "Record kinds").
public enum RecordKind: UInt16, Sendable, CaseIterable {
  /// A decision on a request, with what it changed and what was answered.
  case transaction = 1
  case site = 2
  case terminal = 3
  case `operator` = 4
  case cardRange = 5
  /// What tells the key of confirmation numbers from another: the image of 0, which is no position.
  case confirmationKey = 6
  case provider = 7
  /// A keyed digest of an operator's secret.
  case operatorSecret = 8
  /// An operator may try secrets again.
  case operatorUnlock = 9
  /// Blank cards shipped to a site.
  case blankCards = 10
  /// Days on which clinics certified on paper.
  case outage = 11
  /// Something that the office noted about a card: lost, found, replaced, decided by a hearing.
  case cardNote = 12
  /// A policy file, whole.
  case policyFile = 13
  /// The policy files that decide from here on.
  case policyActivation = 14

  /// Whether the record is an entry of the register.
  var isRegisterEntry: Bool {
    switch self {
    case .site, .terminal, .operator, .cardRange, .provider, .operatorSecret, .operatorUnlock,
      .blankCards, .outage:
      true
    case .transaction, .confirmationKey, .cardNote, .policyFile, .policyActivation: false
    }
  }
}
