import Foundation
import ProgramSupport
import Testing

/// The operators' tool, asking the daemon of an installation.
struct Posctl {
  let installation: TestInstallation

  func run(_ arguments: String...) throws -> (status: Int32, output: String, errors: String) {
    try Program.posctl.run(arguments + ["--config", installation.configurationFile])
  }

  /// What a command prints as JSON.
  func json(_ arguments: String...) throws -> Any {
    let ended = try Program.posctl.run(
      arguments + ["--json", "--config", installation.configurationFile])
    guard ended.status == 0 else {
      throw ChildFailure("\(arguments): \(ended.status)\n\(ended.errors)")
    }
    return try JSONSerialization.jsonObject(with: Data(ended.output.utf8))
  }

  /// The entry of a list with an id.
  func entry(_ list: [String], _ id: Int) throws -> [String: Any] {
    let ended = try Program.posctl.run(
      list + ["--json", "--config", installation.configurationFile])
    let entries =
      try JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [[String: Any]] ?? []
    return entries.first { $0["id"] as? Int == id } ?? [:]
  }
}

extension Posctl {
  /// Runs a command that says itself where to look, and expects how it ends.
  static func run(
    _ arguments: [String], _ status: Int32 = 0
  ) throws -> (output: String, errors: String) {
    let ended = try Program.posctl.run(arguments)
    #expect(ended.status == status, "\(arguments): \(ended.output)\(ended.errors)")
    return (ended.output, ended.errors)
  }
}

extension Service {
  var posctl: Posctl { Posctl(installation: installation) }
}
