import Foundation
import LinuxSystem
import ProgramSupport
import TerminalClient
import Testing
import TransactionModel
import WireFormat

@Suite("A change whose line is cut at any byte", .showsDaemons)
struct CutTests {
  @Test("of its request or of its reply is carried out once, and answered once")
  func cuts() throws {
    let installation = try TestInstallation(
      terminals: ChangeKind.allCases.count,
      cards: ChangeKind.allCases.count * Int(ChangeKind.cardCountMax))
    let daemon = try Daemon(installation)
    let works = ChangeKind.allCases.map { kind in
      Work {
        var line = try Line(kind, installation, daemon.port)
        try line.cutEverywhere()
      }
    }
    for work in works { try work.finish(within: 600) }
    #expect(try daemon.stop() == 0)
    let counts = try LogChanges(installation).codes
    for kind in ChangeKind.allCases {
      let (request, reply) = kind.frameByteCounts
      let made = counts.filter { $0.key.terminal == kind.terminal && $0.key.stan < 3_000_000_000 }
      #expect(made.count == request + reply + 2, "\(kind)")
      #expect(made.values.allSatisfy { $0 == [Int(kind.approval.rawValue)] }, "\(kind)")
    }
  }

  /// A terminal, the line that breaks, and the daemon behind it.
  private struct Line: ~Copyable {
    let kind: ChangeKind
    let relay: FrameRelay
    let preparation: Preparation
    var terminal: ReliableTerminal

    init(_ kind: ChangeKind, _ installation: TestInstallation, _ port: UInt16) throws {
      let preparation = try Preparation(kind, installation, port: port)
      let relay = try installation.relay(terminal: kind.terminal, to: port)
      var terminal = try ReliableTerminal(
        installation.profile(terminal: kind.terminal, port: relay.port))
      try terminal.readClock(patienceMilliseconds: 3 * patienceMilliseconds)
      self.kind = kind
      self.preparation = preparation
      self.relay = relay
      self.terminal = terminal
    }

    mutating func cutEverywhere() throws {
      defer { relay.stop() }
      let (requestByteCount, replyByteCount) = kind.frameByteCounts
      for byteCount in 0...requestByteCount {
        let exchanges = try make(.cutRequest(after: byteCount))
        try check(exchanges, wasCut: true, "request cut at \(byteCount)")
      }
      for byteCount in 0...replyByteCount {
        let exchanges = try make(.cutReply(after: byteCount))
        let isWhole = byteCount == replyByteCount
        try check(exchanges, wasCut: !isWhole, "reply cut at \(byteCount)")
      }
      terminal.disconnect()
    }

    /// Makes a change over a line that breaks once.
    private mutating func make(_ fault: FrameRelay.Fault) throws -> [FrameRelay.Exchange] {
      let body = try preparation.nextBody()
      relay.arm(fault)
      var reports: [RequestResult] = []
      let result = try terminal.perform(body, patienceMilliseconds: 3 * patienceMilliseconds) {
        reports.append($0)
      }
      guard let result, reports == [result], case .answered(let reply) = result.outcome,
        reply.header.code == kind.approval, terminal.pending.isEmpty
      else { throw BrokenPromise("\(kind), \(fault): \(reports)") }
      return try relay.takeExchanges()
    }

    /// What was sent again is what was sent, and what was answered again what was answered.
    private func check(
      _ exchanges: [FrameRelay.Exchange], wasCut: Bool, _ place: String
    ) throws {
      guard exchanges.count == (wasCut ? 2 : 1), let first = exchanges.first,
        let last = exchanges.last, let answer = last.reply
      else { throw BrokenPromise("\(kind), \(place): \(exchanges.count) exchanges") }
      let isRepeated =
        !wasCut || adding(.repeat, to: first.request) == last.request
        || first.request == last.request && flags(of: last.request).contains(.repeat)
      let isStored =
        first.reply == nil || !wasCut
        || adding(.storedReply, to: first.reply ?? []) == answer
      guard isRepeated, isStored else {
        throw BrokenPromise("\(kind), \(place): not what was sent, or answered, before")
      }
    }
  }
}
