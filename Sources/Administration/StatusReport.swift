public import Installation
public import Observability
public import TransactionEngine
public import TransactionModel
public import WriteAheadLog

/// What `posctl status` tells of a running daemon.
public struct StatusReport: Sendable {
  public var version: String
  public var environment: Environment
  public var uptimeMilliseconds: UInt64
  /// The newest position that no crash can take away.
  public var durablePosition: LogPosition
  /// Whether the log takes changes at present.
  public var changesAvailable: Bool
  public var engine: EngineFigures
  public var counters: CounterListing
  public var log: CommitStatistics
  /// How it stands with snapshots.
  public var snapshot: JSONValue
  public var audit: AuditStatus

  public init(
    version: String, environment: Environment, uptimeMilliseconds: UInt64,
    durablePosition: LogPosition, changesAvailable: Bool, engine: EngineFigures,
    counters: CounterListing, log: CommitStatistics, snapshot: JSONValue, audit: AuditStatus
  ) {
    self.version = version
    self.environment = environment
    self.uptimeMilliseconds = uptimeMilliseconds
    self.durablePosition = durablePosition
    self.changesAvailable = changesAvailable
    self.engine = engine
    self.counters = counters
    self.log = log
    self.snapshot = snapshot
    self.audit = audit
  }

  public var json: JSONValue {
    let counts = counters.entries.map { ($0.name, JSONValue.integer($0.value)) }
    return .object([
      "version": .string(version),
      "environment": .string(environment.name),
      "uptime_milliseconds": .integer(uptimeMilliseconds),
      "durable_position": .integer(durablePosition.rawValue),
      "staged_position": .integer(engine.stagedThrough.rawValue),
      "newest_server_time": .integer(engine.newestServerTime.milliseconds),
      "changes_available": .bool(changesAvailable),
      "engine": .object([
        "cards_with_records": .integer(UInt64(engine.cardsWithRecords)),
        "cards_in_stock": .integer(engine.cardsInStock),
        "sites": .integer(UInt64(engine.sites)),
        "terminals": .integer(UInt64(engine.terminals)),
      ]),
      "log": .object(log.members),
      "snapshot": snapshot,
      "audit": .object(audit.members),
      "counters": .object(Dictionary(counts) { first, _ in first }),
    ])
  }
}

/// How the audit log is.
public struct AuditStatus: Sendable {
  public var durablePosition: LogPosition
  /// The last position that an entry was given.
  public var enteredPosition: LogPosition
  /// Whether entries are taken; while they are not, requests are refused.
  public var isTakingEntries: Bool
  /// Whether replies wait for their entries.
  public var holdsReplies: Bool
  public var log: CommitStatistics

  public init(
    durablePosition: LogPosition, enteredPosition: LogPosition, isTakingEntries: Bool,
    holdsReplies: Bool, log: CommitStatistics
  ) {
    self.durablePosition = durablePosition
    self.enteredPosition = enteredPosition
    self.isTakingEntries = isTakingEntries
    self.holdsReplies = holdsReplies
    self.log = log
  }

  var members: [String: JSONValue] {
    log.members.merging([
      "durable_position": .integer(durablePosition.rawValue),
      "entered_position": .integer(enteredPosition.rawValue),
      "entries_taken": .bool(isTakingEntries),
      "holds_replies": .bool(holdsReplies),
    ]) { $1 }
  }
}

extension CommitStatistics {
  fileprivate var members: [String: JSONValue] {
    [
      "syncs": .integer(syncCount.current),
      "sync_nanoseconds": .integer(syncNanoseconds.current),
      "slow_syncs": .integer(slowSyncCount.current),
      "longest_sync_nanoseconds": .integer(longestSyncNanoseconds),
    ]
  }
}
