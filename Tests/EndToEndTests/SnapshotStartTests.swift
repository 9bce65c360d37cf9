import Foundation
import ProgramSupport
import Testing
import TransactionModel
import WireFormat

@Suite("A start from a snapshot", .showsDaemons)
struct SnapshotStartTests {
  /// An installation whose snapshot stands for all that was done.
  private func installation() throws -> (TestInstallation, newestTime: UInt64) {
    let installation = try TestInstallation(settings: ["snapshot.segments": 0])
    var daemon = try Daemon(installation)
    let connection = try WireConnection(port: daemon.port, installation.context())
    try connection.signOn()
    var requests = Requests(after: 1_000)
    let reply = try decode(connection.exchange(requests.next(activation(card(1_000_000_000_001)))))
    #expect(reply.header.code == .activated)
    let newest = try newestTime(installation)
    #expect(try daemon.stop() == 0)
    daemon = try Daemon(installation)
    let made = try Program.posctl.run(["snapshot", "--config", installation.configurationFile])
    #expect(made.status == 0 && made.output.contains("1 cards"), "\(made.output)\(made.errors)")
    #expect(try daemon.stop() == 0)
    return (installation, newest)
  }

  private func newestTime(_ installation: TestInstallation) throws -> UInt64 {
    let status = try Posctl(installation: installation).json("status") as? [String: Any]
    return try #require(status?["newest_server_time"] as? UInt64)
  }

  @Test("with nothing behind it goes on at its time")
  func time() throws {
    let (installation, newest) = try installation()
    #expect(newest >= TestInstallation.clockStartMilliseconds)
    for _ in 0..<2 {
      let daemon = try Daemon(installation)
      #expect(daemon.child.errorText.contains("cards: 1"), "\(daemon.child.errorText)")
      #expect(try newestTime(installation) >= newest)
      #expect(try daemon.stop() == 0)
    }
  }

  @Test("is refused with another confirmation key")
  func otherKey() throws {
    let (installation, _) = try installation()
    let key = URL(filePath: installation.dataFolder + "/confirmation.key")
    let good = try Data(contentsOf: key)
    try Data(good.map { $0 ^ 1 }).write(to: key)
    let refused = try Program.posd.run(["serve", "--config", installation.configurationFile])
    #expect(refused.status == 2 && refused.errors.contains("confirmation key"), "\(refused.errors)")
    try good.write(to: key)
    #expect(try Daemon(installation).stop() == 0)
  }

  @Test("is refused with another installation's snapshot, though the log is whole without it")
  func foreign() throws {
    let (other, _) = try installation()
    let own = try TestInstallation(settings: ["snapshot.segments": 0])
    let files = try FileManager.default.contentsOfDirectory(atPath: other.dataFolder + "/log")
    let name = try #require(files.first { $0.hasSuffix(".snapshot") })
    let stray = "\(own.dataFolder)/log/\(name)"
    try FileManager.default.copyItem(atPath: "\(other.dataFolder)/log/\(name)", toPath: stray)
    let refused = try Program.posd.run(["serve", "--config", own.configurationFile])
    #expect(refused.status == 2 && refused.errors.contains(name), "\(refused.errors)")
    try FileManager.default.removeItem(atPath: stray)
    #expect(try Daemon(own).stop() == 0)
  }
}
