import ArgumentParser
import PolicyFiles

/// The command `posctl policy periods`.
struct PolicyPeriods: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "periods",
    abstract: "Run sequences of events through the period rules.",
    discussion: """
      Reads rows of id, events and question_date and writes rows of id, status, from and through. \
      Events, with semicolons between them: activate DAY, activate DAY certified DAY, recertify \
      DAY, update DAY, deactivate DAY reason REASON effective DAY, retro MONTH,MONTH, outage \
      DAY/DAY, replace-card DAY, ask DAY; activate-at, recertify-at and ask-at take a time in UTC. \
      No income table is asked.
      """)

  @OptionGroup var options: PolicyOptions

  @Option(help: "The file of events, as CSV.") var events: String

  func run() throws {
    let book = try options.book()
    let verdict = try QuestionFile.answer(events) { bytes in
      try EventFile.answer(bytes, name: events, by: book)
    }
    throw ExitCode(verdict.rawValue)
  }
}
