import Dispatch
package import Foundation
import LinuxSystem

/// A process that a test has started; it ends with its owner at the latest.
package final class ChildProcess: Sendable {
  /// Where standard output goes; standard error always goes to a file.
  package enum Output {
    case file
    /// To be read while it runs.
    case pipe
  }

  package let name: String
  private let process = Process()
  private let ended = DispatchGroup()
  private let folder: TemporaryFolder
  private let outputPipe: Pipe?

  /// Starts a program; `input` is there to be read from the start, and has no end until
  /// `closeInput`.
  package init(
    _ program: Program, _ arguments: [String], environment: [String: String] = [:],
    directory: String? = nil, input: Pipe? = nil, output: Output
  ) throws {
    name = ([program.path.split(separator: "/").last.map(String.init) ?? ""] + arguments)
      .joined(separator: " ")
    folder = try TemporaryFolder()
    try folder.write([], to: "output")
    try folder.write([], to: "errors")
    process.executableURL = URL(filePath: program.path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .filter { $0.key != "NOTIFY_SOCKET" }.merging(environment) { $1 }
    if let directory { process.currentDirectoryURL = URL(filePath: directory) }
    process.standardInput = input ?? FileHandle.nullDevice
    switch output {
    case .file:
      outputPipe = nil
      process.standardOutput = try FileHandle(
        forWritingTo: URL(filePath: folder.path("output")))
    case .pipe:
      let pipe = Pipe()
      outputPipe = pipe
      process.standardOutput = pipe
    }
    process.standardError = try FileHandle(forWritingTo: URL(filePath: folder.path("errors")))
    ended.enter()
    process.terminationHandler = { [ended] _ in ended.leave() }
    do {
      try withSignalsUnblocked { try process.run() }
    } catch {
      ended.leave()
      throw ChildFailure("\(program.path) does not start: \(error)")
    }
  }

  deinit {
    guard process.isRunning else { return }
    send(SIGKILL)
    ended.wait()
  }

  package var identifier: Int32 { process.processIdentifier }
  package var isRunning: Bool { process.isRunning }
  package var outputText: String { text(of: "output") }
  package var errorText: String { text(of: "errors") }

  private func text(of file: String) -> String {
    (try? String(contentsOfFile: folder.path(file), encoding: .utf8)) ?? ""
  }

  package func send(_ signal: Int32) { _ = kill(identifier, signal) }

  /// Waits for its end and gives the exit status; of a process that a signal ended, the signal's
  /// negative number.
  package func waitForExit(within seconds: Int) throws -> Int32 {
    guard ended.wait(timeout: .now() + .seconds(seconds)) == .success else {
      send(SIGKILL)
      ended.wait()
      throw ChildFailure("\(name) did not end within \(seconds) s\n\(outputText)\(errorText)")
    }
    let status = process.terminationStatus
    return process.terminationReason == .exit ? status : -status
  }

  /// Leaves as the reader of standard output: the process cannot write to it any more.
  package func stopReading() throws { try outputPipe?.fileHandleForReading.close() }

  /// The next bytes of standard output; none at its end.
  package func readOutput(within seconds: Int) throws -> Data {
    guard let outputPipe else { preconditionFailure("output goes to a file") }
    let handle = outputPipe.fileHandleForReading
    let descriptor = OwnedDescriptor(adopting: dup(handle.fileDescriptor))
    guard
      descriptor.waitUntil(.readable, timeoutMilliseconds: Int32(seconds) * 1_000)
    else { throw ChildFailure("\(name) wrote nothing within \(seconds) s\n\(errorText)") }
    return handle.availableData
  }
}

/// What went wrong with a process, with what it wrote to standard error.
package struct ChildFailure: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

/// Runs a body that starts a process: a child inherits the signal mask of the thread that makes it,
/// and the threads that tests run on have every signal blocked.
private func withSignalsUnblocked(_ body: () throws -> Void) rethrows {
  var none = sigset_t()
  var before = sigset_t()
  _ = unsafe sigemptyset(&none)
  _ = unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
  defer { _ = unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
  try body()
}
