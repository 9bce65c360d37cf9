import Foundation
import ProgramSupport
import Testing
import TransactionModel
import WireFormat

@Suite("A daemon that cannot start", .showsDaemons)
struct StartTests {
  /// Status of what an operator has to mend first; systemd does not start it again.
  static let refused: Int32 = 2

  @Test("says which process has the directory, and leaves that one alone")
  func sameDirectory() throws {
    let service = try Service(signsOn: false)
    let before = try stableContents(service.installation)
    let second = try serve(service.installation)
    #expect(second.status == Self.refused)
    #expect(second.errors.contains("\(service.daemon.child.identifier)"), "\(second.errors)")
    #expect(try stableContents(service.installation) == before)
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
    let before = try logContents(installation)
    try setMode(0o500, log)
    defer { try? setMode(0o700, log) }
    let ended = try serve(installation, asOrdinaryUser: true)
    #expect(ended.status == Self.refused)
    #expect(ended.errors.contains(log), "\(ended.errors)")
    try setMode(0o700, log)
    #expect(try logContents(installation) == before)
  }

  @Test("says where the log is damaged, and writes nothing over it")
  func damagedLog() throws {
    let installation = try TestInstallation()
    let daemon = try Daemon(installation)
    let connection = try WireConnection(port: daemon.port, installation.context())
    try connection.signOn()
    var requests = Requests()
    // One after the other: each is in a batch of its own.
    for (number, name) in Self.names.enumerated() {
      var form = eligibleForm()
      let isSet = form.set(.lastName, to: name)
      #expect(isSet)
      let body = activation(card(1_000_000_000_001 + UInt64(number)), form)
      let reply = try decode(connection.exchange(requests.next(body)))
      #expect(reply.header.code == .activated)
    }
    #expect(try daemon.stop() == 0)

    let file = try damage(installation)
    let before = try logContents(installation)
    let ended = try serve(installation)
    #expect(ended.status == Self.refused)
    #expect(ended.errors.contains(file), "\(ended.errors)")
    #expect(ended.errors.contains("offset"), "\(ended.errors)")
    #expect(try logContents(installation) == before)
    // What is damaged may be personal data; it is not for the message.
    #expect(!ended.errors.contains(Self.names[1]) && !ended.errors.contains("1000000000"))
    #expect(ended.output == "")
  }

  private static let names = ["Achterberg", "Bermudez", "Castellano", "Delacroix", "Eriksen"]

  /// Flips a bit in the record before the last ones; gives the name of the file.
  private func damage(_ installation: TestInstallation) throws -> String {
    let log = installation.dataFolder + "/log"
    let head = try Program.posctl.run(["log", "head", log]).output.split(separator: " ")
    let last = try #require(head.count == 5 ? UInt64(head[3]) : nil)
    let proof = try Program.posctl.run(["log", "prove", log, "--position", "\(last - 3)"]).output
    let words = proof.replacing(",", with: "").split(separator: " ")
    let offset = try #require(words.firstIndex(of: "offset").flatMap { Int(words[$0 + 1]) })
    // The run that was stopped wrote the second segment.
    let file = "000000000002.segment"
    let url = URL(filePath: log + "/" + file)
    var data = try Data(contentsOf: url)
    data[offset + 300] ^= 0x10
    try data.write(to: url)
    return file
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

  /// The files that the daemon in charge does not touch while nothing is asked of it: it may be
  /// making further segments ready.
  private func stableContents(_ installation: TestInstallation) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in ["confirmation.key", "log/control", "log/lock", "log/000000000001.segment"] {
      files[name] = try Data(contentsOf: URL(filePath: installation.dataFolder + "/" + name))
    }
    return files
  }

  /// The files of the log, but for the one that says who has it.
  private func logContents(_ installation: TestInstallation) throws -> [String: Data] {
    try contents(below: installation.dataFolder).filter { !$0.key.hasSuffix("lock") }
  }
}
