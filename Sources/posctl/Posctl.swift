import ArgumentParser

@main
struct Posctl: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "posctl")
}
