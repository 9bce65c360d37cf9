import Installation

/// The daemon: log, engine and server put together from a configuration.
enum Daemon {
  /// What is printed before the address when connections are taken.
  static let readyPrefix = "ready "

  /// Serves until it is told to stop.
  static func run(_ configuration: Configuration) throws {
    throw Mistakes(file: "posd", [Mistake("serve", "not available yet")])
  }
}
