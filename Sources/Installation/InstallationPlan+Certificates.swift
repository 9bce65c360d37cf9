import LinuxSystem
import TLS
import TerminalClient
import TransactionModel

extension InstallationPlan {
  private static let millisecondsPerDay: UInt64 = 86_400_000
  private static let authorityDays: UInt64 = 3_650
  /// What browsers allow at most, and long enough that renewal is no weekly affair.
  private static let serverDays: UInt64 = 397
  private static let clientDays: UInt64 = 730

  /// From an hour ago, for terminals whose clocks are behind.
  private func validity(days: UInt64) -> CertificateValidity {
    let now = WallClock.nowMilliseconds
    return CertificateValidity(
      notBeforeMilliseconds: now - 3_600_000,
      notAfterMilliseconds: now + days * Self.millisecondsPerDay)
  }

  func makeAuthority(
    in root: borrowing PrivateDirectory
  ) throws(InstallationError) -> CertificateAuthority {
    let directory = try root.directory("authority")
    let name = "posd \(environment.name) authority"
    let authority = try reporting(name) { () throws(TLSError) in
      try CertificateAuthority(commonName: name, validity: validity(days: Self.authorityDays))
    }
    try directory.write(try certificate(of: authority), to: "authority.pem")
    let key = try reporting(name) { () throws(TLSError) in try authority.privateKeyPEM() }
    try directory.write(key, to: "authority.key")
    try directory.synchronize()
    return authority
  }

  func makeServer(
    in root: borrowing PrivateDirectory, _ authority: borrowing CertificateAuthority
  ) throws(InstallationError) {
    let directory = try root.directory("tls")
    let isAddress = { InternetAddress(literal: $0, port: 0) != nil }
    let issued = try reporting(hosts[0]) { () throws(TLSError) in
      try authority.issueServerCertificate(
        commonName: hosts[0], dnsNames: hosts.filter { !isAddress($0) },
        addresses: hosts.filter(isAddress), validity: validity(days: Self.serverDays))
    }
    try directory.write(issued.certificatePEM, to: "server.pem")
    try directory.write(issued.privateKeyPEM, to: "server.key")
    try directory.write(try certificate(of: authority), to: "authority.pem")
    try directory.synchronize()
  }

  func makeTerminals(
    in root: borrowing PrivateDirectory, _ authority: borrowing CertificateAuthority
  ) throws(InstallationError) {
    let directory = try root.directory("terminals")
    for site in roster.sites {
      for terminal in site.terminals {
        let own = try directory.directory("\(terminal.rawValue)")
        let identity = CertificateIdentity(
          environment: environment, subject: .terminal(terminal))
        try writeClient(identity, "terminal \(terminal.rawValue)", to: own, "terminal", authority)
        let profile = profile(of: terminal, at: site)
        try own.write(Array(profile.json.text.utf8), to: "posterm.json")
        try own.synchronize()
      }
    }
    try directory.synchronize()
  }

  func makeGateways(
    in root: borrowing PrivateDirectory, _ authority: borrowing CertificateAuthority
  ) throws(InstallationError) {
    let sites = roster.sites.filter(\.hasGatewayCertificate)
    guard !sites.isEmpty else { return }
    let directory = try root.directory("gateways")
    for site in sites {
      let own = try directory.directory("\(site.id.rawValue)")
      let identity = CertificateIdentity(environment: environment, subject: .gateway(site.id))
      try writeClient(identity, "gateway \(site.id.rawValue)", to: own, "gateway", authority)
      try own.synchronize()
    }
    try directory.synchronize()
  }

  private func writeClient(
    _ identity: CertificateIdentity, _ commonName: String,
    to directory: borrowing PrivateDirectory, _ name: String,
    _ authority: borrowing CertificateAuthority
  ) throws(InstallationError) {
    let issued = try reporting(commonName) { () throws(TLSError) in
      try authority.issueClientCertificate(
        commonName: commonName, identityURI: identity.uri,
        validity: validity(days: Self.clientDays))
    }
    try directory.write(issued.certificatePEM, to: "\(name).pem")
    try directory.write(issued.privateKeyPEM, to: "\(name).key")
    try directory.write(try certificate(of: authority), to: "authority.pem")
  }

  private func certificate(
    of authority: borrowing CertificateAuthority
  ) throws(InstallationError) -> [UInt8] {
    try reporting("the authority") { () throws(TLSError) in try authority.certificatePEM() }
  }

  private func profile(of terminal: TerminalID, at site: RosterSite) -> TerminalProfileFile {
    var profile = TerminalProfile(
      servers: [ServerAddress(host: hosts[0], port: port)], authorityFile: "authority.pem",
      certificateFile: "terminal.pem", privateKeyFile: "terminal.key", environment: environment,
      terminal: terminal, operatorID: site.operators.first?.id ?? OperatorID(rawValue: 0),
      software: SoftwareID(rawValue: 1), stateDirectory: "state")
    profile.clock = clockStart == nil ? .own : .server
    return TerminalProfileFile(
      profile: profile, site: ReceiptSite(id: site.id, name: site.name))
  }

  private func reporting<Value: ~Copyable>(
    _ holder: String, _ body: () throws(TLSError) -> Value
  ) throws(InstallationError) -> Value {
    do throws(TLSError) {
      return try body()
    } catch {
      throw .certificateNotMade(holder: holder, error)
    }
  }
}
