import Cryptography
import EligibilityPolicy
import Installation
import LinuxSystem
import TransactionEngine
import TransactionModel
import WriteAheadLog

/// The first records of a new log: the register, from the roster.
enum LogCreation {
  /// Makes the log in a data directory that has a key, and writes the roster as the first records.
  static func createLog(
    in directory: String, keyFile: String, roster: Roster,
    environment: TransactionModel.Environment, at now: Instant
  ) throws {
    let data = DataDirectory(path: directory, logKeyFile: keyFile)
    let key = try data.confirmationKey()
    var settings = LogSettings()
    settings.environment = environment.rawValue
    try FileLog.create(directory: data.logDirectory, settings)
    var expectation = LogExpectation { now.milliseconds }
    expectation.environment = environment.rawValue
    expectation.keyring = try data.logKeyring()
    var log = try FileLog.open(directory: data.logDirectory, expectation) { _ in }
    var engine = try TransactionEngine(
      settings: EngineSettings(environment: environment), policy: .compiledIn,
      confirmationKey: key, hashSeed: 0)
    engine.beginService(after: log.durablePosition)
    engine.markConfirmationKey(at: now)
    let shared = SharedEngine(engine)
    var spare = LogBatch(after: .zero, newestServerTimeMilliseconds: 0)
    for change in roster.registerChanges {
      if shared.register(change, at: now) != nil { continue }
      try commit(shared, &spare, to: &log)
      guard shared.register(change, at: now) != nil else {
        preconditionFailure("a checked roster contradicts itself")
      }
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
    registeredSites.map(RegisterChange.site) + registeredTerminals.map(RegisterChange.terminal)
      + registeredOperators.map(RegisterChange.operator)
      + registeredCards.map(RegisterChange.cardRange)
  }
}
