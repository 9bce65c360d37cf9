import Foundation
import ProgramSupport
import Testing

/// Failing system calls, given to a daemon that runs by `strace`.
struct Injection {
  private let tracer: ChildProcess

  /// Whether `strace` is there, and may trace.
  static let isPossible: Bool = {
    guard let strace = Program.tool("strace"), let nothing = Program.tool("true") else {
      return false
    }
    return (try? strace.run(["-qq", "-e", "trace=none", nothing.path]).status) == 0
  }()

  /// Has system calls of a process fail from now on, such as `fdatasync:error=EIO:when=2`: counted
  /// for each of its threads.
  init(_ what: String, into process: ChildProcess) throws {
    guard let shell = Program.tool("sh"), let strace = Program.tool("strace") else {
      throw ChildFailure("no sh or no strace")
    }
    let call = what.prefix { $0 != ":" }
    tracer = try ChildProcess(
      shell,
      [
        "-c",
        "exec \(strace.path) -f -e trace=\(call) -e inject=\(what) -p \(process.identifier) 2>&1",
      ], output: .pipe)
    var said = ""
    while !said.contains(" attached") {
      let more = try tracer.readOutput(within: Daemon.startSeconds)
      guard !more.isEmpty else { throw ChildFailure("strace ended: \(said)") }
      said += String(decoding: more, as: UTF8.self)
    }
  }
}
