import Foundation
import Testing
import TransactionModel
import WireFormat

@Suite("A daemon that cannot start")
struct StartTests {
  /// Status of what an operator has to mend first; systemd does not start it again.
  static let refused: Int32 = 2

  @Test("says which process has the directory, and leaves that one alone")
  func sameDirectory() throws {
    let service = try Service()
    let before = try contents(below: service.installation.dataFolder)
    let second = try serve(service.installation)
    #expect(second.status == Self.refused)
    #expect(second.errors.contains("\(service.daemon.child.identifier)"), "\(second.errors)")
    let after = try contents(below: service.installation.dataFolder)
    // The first one may have made another segment ready meanwhile.
    #expect(after.filter { before[$0.key] != nil } == before)
    #expect(try service.connect().isServed())
    #expect(try service.daemon.stop() == 0)
  }

  @Test("says that the port is in use, and leaves its owner alone")
  func samePort() throws {
    let service = try Service()
    let other = try TestInstallation()
    try other.configure("listen.port", Int(service.daemon.port))
    let second = try serve(other)
    #expect(second.status == Self.refused)
    #expect(second.errors.contains("127.0.0.1:\(service.daemon.port)"), "\(second.errors)")
    #expect(try service.connect().isServed())
  }

  @Test("says which directory it cannot write")
  func unwritable() throws {
    let installation = try TestInstallation()
    let log = installation.dataFolder + "/log"
    let before = try contents(below: installation.dataFolder)
    try setMode(0o500, log)
    defer { try? setMode(0o700, log) }
    let ended = try serve(installation, asOrdinaryUser: true)
    #expect(ended.status == Self.refused)
    #expect(ended.errors.contains(log), "\(ended.errors)")
    try setMode(0o700, log)
    #expect(try contents(below: installation.dataFolder) == before)
  }

  @Test("says where the log is damaged, and writes nothing over it")
  func damagedLog() throws {
    let installation = try TestInstallation()
    let daemon = try Daemon(installation)
    let connection = try WireConnection(port: daemon.port, installation.context())
    var requests = Requests()
    var places: [Int] = []
    let segment = try segmentFile(installation)
    for serial: UInt64 in 1_000_000_000_001...1_000_000_000_010 {
      let name = Data(card(serial).revealed.utf8)
      let reply = try decode(connection.exchange(requests.next(activation(card(serial)))))
      #expect(reply.header.code == .activated)
      // Where the record of this change lies, by the card number in it.
      let data = try Data(contentsOf: URL(filePath: segment))
      places.append(try #require(data.range(of: name)?.lowerBound))
    }
    #expect(try daemon.stop() == 0)

    var data = try Data(contentsOf: URL(filePath: segment))
    data[places[4]] ^= 0x10
    try data.write(to: URL(filePath: segment))
    let before = try contents(below: installation.dataFolder)
    let ended = try serve(installation)
    #expect(ended.status == Self.refused)
    #expect(ended.errors.contains(segment), "\(ended.errors)")
    #expect(try contents(below: installation.dataFolder) == before)
    // What is damaged may be personal data; it is not for the message.
    #expect(!ended.errors.contains(card(1_000_000_000_005).revealed))
  }

  @Test("says that the key of confirmation numbers is missing, or is none")
  func key() throws {
    let installation = try TestInstallation()
    let key = installation.dataFolder + "/confirmation.key"
    try Data([1, 2, 3]).write(to: URL(filePath: key))
    let short = try serve(installation)
    #expect(short.status == Self.refused)
    #expect(short.errors.contains(key), "\(short.errors)")
    try FileManager.default.removeItem(atPath: key)
    let missing = try serve(installation)
    #expect(missing.status == Self.refused)
    #expect(missing.errors.contains(key), "\(missing.errors)")
    #expect(!FileManager.default.fileExists(atPath: key))
  }

  @Test("does not make an installation over another")
  func initialization() throws {
    let installation = try TestInstallation()
    let before = try contents(below: installation.folder.path)
    let again = try Program.posd.run(["init", installation.path("")])
    #expect(again.status == Self.refused)
    #expect(again.errors.contains("not empty"), "\(again.errors)")
    #expect(try contents(below: installation.folder.path) == before)
  }

  private func serve(
    _ installation: TestInstallation, asOrdinaryUser: Bool = false
  ) throws -> (status: Int32, output: String, errors: String) {
    let arguments = ["serve", "--config", installation.configurationFile]
    // The superuser writes wherever it likes, unless that power is taken from it.
    guard asOrdinaryUser, geteuid() == 0 else { return try Program.posd.run(arguments) }
    return try #require(Program.tool("setpriv")).run(
      ["--bounding-set=-all", Program.posd.path] + arguments)
  }

  private func setMode(_ mode: Int, _ path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  /// The segment that changes go to: the only one with records in it.
  private func segmentFile(_ installation: TestInstallation) throws -> String {
    let log = installation.dataFolder + "/log"
    let names = try FileManager.default.contentsOfDirectory(atPath: log).sorted()
    return log + "/" + (try #require(names.first { $0.hasSuffix(".segment") }))
  }
}
