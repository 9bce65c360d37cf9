import ArgumentParser
import Installation
import LinuxSystem

/// `posd check`: judges a configuration without serving it.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a configuration file and the files it names.",
    discussion: "Ends with status 0 when posd could serve it, else with 2 and every mistake.")

  @Option(help: "The configuration file.") var config: String

  func run() throws {
    let configuration = try Configuration(file: config)
    let mistakes = configuration.fileMistakes(nowMilliseconds: WallClock.nowMilliseconds)
    guard mistakes.isEmpty else { throw Mistakes(file: config, mistakes) }
    StandardStreams.write("\(config): sound\n")
  }
}
