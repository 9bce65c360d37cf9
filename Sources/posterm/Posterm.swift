import ArgumentParser

@main
struct Posterm: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "posterm")
}
