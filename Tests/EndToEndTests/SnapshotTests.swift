import Foundation
import ProgramSupport
import Testing
import TransactionModel
import WireFormat

@Suite("Snapshots of a daemon", .showsDaemons)
struct SnapshotTests {
  private func snapshots(_ installation: TestInstallation) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: installation.dataFolder + "/log")
      .filter { $0.hasSuffix(".snapshot") }.sorted()
  }

  /// Whether a process has ended, at the latest in a moment: the kernel ends it with its parent.
  private func isGone(_ process: Int32) -> Bool {
    let deadline = Date(timeIntervalSinceNow: 60)
    while Date() < deadline {
      let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
      guard let stat, stat.split(separator: ")").last?.split(separator: " ").first != "Z" else {
        return true
      }
      usleep(10_000)
    }
    return false
  }

  /// The children of a process that make snapshots.
  private func makers(of daemon: Daemon) -> [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.filter { process in
      guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
        let rest = stat.split(separator: ")").last
      else { return false }
      let fields = rest.split(separator: " ")
      return fields.count > 1 && Int32(fields[1]) == daemon.child.identifier && fields[0] != "Z"
    }
  }

  private func activate(
    _ numbers: Range<UInt64>, _ daemon: Daemon, _ installation: TestInstallation
  ) throws {
    let connection = try WireConnection(port: daemon.port, installation.context())
    try connection.signOn()
    var requests = Requests(after: UInt32(numbers.lowerBound) + 1_000)
    for number in numbers {
      let body = activation(card(1_000_000_000_001 + number), eligibleForm())
      let reply = try decode(connection.exchange(requests.next(body)))
      #expect(reply.header.code == .activated)
    }
  }

  private func cardCount(_ installation: TestInstallation) throws -> Int? {
    let status =
      try Posctl(installation: installation).json("status") as? [String: Any] ?? [:]
    return (status["engine"] as? [String: Any])?["cards_with_records"] as? Int
  }

  @Test("are made on request, started from, and replaced by an older one when damaged")
  func life() throws {
    let installation = try TestInstallation(settings: ["snapshot.segments": 0])
    let config = ["--config", installation.configurationFile]
    let log = installation.dataFolder + "/log"
    var daemon = try Daemon(installation)
    for run in UInt64(0)..<3 {
      try activate(run * 4..<run * 4 + 4, daemon, installation)
      #expect(try daemon.stop() == 0)
      // What somebody's power cut left unfinished goes.
      try Data(count: 5_000).write(to: URL(filePath: log + "/unfinished.snapshot"))
      daemon = try Daemon(installation)
      let made = try Posctl.run(["snapshot"] + config).output
      #expect(made.contains("snapshot up to position") && made.contains("\(run * 4 + 4) cards"))
      #expect(!FileManager.default.fileExists(atPath: log + "/unfinished.snapshot"))
    }
    #expect(try snapshots(installation).count == 2, "the oldest of three is gone")
    #expect(try Posctl.run(["snapshot"] + config).output.contains("nothing to make"))
    let status = try Posctl(installation: installation).json("snapshot") as? [String: Any]
    #expect((status?["newest_position"] as? Int ?? 0) > 12 && status?["failed"] as? Int == 0)
    try activate(12..<14, daemon, installation)
    try daemon.kill()

    daemon = try Daemon(installation)
    #expect(daemon.child.errorText.contains("cards: 12"), "\(daemon.child.errorText)")
    #expect(try cardCount(installation) == 14)
    #expect(try daemon.stop() == 0)
    #expect(try Posctl.run(["log", "verify", log]).output.contains(": sound"))

    // The newest is damaged: the older one serves, and it is said.
    let names = try snapshots(installation)
    let newest = try #require(names.last)
    let good = try Data(contentsOf: URL(filePath: "\(log)/\(newest)"))
    var bad = good
    bad[9_000] ^= 1
    try bad.write(to: URL(filePath: "\(log)/\(newest)"))
    _ = try Posctl.run(["log", "verify", log], 1)
    daemon = try Daemon(installation)
    #expect(daemon.child.errorText.contains("\(newest): damaged"))
    #expect(try cardCount(installation) == 14)
    #expect(try daemon.stop() == 0)

    // Without its first segments the log is nothing by itself, and with a snapshot it is all.
    for number in 1...2 {
      try FileManager.default.removeItem(atPath: "\(log)/00000000000\(number).segment")
    }
    daemon = try Daemon(installation)
    #expect(try cardCount(installation) == 14)
    #expect(try daemon.stop() == 0)
    let verified = try Posctl.run(["log", "verify", log], 1).output
    #expect(verified.contains("the log begins at segment 3"), "\(verified)")
    for name in names { try FileManager.default.removeItem(atPath: "\(log)/\(name)") }
    let refused = try Program.posd.run(["serve"] + config)
    #expect(refused.status == 2 && refused.errors.contains("no snapshot that is whole"))
  }

  @Test("save what they hold when the log is damaged before them, and behind them too")
  func repair() throws {
    let installation = try TestInstallation(settings: ["snapshot.segments": 0])
    let config = ["--config", installation.configurationFile]
    let log = installation.dataFolder + "/log"
    for run in UInt64(0)..<3 {
      let daemon = try Daemon(installation)
      if run > 0 { _ = try Posctl.run(["snapshot"] + config) }
      try activate(run * 4..<run * 4 + 4, daemon, installation)
      #expect(try daemon.stop() == 0)
    }
    // The first batch of all, and the last change of the third run.
    try flip("\(log)/000000000001.segment", at: 4_096 + 200)
    let head = try Posctl.run(["log", "head", log], 1).errors
    #expect(head.contains("damaged at offset 4096"))
    let file = "\(log)/000000000004.segment"
    let last = try #require(try offsets(ofBatchesIn: file).last)
    try flip(file, at: last + 200)
    let repaired = installation.path("repaired")
    let said = try Posctl.run(
      ["log", "repair", log, "--into", repaired, "--keys", installation.path("log.key")]
    ).output
    #expect(said.contains("in the original only; what they changed is in the snapshot"))
    #expect(said.contains("given up:  positions"), "\(said)")

    try FileManager.default.moveItem(atPath: log, toPath: installation.path("damaged"))
    try FileManager.default.moveItem(atPath: repaired, toPath: log)
    let daemon = try Daemon(installation)
    let count = try #require(try cardCount(installation))
    // The last change is lost: alone on the line, each is a batch.
    #expect(count == 11)
    #expect(try daemon.stop() == 0)
    _ = try Posctl.run(["log", "verify", log])
  }

  private func flip(_ file: String, at offset: Int) throws {
    var bytes = try Data(contentsOf: URL(filePath: file))
    bytes[offset] ^= 1
    try bytes.write(to: URL(filePath: file))
  }

  /// Where the batches of a segment begin that have records.
  private func offsets(ofBatchesIn file: String) throws -> [Int] {
    let bytes = try Data(contentsOf: URL(filePath: file))
    return stride(from: 4_096, to: bytes.count, by: 4_096).filter {
      bytes[$0 + 32..<$0 + 40] == Data("POSDBTCH".utf8) && bytes[$0 + 88] > 0
    }
  }

  @Test("end unfinished when the daemon is killed: who makes one dies with it")
  func makerDies() throws {
    let installation = try TestInstallation(settings: ["snapshot.segments": 0])
    #expect(try Daemon(installation).stop() == 0)
    let daemon = try Daemon(installation)
    // What the maker reads first never comes: it is at work for as long as this wants.
    let log = installation.dataFolder + "/log"
    let never = "\(log)/00000000000000999999.snapshot"
    #expect(try #require(Program.tool("mkfifo")).run([never]).status == 0)
    let asking = try ChildProcess(
      Program.posctl, ["snapshot", "--config", installation.configurationFile], output: .pipe)
    let deadline = Date(timeIntervalSinceNow: 60)
    var makers: [Int32] = []
    while makers.isEmpty, Date() < deadline {
      // With the claim it is past its own beginning.
      let claimed = (try? String(contentsOfFile: "\(log)/snapshot-lock", encoding: .utf8)) ?? ""
      makers = self.makers(of: daemon).filter { claimed.contains("\($0)") }
    }
    #expect(makers.count == 1)
    try daemon.kill()
    #expect(makers.allSatisfy(isGone), "it outlives its daemon")
    #expect(try asking.waitForExit(within: Daemon.startSeconds) != 0)
  }

  @Test("are made under load, and whoever is killed meanwhile, nothing acknowledged is lost")
  func underLoad() throws {
    let seed = KillTests.seed
    var random = SeededGenerator(seed: seed)
    let installation = try TestInstallation(
      terminals: KillTests.terminalCount,
      cards: KillTests.terminalCount * Int(KillTests.cardsOfTerminal),
      settings: ["snapshot.segments": 1])
    let streams = try (0..<UInt64(KillTests.terminalCount)).map { index in
      try ChangeStream(
        installation, terminal: 1_001 + index,
        firstSerial: 1_000_000_000_001 + index * KillTests.cardsOfTerminal)
    }
    var killedCount = 0
    do {
      // Each start closes a segment, so that each makes a snapshot.
      for round in 0..<8 {
        let daemon = try Daemon(installation)
        if round % 2 == 1 {
          for maker in makers(of: daemon) where kill(maker, SIGKILL) == 0 { killedCount += 1 }
        }
        try KillTests().makeChanges(daemon, streams, &random)
        let again = try Daemon(installation)
        for stream in streams { _ = try stream.verify(port: again.port) }
        let left = makers(of: again)
        try again.kill()
        #expect(left.allSatisfy(isGone), "a maker of snapshots outlives its daemon")
      }
      let daemon = try Daemon(installation)
      for stream in streams { try stream.verifyAll(port: daemon.port) }
      _ = try Posctl.run(["snapshot", "--config", installation.configurationFile])
      #expect(try snapshots(installation).count >= 1)
      #expect(try daemon.stop() == 0)
      _ = try Posctl.run(["log", "verify", installation.dataFolder + "/log"])
    } catch {
      Issue.record(error, "seed \(seed)")
    }
    print("seed \(seed): \(killedCount) makers of snapshots were killed")
  }
}
