import Foundation

/// A `posd serve` that is ready to be talked to; it ends with its owner at the latest.
package final class Daemon: Sendable {
  package static let startSeconds = 60
  package static let stopSeconds = 30

  package let child: ChildProcess
  package let port: UInt16

  /// Starts it, and reads its ready line.
  package convenience init(
    _ installation: TestInstallation, environment: [String: String] = [:]
  ) throws {
    try self.init(
      configurationFile: installation.configurationFile, environment: environment)
  }

  /// Starts one by its configuration file.
  package init(
    configurationFile: String, arguments: [String] = [], environment: [String: String] = [:]
  ) throws {
    child = try ChildProcess(
      .posd, ["serve", "--config", configurationFile] + arguments, environment: environment,
      output: .pipe)
    DaemonLog.current?.add(child)
    port = try Self.readPort(child)
  }

  private static func readPort(_ child: ChildProcess) throws -> UInt16 {
    var line = Data()
    while !line.contains(UInt8(ascii: "\n")) {
      let read = try child.readOutput(within: startSeconds)
      guard !read.isEmpty else { break }
      line += read
    }
    let text = String(decoding: line, as: UTF8.self)
    guard text.hasPrefix("ready "), text.hasSuffix("\n"),
      let port = text.dropLast().split(separator: ":").last.flatMap({ UInt16($0) })
    else {
      let status = try child.waitForExit(within: stopSeconds)
      throw ChildFailure(
        "no ready line but \"\(text)\"; ended with \(status)\n\(child.errorText)")
    }
    return port
  }

  /// Asks it to stop; gives its exit status.
  package func stop() throws -> Int32 {
    child.send(SIGTERM)
    return try child.waitForExit(within: Self.stopSeconds)
  }

  /// Ends it in the middle of whatever it does.
  package func kill() throws {
    child.send(SIGKILL)
    let status = try child.waitForExit(within: Self.stopSeconds)
    guard status == -SIGKILL else {
      throw ChildFailure("ended by itself, with \(status)\n\(child.errorText)")
    }
  }
}
