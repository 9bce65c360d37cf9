import Administration
import Installation
import LinuxSystem
import Logging
import TLS
import TransactionEngine
import TransactionModel
import TransactionServer
import WriteAheadLog

/// The daemon: log, engine and server put together from a configuration.
///
/// Started from the ground up, stopped from the top down: what acknowledges goes first, what makes
/// durable goes last.
enum Daemon {
  /// What is printed before the address when connections are taken.
  static let readyPrefix = "ready "
  /// Until version 1 of wire and log is frozen there is only this one.
  static let version = "0.1"
  /// How long a stop waits for replies to what was decided.
  static let drainMilliseconds: UInt64 = 10_000
  /// Descriptors that are kept from connections: the log's files, sockets, what threads poll with.
  private static let ownDescriptorCount = 64
  private static let reactorDescriptorCount = 2

  /// Serves until SIGTERM or SIGINT; SIGHUP has it read the policy files again.
  ///
  /// A log write that fails ends the process on the spot with status 1: nothing may go on as if it
  /// had not happened.
  static func run(
    _ configuration: Configuration, file: String, beginsAudit: Bool = false
  ) throws {
    let logger = Logger(label: "posd") { StreamLogHandler.standardError(label: $0) }
    ignoreBrokenPipe()
    try CurrentProcess.forbidDumps()
    // Before any thread begins, so that none of them takes a signal.
    let signals = try SignalDescriptor()
    let openFileLimit = try CurrentProcess.raiseOpenFileLimit()
    logger.info("starting, \(configuration.environment.name), open file limit \(openFileLimit)")

    let context = try TLSServerContext(
      certificateChainFile: configuration.certificateFile,
      privateKeyFile: configuration.privateKeyFile,
      clientAuthorityFile: configuration.clientAuthorityFile,
      minimumVersion: configuration.minimumTLSVersion)
    let recovered = try Recovery.run(configuration, logger)
    if beginsAudit { try AuditLog.begin(configuration, logger) }
    let auditLog = try AuditLog.open(configuration, logger)
    let clock = try clock(
      configuration, notBefore: max(recovered.newestTime, auditLog.newestTime))
    let engine = recovered.engine
    let policy = recovered.policy
    let snapshots = SnapshotKeeper(
      configuration, file: file, openSegment: recovered.log.openSegment, from: recovered.point,
      logger)
    let durablePosition = DurablePosition(recovered.log.durablePosition)
    let durability = try DurabilityWait(durablePosition)
    let committer = try GroupCommitter(
      log: recovered.log, source: engine,
      whenDurable: { durablePosition.publish($0) }, warn: { logger.warning("\($0)") },
      noteHead: { line in logger.notice("\(line)") },
      fatal: { end(of: "\($0)", logger) })
    let audit = try AuditService(
      auditLog, configuration, stateLog: durablePosition, clock, logger,
      fatal: { end(of: "audit log: \($0)", logger) })
    let listener =
      try ServiceManager.inheritedListeningSocket()
      ?? ListeningSocket(
        host: configuration.listenAddress, port: UInt16(configuration.listenPort))
    try committer.start()
    try audit.start()
    audit.removeExpired()
    try policy.begin(in: engine, by: .daemon, at: clock.now) {
      committer.commit(engine.figures.stagedThrough, durability)
    }
    let reactorCount =
      configuration.reactors == 0
      ? TransactionServer.reactorCountDefault : configuration.reactors
    let server = try TransactionServer(
      listener: listener, context: context, environment: configuration.environment,
      engine: engine, committer: committer, durablePosition: durablePosition, audit: audit.desk,
      clock: clock,
      limits: limits(
        configuration,
        connectionCountMax: openFileLimit - ownDescriptorCount
          - reactorCount * reactorDescriptorCount, logger),
      reactorCount: reactorCount)
    // From here on terminals are answered: whatever goes wrong, what was decided is made durable
    // and told before the process ends.
    defer {
      server.stop(drainMilliseconds: drainMilliseconds)
      audit.stop()
      committer.stop()
      logger.info("stopped at position \(committer.durablePosition.rawValue)")
    }
    let start = MonotonicClock.nowMilliseconds
    let control = try ControlSocket.start(
      configuration, engine, policy, committer, durablePosition, audit, clock, snapshots, logger
    ) { canAcceptChanges in
      StatusReport(
        version: version, environment: configuration.environment,
        uptimeMilliseconds: MonotonicClock.nowMilliseconds - start,
        durablePosition: durablePosition.current, changesAvailable: canAcceptChanges,
        engine: engine.figures, counters: server.statistics.listing, log: committer.statistics,
        snapshot: snapshots.status, audit: audit.status)
    }
    defer { audit.stopReadings() }
    defer { control.stop() }
    try snapshots.start()
    defer { snapshots.stop() }
    logger.info("serving on \(server.address)")
    StandardStreams.write("\(readyPrefix)\(server.address)\n")
    try ServiceManager.notify("READY=1\nSTATUS=serving on \(server.address)")
    try waitForStop(signals, eachHour: audit.removeExpired) {
      let outcome = policy.reload(in: engine, by: .daemon, at: clock.now) {
        committer.commit(engine.figures.stagedThrough, durability)
      }
      committer.wake()
      for line in outcome.lines { logger.notice("SIGHUP: \(line)") }
    }
    try ServiceManager.notify("STOPPING=1")
  }

  /// Says what went wrong with a log, and ends on the spot.
  private static func end(of text: String, _ logger: Logger) -> Never {
    // A standard error that nobody reads must not keep the process: systemd starts it again.
    CurrentProcess.endAtLatest(inSeconds: 1)
    logger.critical("\(text)")
    CurrentProcess.exitNow(status: 1)
  }

  /// The configuration's limits, but no more connections than there are descriptors for: those of
  /// the log must never run out.
  private static func limits(
    _ configuration: Configuration, connectionCountMax: Int, _ logger: Logger
  ) -> ServerLimits {
    var limits = ServerLimits(configuration.limits)
    guard limits.connectionCountMax > connectionCountMax else { return limits }
    logger.warning("\(connectionCountMax) connections at most: the open file limit is too low")
    limits.connectionCountMax = connectionCountMax
    limits.handshakesInFlightMax = min(limits.handshakesInFlightMax, connectionCountMax)
    return limits
  }

  private static func waitForStop(
    _ signals: borrowing SignalDescriptor, eachHour: () -> Void, reload: () -> Void
  ) throws {
    var poller = try ReadinessPoller()
    try poller.add(signals.rawValue, token: 0, interest: .readable)
    while true {
      if poller.wait(timeoutMilliseconds: 3_600_000) == 0 { eachHour() }
      switch signals.next() {
      case .terminate, .interrupt: return
      case .hangUp: reload()
      case nil: continue
      }
    }
  }

  /// The time of day; or the set clock, from its start or from the newest record if that is later,
  /// so that a test installation can be restarted.
  private static func clock(
    _ configuration: Configuration, notBefore newestTime: Instant
  ) throws -> DaemonClock {
    guard let clockStart = configuration.clockStart else { return .wall }
    let start = max(clockStart, newestTime)
    guard let clock = DaemonClock(settingTo: start, environment: configuration.environment) else {
      throw DaemonError.setClockUnusable
    }
    return clock
  }
}
