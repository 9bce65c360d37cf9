import Dispatch
import Foundation
import Installation
import LinuxSystem
import Logging
import Synchronization
import TransactionModel
import WriteAheadLog

/// Has snapshots made by a process aside: when enough of the log was closed, or somebody asks.
final class SnapshotKeeper: Sendable {
  private struct State {
    var isWanted = false
    var isStopping = false
    var running: ChildProgram?
    /// The segment behind which closed ones count.
    var countedFrom: UInt64 = 0
    var madeCount: UInt64 = 0
    var failedCount: UInt64 = 0
    var lastResult: (isGood: Bool, text: String)?
  }

  private let configuration: Configuration
  private let configurationFile: String
  private let logDirectory: String
  private let openSegment: OpenSegment
  private let logger: Logger
  private let state: Mutex<State>
  private let bell = DispatchSemaphore(value: 0)
  private let thread = OwnThread()

  /// `point` is that of the snapshot that the daemon started from.
  init(
    _ configuration: Configuration, file: String, openSegment: OpenSegment, from point: LogPoint?,
    _ logger: Logger
  ) {
    self.configuration = configuration
    configurationFile = file
    logDirectory = DataDirectory(configuration).logDirectory
    self.openSegment = openSegment
    self.logger = logger
    var state = State()
    state.countedFrom = point?.segmentNumber ?? 0
    self.state = Mutex(state)
  }

  func start() throws(SystemError) {
    removeLeftover()
    openSegment.observe { [bell] _ in bell.signal() }
    bell.signal()
    try thread.start(name: "snapshots") { self.run() }
  }

  /// Ends a making in the middle, which leaves nothing behind that counts.
  func stop() {
    state.withLock { state in
      state.isStopping = true
      state.running?.kill()
    }
    bell.signal()
    thread.join()
  }

  // MARK: For the control socket

  /// Asks for a snapshot; the answer names the run to wait for, and whether one is at work already.
  func request() -> JSONValue {
    let (number, isBeingMade) = state.withLock { state in
      let isBeingMade = state.running != nil
      if !isBeingMade { state.isWanted = true }
      return (state.madeCount + state.failedCount + 1, isBeingMade)
    }
    bell.signal()
    return .object(["run": .integer(number), "being_made": .bool(isBeingMade)])
  }

  /// How it stands with snapshots: the newest, and what came of the last run.
  var status: JSONValue {
    var members: [String: JSONValue] = [:]
    state.withLock { state in
      members["being_made"] = .bool(state.running != nil || state.isWanted)
      members["made"] = .integer(state.madeCount)
      members["failed"] = .integer(state.failedCount)
      if let result = state.lastResult {
        members["last_was_made"] = .bool(result.isGood)
        members["last_result"] = .string(result.text)
      }
    }
    if let name = try? LogSnapshot.names(directory: logDirectory).first {
      members["newest_position"] = .integer(LogSnapshot.position(of: name)?.rawValue ?? 0)
      if let information = try? LogSnapshot.information(directory: logDirectory, name) {
        let now = WallClock.nowMilliseconds
        let age = now - min(now, information.createdMilliseconds)
        members["newest_age_seconds"] = .integer(age / 1_000)
        members["newest_bytes"] = .integer(UInt64(information.byteCount))
      }
    }
    return .object(members)
  }

  // MARK: The thread

  /// Removes what a process that was killed left unfinished: the log needs the room.
  private func removeLeftover() {
    if let claim = try? SnapshotClaim(directory: logDirectory) {
      try? claim.removeLeftover(directory: logDirectory)
    }
  }

  private func run() {
    while true {
      bell.wait()
      let (isDue, isStopping) = state.withLock { state in
        (state.isWanted || isEnoughClosed(state), state.isStopping)
      }
      if isStopping { return }
      if isDue { makeOne() }
    }
  }

  private func isEnoughClosed(_ state: borrowing State) -> Bool {
    let wanted = UInt64(configuration.snapshot.segments)
    return wanted > 0 && openSegment.number > state.countedFrom + wanted
  }

  private func makeOne() {
    let closed = max(1, openSegment.number) - 1
    let (status, text) = runChild()
    if status != 0 { removeLeftover() }
    let line = text.split(separator: "\n").last.map(String.init) ?? "no word from it"
    let isStopping = state.withLock { state in
      state.running = nil
      state.isWanted = false
      state.countedFrom = closed
      if status == 0 { state.madeCount += 1 } else { state.failedCount += 1 }
      state.lastResult = (status == 0, status == 0 ? line : "failed (\(status)): \(line)")
      return state.isStopping
    }
    if status == 0 {
      logger.notice("\(line)")
    } else if !isStopping {
      logger.error("no snapshot was made (\(status)): \(line)")
    }
  }

  /// Runs the maker from a thread of its own, which is left what nobody else wants, and so the maker
  /// from its first instruction on.
  ///
  /// The keeper's own thread could not go back, and would keep others waiting who write to the same
  /// journal. The maker ends with the thread that started it: that one waits for it.
  private func runChild() -> (status: Int32, text: String) {
    let outcome = Mutex<(status: Int32, text: String)>((-1, ""))
    do throws(SystemError) {
      try OwnThread(name: "snapshot-child") {
        // Where this is refused, the maker asks again for itself.
        try? Thread.runCurrentWhenIdle()
        let result = self.runMaker()
        outcome.withLock { $0 = result }
      }.join()
    } catch {
      return (-1, "\(error)")
    }
    return outcome.withLock { $0 }
  }

  private func runMaker() -> (status: Int32, text: String) {
    do throws(SystemError) {
      let child = try ChildProgram(
        path: "/proc/self/exe",
        arguments: [
          "posd", "make-snapshot", "--config", configurationFile, "--data",
          configuration.dataDirectory, "--parent", "\(CurrentProcess.identifier)",
        ])
      state.withLock { state in
        state.running = child
        // A stop that came before there was anything to end.
        if state.isStopping { child.kill() }
      }
      return child.wait()
    } catch {
      return (-1, "\(error)")
    }
  }
}
