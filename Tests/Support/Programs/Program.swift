import Foundation

/// An executable that a test runs: one of ours, or a tool of the system.
package struct Program: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  package static let posd = Program(path: products + "/posd")
  package static let posterm = Program(path: products + "/posterm")
  package static let posctl = Program(path: products + "/posctl")
  package static let posload = Program(path: products + "/posload")

  /// Where the build has put its products: beside the tests that run.
  private static let products: String = {
    let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(filePath: tests ?? "").deletingLastPathComponent().path(percentEncoded: false)
      .trimmingSuffix("/")
  }()

  /// A tool of the system, unless it is missing.
  package static func tool(_ name: String) -> Program? {
    let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
    return folders.map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
      .map(Program.init(path:))
  }

  /// Runs it to its end; one that takes longer than `seconds` is ended, and has failed.
  package func run(
    _ arguments: [String], environment: [String: String] = [:], directory: String? = nil,
    within seconds: Int = 60
  ) throws -> (status: Int32, output: String, errors: String) {
    let child = try ChildProcess(
      self, arguments, environment: environment, directory: directory, output: .file)
    let status = try child.waitForExit(within: seconds)
    return (status, child.outputText, child.errorText)
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
