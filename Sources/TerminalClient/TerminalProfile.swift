public import TransactionModel

/// Where a terminal finds a server; the host is also the name that its certificate must carry.
public struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
  public var host: String
  public var port: UInt16

  public init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  public var description: String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}

/// Whose clock gives a transaction its time.
public enum TerminalClock: String, Sendable, CaseIterable {
  /// The terminal's own, as it should be.
  case own
  /// The server's, asked for with an echo after connecting: for a test server on a set clock.
  case server
}

/// What a terminal has to know of itself and of its servers.
public struct TerminalProfile: Sendable {
  /// Tried in this order when a connection is made; at least one.
  public var servers: [ServerAddress]
  /// PEM files; the key has no passphrase.
  public var authorityFile: String
  public var certificateFile: String
  public var privateKeyFile: String
  public var environment: Environment
  public var terminal: TerminalID
  public var operatorID: OperatorID
  public var software: SoftwareID
  /// Where trace numbers and pending changes are kept; made when it is missing, used by one process at a time.
  public var stateDirectory: String
  public var clock = TerminalClock.own
  public var connectTimeoutMilliseconds: Int32 = 10_000
  /// How long a request may go unanswered.
  public var answerTimeoutMilliseconds: Int32 = 25_000
  /// The waits before repeats and new connections.
  public var intervals = TerminalIntervals()
  /// How many requests may wait for their answers; a server states its own limit at sign-on.
  public var framesInFlightMax = 64

  public init(
    servers: [ServerAddress], authorityFile: String, certificateFile: String,
    privateKeyFile: String, environment: Environment, terminal: TerminalID,
    operatorID: OperatorID, software: SoftwareID, stateDirectory: String
  ) {
    precondition(!servers.isEmpty, "a terminal without a server")
    self.servers = servers
    self.authorityFile = authorityFile
    self.certificateFile = certificateFile
    self.privateKeyFile = privateKeyFile
    self.environment = environment
    self.terminal = terminal
    self.operatorID = operatorID
    self.software = software
    self.stateDirectory = stateDirectory
  }
}
