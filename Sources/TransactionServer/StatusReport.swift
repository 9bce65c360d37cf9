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

  public init(
    version: String, environment: Environment, uptimeMilliseconds: UInt64,
    durablePosition: LogPosition, changesAvailable: Bool, engine: EngineFigures,
    counters: CounterListing, log: CommitStatistics
  ) {
    self.version = version
    self.environment = environment
    self.uptimeMilliseconds = uptimeMilliseconds
    self.durablePosition = durablePosition
    self.changesAvailable = changesAvailable
    self.engine = engine
    self.counters = counters
    self.log = log
  }

  public var json: JSONObject {
    var figures = JSONObject()
    figures.set("cards_with_records", UInt64(engine.cardsWithRecords))
    figures.set("cards_in_stock", engine.cardsInStock)
    figures.set("sites", UInt64(engine.sites))
    figures.set("terminals", UInt64(engine.terminals))
    var logFigures = JSONObject()
    logFigures.set("syncs", log.syncCount.current)
    logFigures.set("sync_nanoseconds", log.syncNanoseconds.current)
    logFigures.set("slow_syncs", log.slowSyncCount.current)
    logFigures.set("longest_sync_nanoseconds", log.longestSyncNanoseconds)
    var counts = JSONObject()
    for entry in counters.entries { counts.set(counter: entry.name, entry.value) }
    var report = JSONObject()
    report.set("version", version)
    report.set("environment", environment.name)
    report.set("uptime_milliseconds", uptimeMilliseconds)
    report.set("durable_position", durablePosition.rawValue)
    report.set("staged_position", engine.stagedThrough.rawValue)
    report.set("newest_server_time", engine.newestServerTime.milliseconds)
    report.set("changes_available", changesAvailable)
    report.set("engine", figures)
    report.set("log", logFigures)
    report.set("counters", counts)
    return report
  }
}
