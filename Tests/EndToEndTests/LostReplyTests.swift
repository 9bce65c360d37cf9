import LinuxSystem
import ProgramSupport
import Synchronization
import TerminalClient
import Testing
import TransactionModel
import WireFormat

@Suite("A daemon that is killed between commit and reply", .showsDaemons)
struct LostReplyTests {
  @Test("answers the repeat as it would have answered, for every kind of change")
  func killed() throws {
    let installation = try TestInstallation(
      terminals: ChangeKind.allCases.count + 1,
      cards: ChangeKind.allCases.count * Int(ChangeKind.cardCountMax))
    let running = Running(try Daemon(installation))
    for kind in ChangeKind.allCases {
      let port = running.daemon.withLock { $0.port }
      let relay = try installation.relay(terminal: kind.terminal, to: port)
      defer { relay.stop() }
      let preparation = try Preparation(kind, installation, port: port)
      var terminal = try ReliableTerminal(
        installation.profile(terminal: kind.terminal, port: relay.port))
      try terminal.readClock(patienceMilliseconds: 3 * patienceMilliseconds)
      let body = try preparation.nextBody()
      relay.arm(
        .swallowReply { reply in
          try Self.expectDurable(reply, installation, port)
          return try running.daemon.withLock { daemon in
            try daemon.kill()
            daemon = try Daemon(installation)
            return daemon.port
          }
        })
      let result = try terminal.perform(body, patienceMilliseconds: 6 * patienceMilliseconds) {
        _ in
      }
      #expect(result?.outcome.reply?.header.code == kind.approval, "\(kind)")
      #expect(result?.outcome.reply?.header.flags == .storedReply, "\(kind)")
      #expect(terminal.pending.isEmpty)
      terminal.disconnect()
      let exchanges = try relay.takeExchanges()
      let swallowed = try #require(exchanges.first?.reply)
      #expect(exchanges.last?.reply == adding(.storedReply, to: swallowed), "\(kind)")
      #expect(exchanges.count == 2, "\(kind)")
    }
    #expect(try running.daemon.withLock { try $0.stop() } == 0)
    let codes = try LogChanges(installation).codes
    for kind in ChangeKind.allCases {
      let made = codes.filter { $0.key.terminal == kind.terminal && $0.key.stan < 3_000_000_000 }
      #expect(made.map(\.value) == [[Int(kind.approval.rawValue)]], "\(kind)")
    }
  }

  /// Checks from outside that the change of a reply is in the log; a later one proves its batch.
  private static func expectDurable(
    _ reply: [UInt8], _ installation: TestInstallation, _ port: UInt16
  ) throws {
    let terminal = 1_001 + UInt64(ChangeKind.allCases.count)
    let connection = try WireConnection(port: port, installation.context(terminal: terminal))
    try connection.signOn(terminal: terminal)
    try connection.signOn(terminal: terminal)
    let header = try decode(reply).header
    let key = LogChanges.Key(
      terminal: header.terminal.rawValue, stan: UInt64(header.traceNumber.rawValue))
    guard try LogChanges(installation).codes[key] == [Int(header.code.rawValue)] else {
      throw BrokenPromise("was answered, and is not in the log once")
    }
  }
}

/// The daemon that runs at the time.
private final class Running: Sendable {
  let daemon: Mutex<Daemon>
  init(_ daemon: Daemon) { self.daemon = Mutex(daemon) }
}
