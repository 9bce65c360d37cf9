import Foundation
public import TerminalClient
import TransactionModel

/// The JSON file that tells posterm which terminal it is; paths are relative to the file's own
/// directory, so that a terminal's directory can be moved as a whole.
public struct TerminalProfileFile: Sendable {
  public var profile: TerminalProfile
  /// For the head of receipts.
  public var site: ReceiptSite?

  public init(profile: TerminalProfile, site: ReceiptSite?) {
    self.profile = profile
    self.site = site
  }

  private static let names = [
    "host", "port", "second_host", "second_port", "authority", "certificate", "key",
    "environment", "terminal", "operator", "software", "state_directory", "clock", "site",
    "site_name",
  ]

  public init(file: String) throws(Mistakes) {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw Mistakes(file: file, [Mistake("", "cannot be read")])
    }
    let directory = URL(filePath: file).deletingLastPathComponent().path(percentEncoded: false)
    try self.init(json: Array(data), file: file, directory: directory)
  }

  init(json: [UInt8], file: String, directory: String) throws(Mistakes) {
    var reader = JSONReader()
    var result: TerminalProfileFile?
    do throws(Mistake) {
      let value = try JSONValue(parsing: json)
      if let members = reader.members(of: value, at: "", names: Self.names) {
        result = Self.read(members, directory, &reader)
      }
    } catch {
      reader.report(error.place, error.wanted)
    }
    guard reader.mistakes.isEmpty, let result else {
      throw Mistakes(file: file, reader.mistakes)
    }
    self = result
  }

  private static func read(
    _ members: [String: JSONValue], _ directory: String, _ reader: inout JSONReader
  ) -> TerminalProfileFile? {
    func path(_ name: String, _ reader: inout JSONReader) -> String? {
      guard let text = reader.text(members[name], at: name) else { return nil }
      let base = URL(filePath: directory, directoryHint: .isDirectory)
      return URL(filePath: text, relativeTo: base).standardizedFileURL.path(percentEncoded: false)
    }
    let servers = servers(members, &reader)
    let authority = path("authority", &reader)
    let certificate = path("certificate", &reader)
    let key = path("key", &reader)
    let state = path("state_directory", &reader)
    let environment = Environment.allCases.first { .string($0.name) == members["environment"] }
    if environment == nil { reader.report("environment", "\"production\" or \"test\" is wanted") }
    let terminal = reader.number(members["terminal"], at: "terminal", in: 1...UInt64.max)
    let operatorID = reader.number(members["operator"] ?? .integer(0), at: "operator", in: ids)
    let software = reader.number(
      members["software"] ?? .integer(0), at: "software", in: 0...UInt64(UInt32.max))
    let clock = clock(members["clock"], environment, &reader)
    let siteName = members["site_name"].flatMap { reader.text($0, at: "site_name") }
    let site = members["site"].flatMap { reader.number($0, at: "site", in: ids) }
    guard reader.mistakes.isEmpty, let authority, let certificate, let key, let state,
      let environment, let terminal, let operatorID, let software
    else { return nil }
    var profile = TerminalProfile(
      servers: servers, authorityFile: authority, certificateFile: certificate,
      privateKeyFile: key, environment: environment, terminal: TerminalID(rawValue: terminal),
      operatorID: OperatorID(rawValue: operatorID),
      software: SoftwareID(rawValue: UInt32(software)), stateDirectory: state)
    profile.clock = clock
    let receiptSite = site.map {
      ReceiptSite(id: SiteID(rawValue: $0), name: siteName ?? "")
    }
    return TerminalProfileFile(profile: profile, site: receiptSite)
  }

  private static let ids = 0...UInt64.max

  private static func servers(
    _ members: [String: JSONValue], _ reader: inout JSONReader
  ) -> [ServerAddress] {
    func server(_ host: String, _ port: String, _ reader: inout JSONReader) -> ServerAddress? {
      let name = reader.text(members[host], at: host)
      let number = reader.number(members[port], at: port, in: 1...65_535)
      guard let name, let number else { return nil }
      return ServerAddress(host: name, port: UInt16(number))
    }
    let first = server("host", "port", &reader)
    let hasSecond = members["second_host"] != nil || members["second_port"] != nil
    let second = hasSecond ? server("second_host", "second_port", &reader) : nil
    return [first, second].compactMap(\.self)
  }

  private static func clock(
    _ value: JSONValue?, _ environment: Environment?, _ reader: inout JSONReader
  ) -> TerminalClock {
    guard let value else { return .own }
    guard let clock = TerminalClock.allCases.first(where: { .string($0.rawValue) == value }) else {
      reader.report("clock", "\"own\" or \"server\" is wanted")
      return .own
    }
    if clock == .server, environment == .production {
      reader.report("clock", "\"server\" is not allowed in production: set the terminal's clock")
    }
    return clock
  }
}

extension TerminalProfileFile {
  /// The file's content; the paths go in as they are.
  public var json: JSONValue {
    let server = profile.servers[0]
    var members: [String: JSONValue] = [
      "host": .string(server.host),
      "port": .integer(UInt64(server.port)),
      "authority": .string(profile.authorityFile),
      "certificate": .string(profile.certificateFile),
      "key": .string(profile.privateKeyFile),
      "environment": .string(profile.environment.name),
      "terminal": .integer(profile.terminal.rawValue),
      "operator": .integer(profile.operatorID.rawValue),
      "software": .integer(UInt64(profile.software.rawValue)),
      "state_directory": .string(profile.stateDirectory),
      "clock": .string(profile.clock.rawValue),
    ]
    if let site {
      members["site"] = .integer(site.id.rawValue)
      members["site_name"] = .string(site.name)
    }
    if profile.servers.count > 1 {
      members["second_host"] = .string(profile.servers[1].host)
      members["second_port"] = .integer(UInt64(profile.servers[1].port))
    }
    return .object(members)
  }
}
