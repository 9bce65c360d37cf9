import Foundation
import ProgramSupport
import Testing
import TransactionModel
import WireFormat

@Suite("An operator's commands on the log", .showsDaemons)
struct LogCommandTests {
  /// Activates cards, one after the other.
  private func activate(
    _ numbers: Range<UInt64>, _ daemon: borrowing Daemon, _ installation: TestInstallation
  ) throws {
    let connection = try WireConnection(port: daemon.port, installation.context())
    try connection.signOn()
    var requests = Requests(after: UInt32(numbers.lowerBound))
    for number in numbers {
      var form = eligibleForm()
      form.set(.socialSecurityNumber, to: 876_543_219)
      let body = activation(card(1_000_000_000_001 + number), form)
      let reply = try decode(connection.exchange(requests.next(body)))
      #expect(reply.header.code == .activated)
    }
  }

  @Test("back up, prove, damage, repair and restore, and serve again")
  func life() throws {
    let installation = try TestInstallation()
    let log = installation.dataFolder + "/log"
    let keys = ["--keys", installation.path("log.key")]
    let (backup, repaired, restored) = (
      installation.path("backup"), installation.path("repaired"), installation.path("restored")
    )
    let daemon = try Daemon(installation)
    try activate(0..<3, daemon, installation)
    _ = try Posctl.run(["backup", log, backup])
    try activate(3..<6, daemon, installation)
    let refused = try Posctl.run(["log", "repair", log, "--into", repaired] + keys, 2)
    #expect(refused.errors.contains("in use"))
    #expect(try daemon.stop() == 0)
    #expect(daemon.child.errorText.contains("posd-log-head 1 "), "the head is in the journal")

    // Nothing of the data can be read, and its head is proven and refuted.
    for (file, found) in try contents(below: installation.dataFolder) {
      for secret in ["Okafor", "OKAFOR", "100000000000", "876543219"] {
        #expect(found.range(of: Data(secret.utf8)) == nil, "\(file) shows \(secret)")
      }
    }
    let head = try Posctl.run(["log", "head", log]).output
    let signed = try Posctl.run(["log", "head", log] + keys).output
    #expect(signed.hasPrefix(head.dropLast()) && daemon.child.errorText.contains(signed.dropLast()))
    let proof = try Posctl.run(["log", "prove", log, "--head", signed]).output
    #expect(proof.contains("signed by") && proof.contains("confirmed"))
    _ = try Posctl.run(["log", "prove", log, "--head", signed.replacing("d", with: "e")], 2)
    #expect(try Posctl.run(["log", "prove", log, "--head", head]).output.contains("confirmed"))
    #expect(try Posctl.run(["log", "prove", backup, "--head", head], 1).errors.contains("REFUTED"))
    #expect(try Posctl.run(["log", "dump", log], 2).errors.contains("no key was given"))
    #expect(try Posctl.run(["log", "stat", log]).output.contains("last_position"))
    _ = try Posctl.run(["backup", log, backup])
    #expect(try Posctl.run(["log", "prove", backup, "--head", head]).output.contains("confirmed"))

    // A restore up to a position, and a repair.
    let last = try #require(UInt64(head.split(separator: " ")[3]))
    _ = try Posctl.run(["restore", backup, restored, "--to-position", "\(last - 2)"] + keys)
    _ = try Posctl.run(["restore", backup, restored] + keys, 2)
    let place = try Posctl.run(["log", "prove", log, "--position", "\(last - 3)"]).output
    let words = place.replacing(",", with: "").split(separator: " ")
    let offset = try #require(words.firstIndex(of: "offset").flatMap { Int(words[$0 + 1]) })
    let segment = URL(filePath: log + "/000000000002.segment")
    var bytes = try Data(contentsOf: segment)
    bytes[offset + 300] ^= 1
    try bytes.write(to: segment)
    #expect(
      try Posctl.run(["log", "verify", log], 1).errors.contains("damaged at offset \(offset)"))
    let rest = try Posctl.run(["log", "dump", log] + keys, 1)
    #expect(rest.errors.contains("damaged at offset \(offset)"))
    #expect(UInt64(rest.output.split(separator: "\n").count) == last - 4)
    let repair = try Posctl.run(["log", "repair", log, "--into", repaired] + keys).output
    #expect(repair.contains("given up:  positions \(last - 3) to \(last)"), "\(repair)")

    // What was repaired is served, in a history of its own.
    try FileManager.default.moveItem(atPath: log, toPath: installation.path("damaged"))
    try FileManager.default.moveItem(atPath: repaired, toPath: log)
    let again = try Daemon(installation)
    #expect(try again.stop() == 0)
    _ = try Posctl.run(["log", "verify", log] + keys)
    #expect(try Posctl.run(["log", "prove", log, "--head", head], 1).errors.contains("REFUTED"))
  }

  @Test("say which key is missing, and so does the daemon")
  func keys() throws {
    let installation = try TestInstallation()
    let key = installation.path("log.key")
    let other = installation.path("other.key")
    let line = try Posctl.run(["log", "key"]).output
    try Data(line.utf8).write(to: URL(filePath: other))
    let log = installation.dataFolder + "/log"
    let dump = try Posctl.run(["log", "dump", log, "--keys", other], 2)
    #expect(dump.errors.contains("written with key"))
    try FileManager.default.removeItem(atPath: key)
    for isWrong in [false, true] {
      if isWrong { try FileManager.default.copyItem(atPath: other, toPath: key) }
      let ended = try Program.posd.run(["serve", "--config", installation.configurationFile])
      #expect(ended.status == 2)
      #expect(ended.errors.contains(isWrong ? "written with key" : "log.key is missing"))
      #expect(!ended.errors.contains(line.dropLast()))
    }
  }
}
