import ArgumentParser
import Installation
import PolicyFiles
import TransactionModel

/// `posctl card`: one card.
struct Card: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Note what happened to a card's plastic, and show its history.",
    discussion: "A lost card takes nothing from its holder, who keeps the number for life.",
    subcommands: [Lost.self, Found.self, Replace.self, CardHistory.self])

  /// The command `posctl card lost`.
  struct Lost: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Note that the plastic is lost.")

    @Argument(help: CardArgument.help) var card: CardArgument
    @OptionGroup var daemon: DaemonOptions

    func run() throws {
      let card = try card.card()
      try daemon.change(
        "card.lost", ["card": JSONValue(revealing: card)], done: "\(card) is noted as lost")
    }
  }

  /// The command `posctl card found`.
  struct Found: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Note that the plastic is found again.")

    @Argument(help: CardArgument.help) var card: CardArgument
    @OptionGroup var daemon: DaemonOptions

    func run() throws {
      let card = try card.card()
      try daemon.change(
        "card.found", ["card": JSONValue(revealing: card)], done: "\(card) is noted as found")
    }
  }

  /// The command `posctl card replace`.
  struct Replace: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Note that a blank card of a site bears the number now.")

    @Argument(help: CardArgument.help) var card: CardArgument
    @Option(help: "The site whose blank card it is.") var site: UInt64
    @OptionGroup var daemon: DaemonOptions

    func run() throws {
      let card = try card.card()
      try daemon.change(
        "card.replace", ["card": JSONValue(revealing: card), "site": .integer(site)],
        done: "\(card) is on a blank card of \(site)")
    }
  }
}

/// `posctl hearing`: decisions of fair hearings.
struct Hearing: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Record decisions of fair hearings.", subcommands: [Record.self])

  /// The command `posctl hearing record`.
  struct Record: ParsableCommand {
    enum Outcome: String, CaseIterable, ExpressibleByArgument {
      case eligible
      case ineligible
    }

    static let configuration = CommandConfiguration(
      abstract: "Record what a hearing decided; it binds the provider.")

    @Argument(help: CardArgument.help) var card: CardArgument
    @Option(help: "What was decided.") var outcome: Outcome
    @Option(help: "The day of the decision.") var decided: CalendarDate
    @Option(help: "The first day of eligibility.") var firstDay: CalendarDate
    @OptionGroup var daemon: DaemonOptions

    func run() throws {
      let card = try card.card()
      try daemon.change(
        "hearing.record",
        [
          "card": JSONValue(revealing: card), "outcome": .string(outcome.rawValue),
          "decided": .string("\(decided)"), "first_day": .string("\(firstDay)"),
        ], done: "\(card): the hearing's decision is recorded")
    }
  }
}

/// `posctl outage`: days on which clinics certified on paper.
struct Outage: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Declare outages, in which certifications on paper are entered later.",
    subcommands: [Declare.self, End.self, List.self])

  /// The command `posctl outage declare`.
  struct Declare: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Declare an outage of at most 31 days that have been.",
      discussion: "The same days declared again replace what was said of their entry.")

    @Option(help: "Its first day.") var from: CalendarDate
    @Option(help: "Its last day.") var through: CalendarDate
    @Option(
      help: "The last day on which such certifications may be entered; without: 30 days later.")
    var enterBy: CalendarDate?
    @OptionGroup var daemon: DaemonOptions

    func run() throws {
      var arguments: [String: JSONValue] = [
        "from": .string("\(from)"), "through": .string("\(through)"),
      ]
      if let enterBy { arguments["enter_by"] = .string("\(enterBy)") }
      try daemon.change(
        "outage.declare", arguments, done: "outage from \(from) through \(through) declared")
    }
  }

  /// The command `posctl outage end`.
  struct End: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let nothing of a declared outage be entered any more, from today on.")

    @Option(help: "Its first day.") var from: CalendarDate
    @Option(help: "Its last day.") var through: CalendarDate
    @OptionGroup var daemon: DaemonOptions

    func run() throws {
      try daemon.change(
        "outage.end", ["from": .string("\(from)"), "through": .string("\(through)")],
        done: "outage from \(from) through \(through) ended")
    }
  }

  /// The command `posctl outage list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List declared outages.")

    @OptionGroup var daemon: DaemonOptions

    func run() throws {
      try daemon.list("outage.list", columns: ["from", "through", "enter_by"])
    }
  }
}
