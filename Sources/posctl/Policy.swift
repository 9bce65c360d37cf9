import ArgumentParser
import EligibilityPolicy
import Foundation
import Installation
import PolicyFiles

/// `posctl policy`: the program's rules.
struct Policy: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask the program's rules, and check files that replace them.",
    subcommands: [
      PolicyExplain.self, PolicyPeriods.self, PolicyCheck.self, PolicyExport.self,
      PolicyReload.self, PolicyStatus.self, PolicyHistory.self, PolicyShow.self,
    ])
}

/// Which rules are asked.
struct PolicyOptions: ParsableArguments {
  @Option(help: "A directory of policy files; without it the rules that are compiled in.")
  var policy: String?

  func book() throws -> PolicyBook {
    try policy.map { path in try PolicyBook(directory: path) } ?? .compiledIn
  }
}

/// A file that holds one question in each row.
enum QuestionFile {
  /// Writes the answers; 1 when a row could not be read, with the reasons on standard error.
  static func answer(
    _ path: String, _ answer: ([UInt8]) throws -> AnsweredFile
  ) throws -> PolicyVerdict {
    guard let content = FileManager.default.contents(atPath: path) else {
      throw ValidationError("\(path) cannot be read")
    }
    let answered = try answer(Array(content))
    StandardStreams.write(answered.text)
    for mistake in answered.mistakes { StandardStreams.writeError("\(mistake)\n") }
    return answered.mistakes.isEmpty ? .sound : .mistaken
  }
}

/// What was found in files, as an exit status; 2 when nothing could be looked at.
enum PolicyVerdict: Int32 {
  case sound = 0
  case mistaken = 1
}
