import Foundation
import LinuxSystem
import TLS
import TerminalClient
import Testing
import TransactionModel

@testable import Installation

@Suite("An installation")
struct InstallationPlanTests {
  private let directory: TemporaryDirectory
  private var path: String { directory.file("posd") }

  init() throws { directory = try TemporaryDirectory() }

  private var plan: InstallationPlan {
    InstallationPlan(
      environment: .test, hosts: ["localhost", "127.0.0.1", "::1"], listenAddress: "127.0.0.1",
      port: 7_171, roster: Roster.test(terminalCount: 2, cardCount: 10),
      clockStart: Instant(rfc3339: "2026-04-15T16:00:00Z"))
  }

  private func mistakes(_ break: (Configuration) throws -> Void) throws -> [String] {
    try plan.build(in: path) { _, _ in }
    let configuration = try Configuration(file: "\(path)/posd.json")
    try `break`(configuration)
    return configuration.fileMistakes(nowMilliseconds: WallClock.nowMilliseconds).map(\.place)
  }

  @Test("is sound, and nobody else's to read")
  func sound() throws {
    let places = try mistakes { _ in }
    #expect(places == [])
    let files = try #require(FileManager.default.enumerator(atPath: path))
    for case let name as String in files {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
      let isDirectory = attributes[.type] as? FileAttributeType == .typeDirectory
      #expect(attributes[.posixPermissions] as? Int == (isDirectory ? 0o700 : 0o600), "\(name)")
    }
  }

  @Test("gives each terminal a certificate with its identity, and a profile that finds it")
  func terminals() throws {
    try plan.build(in: path) { _, _ in }
    for terminal in plan.roster.registeredTerminals {
      let file = try TerminalProfileFile(
        file: "\(path)/terminals/\(terminal.id.rawValue)/posterm.json")
      #expect(file.profile.terminal == terminal.id)
      #expect(file.profile.clock == .server)
      #expect(file.site?.id == terminal.site)
      let pem = try Data(contentsOf: URL(filePath: file.profile.certificateFile))
      #expect(
        try CertificateSummary(pem: Array(pem)).subjectAlternativeURIs
          == ["posd://test/terminal/\(terminal.id.rawValue)"])
      _ = try TLSClientContext(
        authorityFile: file.profile.authorityFile,
        certificateFile: file.profile.certificateFile,
        privateKeyFile: file.profile.privateKeyFile, expectedHost: "localhost")
    }
    let gateway = try Data(contentsOf: URL(filePath: "\(path)/gateways/1234567893/gateway.pem"))
    #expect(
      try CertificateSummary(pem: Array(gateway)).subjectAlternativeURIs
        == ["posd://test/gateway/1234567893"])
  }

  @Test("comes into no directory that has something in it")
  func notEmpty() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try directory.write([1], to: "posd/x")
    #expect(throws: InstallationError.directoryNotEmpty(path)) {
      try plan.build(in: path) { _, _ in }
    }
  }

  @Test("is not sound with another certificate's key")
  func otherKey() throws {
    let places = try mistakes { configuration in
      let other = "\(path)/terminals/1001/terminal.key"
      try FileManager.default.removeItem(atPath: configuration.privateKeyFile)
      try FileManager.default.copyItem(atPath: other, toPath: configuration.privateKeyFile)
    }
    #expect(places == ["tls.key"])
  }

  @Test("is not sound without its files and its data directory")
  func missingFiles() throws {
    let places = try mistakes { configuration in
      for file in [
        configuration.certificateFile, configuration.clientAuthorityFile,
        configuration.dataDirectory,
      ] {
        try FileManager.default.removeItem(atPath: file)
      }
    }
    #expect(places == ["tls.certificate", "tls.client_authority", "data.directory"])
  }

  @Test(
    "is not sound when the certificates have expired, or are not valid yet",
    arguments: [false, true])
  func expired(isLater: Bool) throws {
    try plan.build(in: path) { _, _ in }
    let configuration = try Configuration(file: "\(path)/posd.json")
    let year: UInt64 = 366 * 86_400_000
    let now = WallClock.nowMilliseconds
    let moment = isLater ? now + 11 * year : now - year
    #expect(
      configuration.fileMistakes(nowMilliseconds: moment).map(\.place)
        == ["tls.certificate", "tls.client_authority"])
  }

  @Test(
    "has profiles in which every mistake is named",
    arguments: [
      ("\"port\" : 7171", "\"port\" : 0", "port"), ("\"clock\"", "\"clocks\"", "clocks"),
      ("\"test\"", "\"demo\"", "environment"), ("\"server\"", "\"mine\"", "clock"),
      ("\"test\"", "\"production\"", "clock"), ("1001", "\"1001\"", "terminal"),
      ("\"terminal.pem\"", "null", "certificate"),
    ])
  func profileMistakes(replaced: String, text: String, place: String) throws {
    try plan.build(in: path) { _, _ in }
    let json = String(
      decoding: try directory.bytes(of: "posd/terminals/1001/posterm.json"), as: UTF8.self)
    #expect(json.contains(replaced))
    do throws(Mistakes) {
      _ = try TerminalProfileFile(
        json: Array(json.replacing(replaced, with: text).utf8), file: "x", directory: "/")
      Issue.record("it was taken")
    } catch {
      #expect(error.list.map(\.place).contains(place))
    }
  }
}
