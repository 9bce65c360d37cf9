import LinuxSystem
package import TerminalClient
package import TransactionModel

/// A terminal's storage in memory, on a machine that stops when a test says so.
///
/// A call in whose middle the machine stops has either been done or not: what was not synced is
/// there afterwards or lost, as the seed has it.
package struct MemoryTerminalStorage: TerminalStorage {
  private var newest: UInt32 = 0
  private var changes: [PendingChange] = []
  private var generator: JitterGenerator
  /// Calls until the machine stops; `nil` for never.
  package var callsLeft: Int?

  package init(seed: UInt64) { generator = JitterGenerator(seed: seed) }

  package var pending: [PendingChange] { changes.sorted { $0.order < $1.order } }

  package mutating func nextTraceNumber() throws(TerminalError) -> SystemTraceAuditNumber {
    try change { $0.newest += 1 }
    return SystemTraceAuditNumber(rawValue: newest)
  }

  package mutating func keep(_ change: PendingChange) throws(TerminalError) {
    try self.change { storage in
      storage.changes.removeAll { $0.id == change.id }
      storage.changes.append(change)
    }
  }

  package mutating func erase(_ id: SystemTraceAuditNumber) throws(TerminalError) {
    try change { $0.changes.removeAll { $0.id == id } }
  }

  private mutating func change(_ body: (inout Self) -> Void) throws(TerminalError) {
    guard callsLeft != 0 else {
      if Bool.random(using: &generator) { body(&self) }
      throw .stateUnusable(path: "memory", SystemError(errorNumber: 5, call: "stopped"))
    }
    callsLeft = callsLeft.map { $0 - 1 }
    body(&self)
  }
}
