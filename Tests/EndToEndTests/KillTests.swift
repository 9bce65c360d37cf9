import Dispatch
import Foundation
import ProgramSupport
import Synchronization
import Testing

@Suite("A daemon that is killed", .showsDaemons)
struct KillTests {
  static let terminalCount = 4
  static let cardsOfTerminal: UInt64 = 25_000
  static let patienceSeconds = 30

  static var roundCount: Int {
    ProcessInfo.processInfo.environment["POSD_KILL_ROUNDS"].flatMap { Int($0) } ?? 20
  }

  static var seed: UInt64 {
    ProcessInfo.processInfo.environment["POSD_SEED"].flatMap { UInt64($0) }
      ?? .random(in: 0...UInt64.max)
  }

  @Test("loses no change that it acknowledged, and carries out no repeat twice")
  func killed() throws {
    let seed = Self.seed
    var random = SeededGenerator(seed: seed)
    let installation = try TestInstallation(
      terminals: Self.terminalCount, cards: Self.terminalCount * Int(Self.cardsOfTerminal))
    let streams = try (0..<UInt64(Self.terminalCount)).map { index in
      try ChangeStream(
        installation, terminal: 1_001 + index,
        firstSerial: 1_000_000_000_001 + index * Self.cardsOfTerminal)
    }
    var (unansweredCount, foundCount) = (0, 0)
    var daemon = try Daemon(installation)
    do {
      for _ in 0..<Self.roundCount {
        try makeChanges(daemon, streams, &random)
        daemon = try Daemon(installation)
        unansweredCount += streams.reduce(0) { $0 + $1.unansweredCount }
        foundCount += try streams.reduce(0) { try $0 + $1.verify(port: daemon.port) }
      }
      for stream in streams { try stream.verifyAll(port: daemon.port) }
      #expect(try daemon.stop() == 0)
    } catch {
      Issue.record(error, "seed \(seed)")
    }
    let changeCount = streams.reduce(0) { $0 + $1.changeCount }
    #expect(changeCount > Self.roundCount * Self.terminalCount, "seed \(seed)")
    print(
      """
      seed \(seed), \(Self.roundCount) kills: \(changeCount) changes, \(unansweredCount) of them \
      unanswered, of which \(foundCount) had been carried out
      """)
  }

  /// Lets all terminals make changes at the same time, and kills the daemon after a random number
  /// of acknowledgements and a random moment more.
  func makeChanges(
    _ daemon: Daemon, _ streams: [ChangeStream], _ random: inout SeededGenerator
  ) throws {
    let acknowledgedCount = Atomic<Int>(0)
    let target = Int.random(in: 1...150, using: &random)
    let reached = DispatchSemaphore(value: 0)
    let gate = DispatchGroup()
    for _ in streams { gate.enter() }
    let works = streams.map { stream in
      Work {
        defer { reached.signal() }
        try stream.run(port: daemon.port) {
          // Nobody begins before all are connected, lest the kill come first.
          gate.leave()
          _ = gate.wait(timeout: .now() + .seconds(Self.patienceSeconds))
        } whenAcknowledged: {
          if acknowledgedCount.add(1, ordering: .relaxed).newValue == target { reached.signal() }
        }
      }
    }
    let isReached = reached.wait(timeout: .now() + .seconds(Self.patienceSeconds)) == .success
    // This waits for nothing: the moment of the kill is what is to be random.
    usleep(.random(in: 0...5_000, using: &random))
    try daemon.kill()
    for work in works { try work.finish() }
    guard isReached else { throw BrokenPromise("no \(target) changes in time") }
  }
}
