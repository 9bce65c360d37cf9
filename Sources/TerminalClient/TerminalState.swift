import LinuxSystem
import TransactionModel

/// What a terminal remembers from one start to the next, and its claim to be the only one there.
struct TerminalState: ~Copyable {
  private static let lockName = "lock"

  private let lock: DirectoryLock
  var traceNumbers: TraceNumberFile

  /// Claims the directory, and makes it, for its owner only, when it is missing.
  init(path: String, terminal: TerminalID) throws(TerminalError) {
    let directory: Directory
    let lock: DirectoryLock
    do throws(SystemError) {
      directory = try Self.open(path)
    } catch {
      throw .stateUnusable(path: path, error)
    }
    do throws(DirectoryLock.Refusal) {
      lock = try DirectoryLock(directory, name: Self.lockName)
    } catch {
      switch error {
      case .held(let process): throw .stateInUse(path: path, process: process)
      case .failed(let error): throw .stateUnusable(path: path, error)
      }
    }
    let name = "trace-number-\(terminal.rawValue)"
    let traceNumbers = try TraceNumberFile(directory, name: name, path: "\(path)/\(name)")
    self.lock = lock
    self.traceNumbers = traceNumbers
  }

  /// What is wrong with a directory that can be neither opened nor made is said by the opening.
  private static func open(_ path: String) throws(SystemError) -> Directory {
    do throws(SystemError) {
      return try Directory(path: path)
    } catch {
      do throws(SystemError) { try Directory.create(path: path) } catch _ { throw error }
      return try Directory(path: path)
    }
  }
}
