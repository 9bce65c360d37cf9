import AuditTrail
import EligibilityPolicy
import LinuxSystem
import Support
import TLS
import TransactionEngine
import TransactionModel
import WriteAheadLog

@testable import TransactionServer

/// A data directory with the fixture's register in its log, and the certificates around it.
final class FixtureInstallation: Sendable {
  let certificates: CertificateFolder

  /// Makes log and register as `posd init` does.
  init(registeredAt time: Instant = Fixture.start) throws {
    certificates = try CertificateFolder()
    var settings = LogSettings()
    settings.environment = Fixture.environment.rawValue
    settings.geometry = LogGeometry(segmentByteCount: 8 << 20)
    settings.reserveByteCount = 0
    try FileLog.create(directory: certificates.path("log"), settings)
    var recovered = try FixtureRecovery(log: certificates.path("log"), at: time)
    for change in Fixture.register {
      guard recovered.engine.register(change, by: Fixture.author, at: time) != nil else {
        throw FixtureEngine.Failure.staleRegister
      }
    }
    try Fixture.signOn(Speaker.workers, on: recovered.engine, at: time)
    var batch = LogBatch(after: .zero, newestServerTimeMilliseconds: 0)
    recovered.engine.exchangeStagedBatch(&batch)
    try recovered.log.append(&batch, expecting: recovered.log.durablePosition.next)
    _ = try recovered.log.waitUntilDurable()
    try recovered.log.close()
  }
}

/// A log that is open, and an engine that knows what it says and nothing else.
struct FixtureRecovery: ~Copyable {
  var log: FileLog
  let engine: SharedEngine
  let newestTime: Instant

  /// `time` is what the clock shows, if not what the log ends with.
  init(log directory: String, at time: Instant? = nil) throws {
    var settings = Fixture.settings
    // The hours and the room of one test: its outcome is not to hang on the load of the machine.
    settings.clockAllowanceMilliseconds = 3_600_000
    settings.storedAnswerCountMax = 4_096
    var engine = try TransactionEngine(
      settings: settings, policy: .compiledIn, confirmationKey: FixtureEngine.confirmationKey,
      hashSeed: 7)
    var newestTime = time ?? Fixture.start
    let latest = newestTime.milliseconds + 24 * 3_600_000
    var expectation = LogExpectation { latest }
    expectation.environment = Fixture.environment.rawValue
    expectation.reserveByteCount = 0
    let log = try FileLog.open(directory: directory, expectation) { view in
      try engine.replay(view)
      if time == nil { newestTime = Instant(milliseconds: view.serverTimeMilliseconds) }
    }
    engine.beginService(after: log.durablePosition, at: newestTime)
    self.log = log
    self.engine = SharedEngine(engine)
    self.newestTime = newestTime
  }
}

/// One life of the daemon: log, engine and server, put together as `posd serve` does it.
final class FixtureDaemon {
  let server: TransactionServer
  let engine: SharedEngine
  private let committer: GroupCommitter<FileLog>

  /// Recovers and serves; without `commits` nothing becomes durable before `startCommitting`.
  init(
    _ installation: FixtureInstallation, commits: Bool = true, at time: Instant? = nil,
    audit: ControlledAudit
  ) throws {
    let recovered = try FixtureRecovery(log: installation.certificates.path("log"), at: time)
    let engine = recovered.engine
    self.engine = engine
    let newestTime = recovered.newestTime
    let durablePosition = DurablePosition(recovered.log.durablePosition)
    committer = try GroupCommitter(
      log: recovered.log, source: engine, whenDurable: { durablePosition.publish($0) },
      fatal: { fatalError("\($0)") })
    guard let clock = DaemonClock(settingTo: newestTime, environment: Fixture.environment) else {
      preconditionFailure("a set clock outside the test environment")
    }
    var limits = ServerLimits()
    limits.lingerMilliseconds = 500
    server = try TransactionServer(
      listener: ListeningSocket(host: "127.0.0.1", port: 0),
      context: installation.certificates.serverContext(), environment: Fixture.environment,
      engine: engine, committer: committer, durablePosition: durablePosition,
      audit: audit.desk, clock: clock,
      limits: limits, reactorCount: 2)
    if commits { try startCommitting() }
  }

  /// Stops what acknowledges first, and what makes durable last.
  deinit {
    server.stop(drainMilliseconds: UInt64(TestClient.patienceMilliseconds))
    committer.stop()
  }

  func startCommitting() throws { try committer.start() }
}

/// A daemon, and the fixture's terminals at the other end of the line, each with its certificate.
final class FixtureTerminals: Answering {
  enum Failure: Error { case noAnswer(TestClient.Reading) }

  private let installation: FixtureInstallation
  private var connections: [CertificateIdentity: TestClient] = [:]
  let audit = ControlledAudit()
  /// Until `hangUp`.
  private(set) var daemon: FixtureDaemon?
  private let port: UInt16

  init(
    of installation: FixtureInstallation, commits: Bool = true, at time: Instant? = nil
  ) throws {
    let daemon = try FixtureDaemon(installation, commits: commits, at: time, audit: audit)
    self.installation = installation
    self.daemon = daemon
    port = daemon.server.port
  }

  /// Stops the daemon and lets go of its log.
  func hangUp() {
    connections = [:]
    daemon = nil
  }

  /// The connection that was made with the certificate of this identity.
  func connection(of identity: CertificateIdentity) throws -> TestClient {
    if let connection = connections[identity] { return connection }
    let connection = try TestClient(
      port: port, context: installation.certificates.clientContext(uri: identity.uri))
    connections[identity] = connection
    return connection
  }

  func answer(
    _ frame: [UInt8], from identity: CertificateIdentity, at time: Instant
  ) throws -> [UInt8] {
    let connection = try connection(of: identity)
    try connection.send(frame)
    let reading = connection.receive()
    guard case .frame(let reply) = reading else { throw Failure.noAnswer(reading) }
    return reply
  }
}
