import Administration
import Installation
import LinuxSystem
import Logging
import TransactionEngine
import TransactionModel
import TransactionServer
import WriteAheadLog

extension Author {
  /// What the daemon does of its own accord.
  static var daemon: Author {
    Author(userIdentifier: CurrentProcess.userIdentifier, role: .office)
  }
}

extension GroupCommitter where Log: ~Copyable {
  /// How long an administrator waits for the disk: less than `posctl` waits for an answer.
  private static var patienceMilliseconds: UInt64 { 5_000 }

  /// Has what is staged committed, and waits a while; whether the position is durable then.
  func commit(_ position: LogPosition, _ durability: DurabilityWait) -> Bool {
    wake()
    return durability.wait(for: position, milliseconds: Self.patienceMilliseconds)
  }
}

extension ControlSocket {
  /// Answers `posctl` of whoever has a role.
  static func start(
    _ configuration: Configuration, _ engine: SharedEngine, _ policy: PolicyKeeper,
    _ committer: GroupCommitter<FileLog>, _ durablePosition: DurablePosition,
    _ audit: AuditService, _ clock: DaemonClock, _ snapshots: SnapshotKeeper,
    _ logger: Logger,
    status: @escaping @Sendable (_ canAcceptChanges: Bool) -> StatusReport
  ) throws -> ControlSocket {
    let roles = ControlRoles(
      own: CurrentProcess.userIdentifier, office: configuration.officeUsers,
      helpDesk: configuration.helpDeskUsers)
    let durability = try DurabilityWait(durablePosition)
    let data = DataDirectory(configuration)
    let archive = try LogParts(directory: data.logDirectory, keyring: data.logKeyring())
    let administrator = Administrator(
      engine: engine, roles: roles, policy: policy,
      AdministrationSeam(
        now: { clock.now }, canAcceptChanges: { committer.canAcceptChanges },
        commit: { committer.commit($0, durability) },
        status: { status(committer.canAcceptChanges).json },
        archive: archive, durablePosition: { durablePosition.current },
        audit: try audit.administration(configuration, stateLog: durablePosition),
        onCommand: { audit.enter($0) },
        note: { logger.notice("\($0)") },
        snapshot: { $0 ? snapshots.request() : snapshots.status }))
    return try ControlSocket(
      path: configuration.controlSocket, mode: roles.socketMode,
      isAllowed: {
        if roles.role(of: $0.userIdentifier) != nil { return true }
        audit.enterUninvited($0.userIdentifier)
        return false
      },
      answer: { administrator.answer($0, from: $1.userIdentifier) })
  }
}
