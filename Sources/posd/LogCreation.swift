import Administration
import Cryptography
import EligibilityPolicy
import Installation
import LinuxSystem
import TransactionEngine
import TransactionModel
import WriteAheadLog

/// The first records of a new log: the register, from the roster, and the operators' secrets.
enum LogCreation {
  /// Makes the log in a data directory that has a key, and writes the roster as the first records.
  static func createLog(
    in directory: String, keyFile: String, roster: Roster, _ secrets: InitialSecrets,
    environment: TransactionModel.Environment, at now: Instant
  ) throws {
    let data = DataDirectory(path: directory, logKeyFile: keyFile)
    let key = try data.confirmationKey()
    var settings = LogSettings()
    settings.environment = environment.rawValue
    try FileLog.create(directory: data.logDirectory, settings)
    try AuditLog.create(in: data.auditDirectory, environment: environment)
    var expectation = LogExpectation { now.milliseconds }
    expectation.environment = environment.rawValue
    expectation.keyring = try data.logKeyring()
    var log = try FileLog.open(directory: data.logDirectory, expectation) { _ in }
    var engine = try TransactionEngine(
      settings: EngineSettings(environment: environment), policy: .compiledIn,
      confirmationKey: key, hashSeed: 0)
    var digester = try SecretDigester(confirmationKey: key)
    engine.beginService(after: log.durablePosition, at: now)
    engine.markConfirmationKey(at: now)
    let shared = SharedEngine(engine)
    var spare = LogBatch(after: .zero, newestServerTimeMilliseconds: 0)
    let author = Author(userIdentifier: CurrentProcess.userIdentifier, role: .office)
    for change in roster.registerChanges + secrets.registerChanges(&digester, at: now) {
      if shared.register(change, by: author, at: now) != nil { continue }
      try commit(shared, &spare, to: &log)
      guard shared.register(change, by: author, at: now) != nil else {
        preconditionFailure("a checked roster contradicts itself")
      }
    }
    // So that an auditor finds every version that a decision names.
    _ = try PolicyEdition.compiledIn.activate(in: shared, by: author, at: now) {
      try commit(shared, &spare, to: &log)
    }
    try commit(shared, &spare, to: &log)
    try log.close()
  }

  private static func commit(
    _ engine: SharedEngine, _ spare: inout LogBatch, to log: inout FileLog
  ) throws {
    engine.exchangeStagedBatch(&spare)
    guard !spare.isEmpty else { return }
    try log.append(&spare, expecting: log.durablePosition.next)
    _ = try log.waitUntilDurable()
  }
}

extension Roster {
  /// All entries, each after those that it rests on.
  var registerChanges: [RegisterChange] {
    registeredProviders.map(RegisterChange.provider) + registeredSites.map(RegisterChange.site)
      + registeredTerminals.map(RegisterChange.terminal)
      + registeredOperators.map(RegisterChange.operator)
      + registeredCards.map(RegisterChange.cardRange)
      + registeredBlankCards.map(RegisterChange.blankCards)
  }
}
