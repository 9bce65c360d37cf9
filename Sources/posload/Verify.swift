import ArgumentParser
import LoadTest

/// `posload verify`: what was acknowledged, against the server as it is now.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prove that no acknowledged change was lost, altered or doubled.")

  func run() throws {}
}
