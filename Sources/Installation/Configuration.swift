public import TLS
public import TransactionModel

/// What `posd serve` is told by its configuration file; paths are absolute.
public struct Configuration: Equatable, Sendable {
  public var environment = Environment.test
  public var listenAddress = ""
  /// 0 takes any free port, which the ready line names.
  public var listenPort = 0
  public var certificateFile = ""
  public var privateKeyFile = ""
  public var clientAuthorityFile = ""
  public var minimumTLSVersion = TLSVersion.tls13
  public var dataDirectory = ""
  /// The file with the log's keys, where they are not a credential of the service manager.
  public var logKeyFile = ""
  public var controlSocket = ""
  /// Users of the machine who may do everything over the control socket, beside root and the
  /// daemon's own.
  public var officeUsers: Set<UInt32> = []
  /// Users who may help operators and terminals over it.
  public var helpDeskUsers: Set<UInt32> = []
  /// Files that replace the compiled-in rules; empty for none.
  public var policyDirectory = ""
  /// The time that the daemon's clock shows when it starts; only in the test environment.
  public var clockStart: Instant?
  /// Threads that serve connections; 0 is one less than there are processors, at least one.
  public var reactors = 0
  /// Cards that memory is set aside for at start; more are no error.
  public var expectedCards = 100_000
  public var snapshot = Snapshot()
  /// For how long closed segments of the log are kept at least; 0 is for ever.
  public var logRetentionDays = 400
  /// The audit log's directory; empty for the one in the data directory.
  public var auditDirectory = ""
  /// Whether replies wait until their audit entries are durable.
  public var isAuditDurable = false
  /// Closed segments of the audit log are kept for so long: six years, as records of disclosures
  /// of health data commonly are.
  public var auditRetentionDays = 2_192
  /// How long entries gather before they are made durable, where no reply waits for them.
  public var auditGatherMilliseconds = 200
  public var limits = Limits()
  public var rules = Rules()

  public init() {}

  /// When snapshots of the state are made, and how many are kept.
  public struct Snapshot: Equatable, Sendable {
    /// Segments that are closed before the next one is made; 0 makes none by itself.
    public var segments = 8
    public var kept = 2

    public init() {}
  }

  /// Where the audit log lies.
  public var auditLogDirectory: String {
    auditDirectory.isEmpty
      ? "\(dataDirectory)/\(InstallationPlan.auditDirectoryName)" : auditDirectory
  }

  /// What bounds the load.
  public struct Limits: Equatable, Sendable {
    public var connections = 10_000
    public var connectionsPerAddress = 2_048
    public var handshakesInFlight = 512
    public var handshakesPerAddress = 128
    public var handshakesPerSecond = 500
    public var handshakeSeconds = 10
    /// A connection that sends nothing for so long is closed.
    public var idleSeconds = 1_800
    /// A peer that takes nothing of what waits for it for so long is closed.
    public var writeStallSeconds = 60
    public var framesInFlight = 64
    public var framesPerTurn = 64

    public init() {}
  }

  /// The times and counts of SPECIFICATION.md that an installation may set.
  public struct Rules: Equatable, Sendable {
    /// How far the terminal's clock may be off before an echo says so.
    public var clockAllowanceSeconds = 60
    /// How far ahead of the server's clock a change may be.
    public var clockAheadSeconds = 300
    public var changeAgeSeconds = 900
    public var storedAgeSeconds = 259_200
    public var operatorIdleSeconds = 1_200
    /// Answers kept for repeats, for each terminal.
    public var repeatWindowChanges = 256
    public var repeatWindowSeconds = 604_800

    public init() {}
  }
}

/// One number of the configuration file: its key, where it goes, and what it may be.
struct NumberKey {
  let name: String
  let property: WritableKeyPath<Configuration, Int>
  let range: ClosedRange<Int>
  let isRequired: Bool

  init(
    _ name: String, _ property: WritableKeyPath<Configuration, Int>, _ range: ClosedRange<Int>,
    isRequired: Bool = false
  ) {
    self.name = name
    self.property = property
    self.range = range
    self.isRequired = isRequired
  }

  /// All numbers; an absent one keeps the default of its property.
  static var all: [NumberKey] {
    [
      NumberKey("listen.port", \.listenPort, 0...65_535, isRequired: true),
      NumberKey("server.reactors", \.reactors, 0...256),
      NumberKey("server.expected_cards", \.expectedCards, 1_000...100_000_000),
      NumberKey("snapshot.segments", \.snapshot.segments, 0...10_000),
      NumberKey("snapshot.kept", \.snapshot.kept, 2...100),
      NumberKey("log.retention_days", \.logRetentionDays, 0...36_500),
      NumberKey("audit.retention_days", \.auditRetentionDays, 1...36_525),
      NumberKey("audit.gather_milliseconds", \.auditGatherMilliseconds, 1...2_000),
      NumberKey("limits.connections", \.limits.connections, 1...1_000_000),
      NumberKey(
        "limits.connections_per_address", \.limits.connectionsPerAddress, 1...1_000_000),
      NumberKey("limits.handshakes_in_flight", \.limits.handshakesInFlight, 1...100_000),
      NumberKey("limits.handshakes_per_address", \.limits.handshakesPerAddress, 1...100_000),
      NumberKey("limits.handshakes_per_second", \.limits.handshakesPerSecond, 1...100_000),
      NumberKey("limits.handshake_seconds", \.limits.handshakeSeconds, 1...600),
      NumberKey("limits.idle_seconds", \.limits.idleSeconds, 10...86_400),
      NumberKey("limits.write_stall_seconds", \.limits.writeStallSeconds, 1...3_600),
      NumberKey("limits.frames_in_flight", \.limits.framesInFlight, 1...64),
      NumberKey("limits.frames_per_turn", \.limits.framesPerTurn, 1...4_096),
      NumberKey("rules.clock_allowance_seconds", \.rules.clockAllowanceSeconds, 1...3_600),
      NumberKey("rules.clock_ahead_seconds", \.rules.clockAheadSeconds, 1...3_600),
      NumberKey("rules.change_age_seconds", \.rules.changeAgeSeconds, 60...86_400),
      NumberKey("rules.stored_age_seconds", \.rules.storedAgeSeconds, 60...2_592_000),
      NumberKey("rules.operator_idle_seconds", \.rules.operatorIdleSeconds, 60...86_400),
      NumberKey("rules.repeat_window_changes", \.rules.repeatWindowChanges, 16...65_536),
      NumberKey("rules.repeat_window_seconds", \.rules.repeatWindowSeconds, 3_600...2_592_000),
    ]
  }
}

/// One list of users of the configuration file, by name or number.
struct UsersKey {
  let name: String
  let property: WritableKeyPath<Configuration, Set<UInt32>>

  static var all: [UsersKey] {
    [
      UsersKey(name: "control.office_users", property: \.officeUsers),
      UsersKey(name: "control.help_desk_users", property: \.helpDeskUsers),
    ]
  }
}

/// One path of the configuration file, taken from the file's own directory when it is relative.
struct PathKey {
  let name: String
  let property: WritableKeyPath<Configuration, String>
  /// `nil` when the key must be there, empty when there is no path without it.
  let ifAbsent: String?

  static var all: [PathKey] {
    [
      PathKey(name: "tls.certificate", property: \.certificateFile, ifAbsent: nil),
      PathKey(name: "tls.key", property: \.privateKeyFile, ifAbsent: nil),
      PathKey(name: "tls.client_authority", property: \.clientAuthorityFile, ifAbsent: nil),
      PathKey(name: "data.directory", property: \.dataDirectory, ifAbsent: nil),
      PathKey(name: "data.key", property: \.logKeyFile, ifAbsent: LogKeyFile.name),
      PathKey(name: "audit.directory", property: \.auditDirectory, ifAbsent: ""),
      PathKey(name: "control.socket", property: \.controlSocket, ifAbsent: "control.socket"),
      PathKey(name: "policy.directory", property: \.policyDirectory, ifAbsent: ""),
    ]
  }
}
