import Foundation
import Installation

/// Why the demo's daemon does not serve.
struct DemoDaemonError: Error, CustomStringConvertible {
  let description: String
}

/// A posd that serves as a process of its own.
struct DemoDaemon {
  private static let startSeconds = 20

  private let process: Process
  let port: UInt16

  /// Starts this same program as `posd serve`, and waits until it is ready.
  init(configurationFile: String, logFile: String) throws {
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    try Data().write(to: URL(filePath: logFile))
    let output = Pipe()
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = ["serve", "--config", configurationFile]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: URL(filePath: logFile))
    try process.run()
    let identifier = process.processIdentifier
    // A daemon that does not come up in time is ended, which ends the wait for its line.
    let watchdog = DispatchWorkItem { _ = kill(identifier, SIGKILL) }
    DispatchQueue.global().asyncAfter(
      deadline: .now() + .seconds(Self.startSeconds), execute: watchdog)
    let line = Self.firstLine(of: output.fileHandleForReading)
    watchdog.cancel()
    guard line.hasPrefix(Daemon.readyPrefix),
      let port = UInt16(line.split(separator: ":").last ?? "")
    else {
      _ = kill(identifier, SIGKILL)
      process.waitUntilExit()
      let log = (try? String(contentsOfFile: logFile, encoding: .utf8)) ?? ""
      throw DemoDaemonError(description: "the daemon did not start:\n\(log)")
    }
    self.process = process
    self.port = port
  }

  var isRunning: Bool { process.isRunning }

  /// Ends it at once, in the middle of whatever it does.
  func killNow() {
    _ = kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Asks it to stop, and waits until it has.
  func stop() {
    guard process.isRunning else { return }
    process.terminate()
    process.waitUntilExit()
  }

  private static func firstLine(of handle: FileHandle) -> String {
    var line = Data()
    while let byte = try? handle.read(upToCount: 1), !byte.isEmpty, byte.first != 0x0A {
      line.append(byte)
    }
    return String(decoding: line, as: UTF8.self)
  }
}
