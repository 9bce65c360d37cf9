import Administration
import AuditTrail
import Installation
import LinuxSystem
import Logging
import Synchronization
import TransactionModel
import TransactionServer
import WriteAheadLog

/// The audit log at work: what terminals, strangers and administrators did is entered here.
final class AuditService: Sendable {
  private static let patienceMilliseconds: UInt64 = 5_000
  private static let attemptCountMax = 8
  private static let millisecondsPerDay: UInt64 = 86_400_000

  let desk: AuditDesk
  /// The unmasked readings that are at work.
  private let readings = Mutex<AuditReadings?>(nil)
  private let uninvited = UninvitedUsers()
  private let trail: AuditTrail
  private let committer: GroupCommitter<FileLog>
  private let durablePosition: DurablePosition
  private let durability: DurabilityWait
  private let holdsReplies: Bool
  private let directory: String
  private let retentionMilliseconds: UInt64
  private let clock: DaemonClock
  private let logger: Logger

  /// Takes over a log that is open; `stateLog` is that of the changes.
  init(
    _ opened: consuming AuditLog, _ configuration: Configuration, stateLog: DurablePosition,
    _ clock: DaemonClock, _ logger: Logger, fatal: @escaping @Sendable (LogError) -> Never
  ) throws {
    let log = opened.log
    holdsReplies = configuration.isAuditDurable
    directory = configuration.auditLogDirectory
    retentionMilliseconds = UInt64(configuration.auditRetentionDays) * Self.millisecondsPerDay
    self.clock = clock
    self.logger = logger
    let durablePosition = DurablePosition(log.durablePosition)
    self.durablePosition = durablePosition
    durability = try DurabilityWait(durablePosition)
    trail = AuditTrail(
      byteCapacity: log.batchByteCountMax, after: log.durablePosition,
      newestServerTimeMilliseconds: log.newestServerTimeMilliseconds,
      commitsAtOnce: holdsReplies, stateLogPosition: { stateLog.current })
    var settings = GroupCommitterSettings()
    // Each mark of an idle log takes a page of its disk: a quiet clinic's log is not all marks.
    settings.idleMilliseconds = 1_000
    settings.gatherMilliseconds =
      holdsReplies ? 0 : Int32(clamping: configuration.auditGatherMilliseconds)
    committer = try GroupCommitter(
      log: log, source: trail, settings: settings,
      whenDurable: { durablePosition.publish($0) },
      warn: { logger.warning("audit log: \($0.auditDescription)") },
      noteHead: { line in logger.notice("audit log: \(line)") }, fatal: fatal)
    desk = AuditDesk(
      trail: trail, committer: committer, durablePosition: durablePosition,
      holdsReplies: holdsReplies)
  }

  func start() throws { try committer.start() }

  /// Makes durable what is entered, and ends; nobody enters anything any more.
  func stop() {
    committer.stop()
    logger.info("audit log: stopped at position \(committer.durablePosition.rawValue)")
  }

  /// Where an unmasked reading looks.
  func source(_ keyring: LogKeyring, since: Instant) throws(LogError) -> AuditSource {
    AuditSource(
      try LogParts(directory: directory, keyring: keyring), through: durablePosition.current,
      firstPart: try LogInspector.part(directory: directory, holding: since))
  }

  var status: AuditStatus {
    AuditStatus(
      durablePosition: durablePosition.current, enteredPosition: trail.enteredThrough,
      isTakingEntries: committer.canAcceptChanges, holdsReplies: holdsReplies,
      log: committer.statistics)
  }

  var isTakingEntries: Bool { committer.canAcceptChanges }

  /// Enters what an administrator did; nil when there is no room, which the daemon's log says.
  @discardableResult
  func enter(_ command: AuditCommand) -> LogPosition? {
    for _ in 0..<Self.attemptCountMax {
      guard committer.canAcceptChanges else { break }
      if let position = trail.enter(command, at: clock.now) {
        committer.wake()
        return position
      }
      guard commit(trail.enteredThrough) else { break }
    }
    logger.warning("\(command.name) of user \(command.user) could not be entered in the audit log")
    return nil
  }

  /// Enters what an administrator did, and waits a while; whether it is durable then.
  func enterDurably(_ command: AuditCommand) -> Bool {
    guard let position = enter(command) else { return false }
    return commit(position)
  }

  private func commit(_ position: LogPosition) -> Bool {
    committer.wake()
    return durability.wait(for: position, milliseconds: Self.patienceMilliseconds)
  }

  /// Removes the segments that need not be kept any more.
  func removeExpired() {
    do throws(LogError) {
      let count = try LogExpiry.removeSegments(
        directory: directory, keeping: retentionMilliseconds, at: clock.now)
      if count > 0 { logger.notice("audit log: \(count) segments over their time were removed") }
    } catch {
      logger.warning("audit log: segments over their time were not removed: \(error)")
    }
  }
}

extension AuditService {
  /// What administrators' commands need of it; the state log is durable up to a position.
  func administration(
    _ configuration: Configuration, stateLog: DurablePosition
  ) throws -> AdministrationAudit {
    let data = DataDirectory(configuration)
    let keyring = try data.logKeyring()
    let readings = AuditReadings { question, isCancelled in
      let search = AuditSearch(
        audit: try self.source(keyring, since: question.since),
        state: AuditSource(
          try LogParts(directory: data.logDirectory, keyring: keyring),
          through: stateLog.current))
      return try search.findings(question, isCancelled: isCancelled)
    }
    self.readings.withLock { $0 = readings }
    return AdministrationAudit(
      isTakingEntries: { self.isTakingEntries }, enterDurably: { self.enterDurably($0) },
      readings: readings)
  }

  /// Ends the unmasked readings; nobody may begin one any more.
  func stopReadings() { readings.withLock { $0 }?.stop() }

  /// Enters a command that is about to be answered, and waits where replies wait.
  ///
  /// Gives whether it is entered. A status that was told is nothing that anybody did.
  func enter(_ event: CommandEvent) -> Bool {
    guard event.failure != nil || event.name != "status" else { return true }
    let entries = event.auditEntries
    for entry in entries.dropLast() {
      guard enter(entry) != nil else { return false }
    }
    guard let last = entries.last else { return true }
    return holdsReplies ? enterDurably(last) : enter(last) != nil
  }

  /// Enters that a user without a role was hung up on; nobody waits for it.
  func enterUninvited(_ user: UInt32) {
    guard committer.canAcceptChanges else { return }
    let now = clock.now
    let entry = AuditCommand(user: user, role: nil, name: "connect", outcome: .notPermitted)
    if uninvited.enter(user, at: now, by: { trail.enter(entry, at: now) != nil }) {
      committer.wake()
    }
  }
}

extension CommitWarning {
  /// The warning as it reads of the audit log.
  fileprivate var auditDescription: String {
    switch self {
    case .slowSync: description
    case .changesRefused: "no room for its next segment: requests are refused, to be tried again"
    case .changesTaken: "there is room again: requests are taken"
    }
  }
}
