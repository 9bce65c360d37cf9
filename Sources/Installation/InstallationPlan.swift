import Cryptography
public import TransactionModel

/// What `posd init` makes: an authority, certificates, terminal profiles, and a configuration.
///
/// | path | content |
/// | --- | --- |
/// | `authority/` | certificate and key of the authority: to be moved off the machine |
/// | `tls/` | certificate and key of the server, and the authority's certificate |
/// | `terminals/ID/` | certificate, key and profile of a terminal, the authority's certificate |
/// | `gateways/NPI/` | certificate and key of a site's gateway, where the roster asks for one |
/// | `operators/ID.secret` | the first secret of an operator, to be handed out and deleted |
/// | `posd.json`, `roster.json` | configuration, and the roster it was made from |
/// | `log.key` | the keys of the log: to be kept apart from its backups |
/// | `data/` | for the log |
///
/// Everything is readable to its owner only.
public struct InstallationPlan: Sendable {
  public var environment: Environment
  /// Names and addresses of the server; the first is the one that terminals connect to.
  public var hosts: [String]
  public var listenAddress: String
  public var port: UInt16
  public var roster: Roster
  /// The operators' first secrets, as typed.
  public var operatorSecrets: [OperatorID: String]
  /// For a test installation on a set clock.
  public var clockStart: Instant?

  public init(
    environment: Environment, hosts: [String], listenAddress: String, port: UInt16,
    roster: Roster, operatorSecrets: [OperatorID: String] = [:], clockStart: Instant? = nil
  ) {
    precondition(!hosts.isEmpty, "a server without a name")
    precondition(clockStart == nil || environment == .test, "a set clock in production")
    self.environment = environment
    self.hosts = hosts
    self.listenAddress = listenAddress
    self.port = port
    self.roster = roster
    self.operatorSecrets = operatorSecrets
    self.clockStart = clockStart
  }

  /// The secret that makes confirmation numbers unguessable: 32 random bytes in the data directory,
  /// part of every backup.
  public static let confirmationKeyName = "confirmation.key"
  public static let confirmationKeyByteCount = 32
  /// The audit log's directory within the data directory, unless the configuration names another.
  public static let auditDirectoryName = "audit"

  /// The state log's directory within the data directory.
  public static let logDirectoryName = "log"

  /// Makes the installation in a directory that is empty or does not exist.
  ///
  /// `createLog` is given the data directory, with the confirmation key and an empty directory for
  /// the log in it, and the file with the log's keys. The configuration is written last: without
  /// it an installation that was cut short cannot be served.
  public func build(
    in path: String, createLog: (_ data: String, _ keys: String) throws -> Void
  ) throws {
    let root = try PrivateDirectory(path: path)
    let authority = try makeAuthority(in: root)
    try makeServer(in: root, authority)
    try makeTerminals(in: root, authority)
    try makeGateways(in: root, authority)
    try makeSecrets(in: root)
    try makeData(in: root)
    try root.write(Array(LogKeyFile.newText().utf8), to: LogKeyFile.name)
    try root.write(Array(roster.json.text.utf8), to: "roster.json")
    try root.synchronize()
    try createLog("\(path)/data", "\(path)/\(LogKeyFile.name)")
    try root.write(Array(configurationJSON.text.utf8), to: "posd.json")
    try root.synchronize()
  }

  private func makeSecrets(in root: borrowing PrivateDirectory) throws(InstallationError) {
    guard !operatorSecrets.isEmpty else { return }
    let operators = try root.directory("operators")
    for (person, text) in operatorSecrets {
      try operators.write(Array("\(text)\n".utf8), to: "\(person.rawValue).secret")
    }
    try operators.synchronize()
  }

  private func makeData(in root: borrowing PrivateDirectory) throws(InstallationError) {
    let data = try root.directory("data")
    try data.write(
      SecureRandom.bytes(count: Self.confirmationKeyByteCount), to: Self.confirmationKeyName)
    for name in [Self.logDirectoryName, Self.auditDirectoryName] { _ = try data.directory(name) }
    try data.synchronize()
  }

  /// The configuration file: what `posd init` decides, and the defaults for the rest.
  public var configurationJSON: JSONValue {
    var members: [String: JSONValue] = [
      "environment": .string(environment.name),
      "listen": .object([
        "address": .string(listenAddress), "port": .integer(UInt64(port)),
      ]),
      "tls": .object([
        "certificate": "tls/server.pem", "key": "tls/server.key",
        "client_authority": "tls/authority.pem", "minimum_version": "1.3",
      ]),
      "data": .object(["directory": "data", "key": .string(LogKeyFile.name)]),
      "control": .object(["socket": "control.socket"]),
    ]
    if let clockStart {
      members["clock"] = .object(["start": .string(clockStart.rfc3339)])
    }
    return .object(members)
  }
}
