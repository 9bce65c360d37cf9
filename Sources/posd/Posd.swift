import ArgumentParser

@main
struct Posd: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "posd")
}
