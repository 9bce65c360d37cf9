import ProgramSupport
import Synchronization
import TLS
import TransactionModel
import WireFormat

/// The changes that one terminal makes until the daemon dies, and what it was told of each.
///
/// It works at several cards at a time, so that several of its changes are in flight; of one card
/// the next is sent when the last is answered (SPECIFICATION.md, 18.2).
final class ChangeStream: Sendable {
  static let cardsAtATime = 4
  static let updatesPerCard = 5

  private let ledger: Mutex<ChangeLedger>
  private let context: TLSClientContext

  init(_ installation: TestInstallation, terminal: UInt64, firstSerial: UInt64) throws {
    context = try installation.context(terminal: terminal)
    ledger = Mutex(ChangeLedger(terminal: terminal, firstSerial: firstSerial))
  }

  var changeCount: Int { ledger.withLock { $0.changeCount } }
  var unansweredCount: Int { ledger.withLock { $0.unanswered.count } }

  /// Makes changes until the connection ends, and says when it is connected, and of each change
  /// when it is acknowledged.
  func run(port: UInt16, whenConnected: () -> Void, whenAcknowledged: () -> Void) throws {
    try ledger.withLock { ledger in
      let connection = try WireConnection(port: port, context)
      try ledger.signOnOnce(connection)
      whenConnected()
      var isOpen = true
      func submit(_ frame: [UInt8]) {
        guard isOpen else { return }
        do { try connection.send(frame) } catch { isOpen = false }
      }
      for _ in 0..<Self.cardsAtATime { submit(ledger.activateNextCard()) }
      while case .frame(let reply) = connection.receive() {
        let serial = try ledger.acknowledge(reply)
        whenAcknowledged()
        guard isOpen else { continue }
        let hasMore = ledger.updateCount(of: serial) < Self.updatesPerCard
        submit(hasMore ? ledger.update(serial) : ledger.activateNextCard())
      }
    }
  }

  /// Checks after a restart all that was acknowledged since the last check, and settles what was
  /// not; gives how many of the unanswered changes had been carried out.
  func verify(port: UInt16) throws -> Int {
    try ledger.withLock { ledger in
      let connection = try WireConnection(port: port, context)
      try ledger.checkRecords(of: ledger.recentSerials, connection)
      try ledger.checkLastAcknowledged(connection)
      let foundCount = try ledger.settleUnanswered(connection)
      try ledger.checkRecords(of: ledger.recentSerials, connection)
      ledger.recentSerials = []
      return foundCount
    }
  }

  /// Checks every card that was ever changed.
  func verifyAll(port: UInt16) throws {
    try ledger.withLock { ledger in
      let connection = try WireConnection(port: port, context)
      try ledger.checkRecords(of: ledger.cards.keys.sorted(), connection)
    }
  }
}

/// What was not as it had been acknowledged.
struct BrokenPromise: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
