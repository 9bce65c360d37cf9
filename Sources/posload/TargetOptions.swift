import ArgumentParser
import Foundation
import Installation
import LoadTest
import TransactionModel

/// Which installation is loaded.
struct TargetOptions: ParsableArguments {
  @Argument(help: "The directory that posd init has made.") var installation: String

  @Option(help: "The server's name or address, as in its certificate; localhost if none.")
  var host: String?
  @Option(help: "The server's port, in place of that of posd.json.") var port: UInt16?
  @Flag(help: "Load a server on another machine: only one that is yours, and is for tests.")
  var allowRemote = false

  /// The server and those who load it.
  func target(
    terminalCount: Int, usesGateway: Bool, firstCard: UInt64
  ) throws -> LoadTarget {
    let configuration = try Configuration(file: installation + "/posd.json")
    let roster = try roster()
    guard let site = roster.sites.first(where: { $0.role == .enrollingClinic && !$0.cards.isEmpty })
    else {
      throw LoadError.installationUnusable(
        path: installation, reason: "no enrolling clinic with cards in its roster")
    }
    guard site.terminals.count >= terminalCount, !site.operators.isEmpty else {
      throw LoadError.installationUnusable(
        path: installation,
        reason: "\(terminalCount) terminals are wanted, and the clinic has \(site.terminals.count):"
          + " posd init --test-terminals")
    }
    return try target(
      configuration, gateway: usesGateway ? site.id : nil,
      terminals: Array(site.terminals.prefix(terminalCount)), operators: site.operators.map(\.id),
      firstSerial: site.cards[0].first + firstCard)
  }

  /// The server, and the given terminals and operators to load it.
  func target(
    _ configuration: Configuration, gateway: SiteID?, terminals: [TerminalID],
    operators: [OperatorID], firstSerial: UInt64
  ) throws -> LoadTarget {
    let target = LoadTarget(
      environment: configuration.environment, host: host ?? "localhost",
      port: try port(configuration), authorityFile: installation + "/tls/authority.pem",
      terminals: terminals, operators: operators,
      credentials: gateway.map { [credentials("gateways/\($0.rawValue)/gateway")] }
        ?? terminals.map { credentials("terminals/\($0.rawValue)/terminal") },
      firstSerial: firstSerial)
    try target.check(allowsRemote: allowRemote)
    return target
  }

  /// The terminals of a journal.
  func target(
    _ journal: JournalVerification, usesGateway: Bool
  ) throws -> LoadTarget {
    let configuration = try Configuration(file: installation + "/posd.json")
    let terminals = journal.terminals.map(\.id)
    let site = try roster().sites.first { site in
      terminals.contains { site.terminals.contains($0) }
    }
    return try target(
      configuration, gateway: usesGateway ? site?.id : nil, terminals: terminals,
      operators: journal.terminals.map(\.operatorID), firstSerial: 0)
  }

  /// How many cards the clinic has from a place on.
  func cardCount(from firstCard: UInt64) throws -> UInt64 {
    let site = try roster().sites.first { $0.role == .enrollingClinic && !$0.cards.isEmpty }
    let count = site?.cards[0].count ?? 0
    return count - min(count, firstCard)
  }

  private func roster() throws -> Roster {
    let path = installation + "/roster.json"
    guard let data = FileManager.default.contents(atPath: path) else {
      throw LoadError.installationUnusable(path: path, reason: "cannot be read")
    }
    return try Roster(json: Array(data), file: path)
  }

  private func port(_ configuration: Configuration) throws -> UInt16 {
    if let port { return port }
    guard configuration.listenPort > 0 else {
      throw ValidationError("the server takes any free port: --port says which")
    }
    return UInt16(configuration.listenPort)
  }

  private func credentials(_ name: String) -> LoadTarget.Credentials {
    LoadTarget.Credentials(
      certificateFile: "\(installation)/\(name).pem", privateKeyFile: "\(installation)/\(name).key")
  }
}
