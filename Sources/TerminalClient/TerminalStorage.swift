import LinuxSystem
package import TransactionModel

/// What a terminal keeps where a loss of power does not reach it (SPECIFICATION.md, 18.1).
///
/// What these calls do is durable when they return. After one has thrown, any part of it may have
/// been done, and the terminal stops until it is started again.
package protocol TerminalStorage: ~Copyable {
  /// The changes that were pending at the start, in the order in which the clerk made them.
  var pending: [PendingChange] { get }

  /// Gives the next number, never one that it gave before.
  mutating func nextTraceNumber() throws(TerminalError) -> SystemTraceAuditNumber

  /// Keeps a change, or its new form in the place of the former one.
  mutating func keep(_ change: PendingChange) throws(TerminalError)

  /// Takes a change away.
  mutating func erase(_ id: SystemTraceAuditNumber) throws(TerminalError)
}

/// The files of a terminal: its claim on the directory, its trace number, its pending changes.
struct TerminalFiles: ~Copyable, TerminalStorage {
  private var state: TerminalState
  private var pendingFile: PendingFile

  init(_ profile: TerminalProfile) throws(TerminalError) {
    let state = try TerminalState(path: profile.stateDirectory, terminal: profile.terminal)
    let privateKey = try reporting(profile.privateKeyFile) { () throws(SystemError) in
      try File(readingFrom: profile.privateKeyFile).content()
    }
    let name = "pending-\(profile.terminal.rawValue)"
    let path = "\(profile.stateDirectory)/\(name)"
    let directory = try reporting(path) { () throws(SystemError) in
      try Directory(path: profile.stateDirectory)
    }
    pendingFile = try PendingFile.open(
      directory, name: name, path: path, terminal: profile.terminal, privateKey: privateKey)
    self.state = state
  }

  var pending: [PendingChange] { pendingFile.changes }
  var unreadableCount: Int { pendingFile.unreadablePlaces.count }

  mutating func nextTraceNumber() throws(TerminalError) -> SystemTraceAuditNumber {
    try state.traceNumbers.advance()
  }

  /// Takes note that numbers up to this one are used.
  mutating func raise(to number: SystemTraceAuditNumber) throws(TerminalError) {
    try state.traceNumbers.raise(to: number.rawValue)
  }

  /// Goes on well clear of the newest number that the server has seen.
  mutating func goOn(after number: UInt32) throws(TerminalError) {
    try state.traceNumbers.goOn(after: number)
  }

  /// Throws when there is no room for another change.
  func checkRoom() throws(TerminalError) { try pendingFile.checkRoom() }

  mutating func keep(_ change: PendingChange) throws(TerminalError) {
    try pendingFile.keep(change)
  }

  mutating func erase(_ id: SystemTraceAuditNumber) throws(TerminalError) {
    try pendingFile.erase(id)
  }

  mutating func discardUnreadable() throws(TerminalError) { try pendingFile.discardUnreadable() }
}
