import ArgumentParser

/// Measures how fast posd starts, from a snapshot and from its log.
struct RecoveryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recovery",
    abstract: "Measure starting from a snapshot and replaying the log, beside redis-server.",
    discussion: """
      Makes a log and a snapshot in DIRECTORY, which must exist and is left as it is then: about \
      0.8 KB for each card, and what redis-server's dump takes.
      """)

  @Argument(help: "A directory on the device, for log, snapshot and dump.") var directory: String
  @Option(help: "How many cards.") var cards: UInt64 = 1_000_000
  @Option(help: "How many rounds.") var rounds = 5

  func validate() throws {
    guard cards > 0, rounds > 0 else {
      throw ValidationError("--cards and --rounds are at least 1")
    }
  }

  func run() throws {
    try RecoveryMeasurement(directory: directory, cardCount: cards, rounds: rounds).run()
  }
}
