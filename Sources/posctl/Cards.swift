import ArgumentParser
import Foundation
import Installation

/// `posctl cards`: the stock of cards.
struct Cards: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ship, import and void cards, and count them.",
    subcommands: [Ship.self, Import.self, Void.self, Report.self])

  /// The command `posctl cards ship`.
  struct Ship: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Send numbered cards of the stock, or blank cards, to a site.",
      usage: """
        posctl cards ship FIRST LAST --site NPI (--config FILE | --socket PATH)
        posctl cards ship FIRST --count N --site NPI ...
        posctl cards ship --blank N --site NPI ...
        """,
      discussion: "Cards at another site and voided cards are refused.")

    @Argument(help: "First serial or card number; - reads it from standard input.")
    var first: CardArgument?
    @Argument(help: "Last serial or card number; - reads it from standard input.")
    var last: CardArgument?
    @Option(help: "How many cards from the first on.") var count: UInt64?
    @Option(help: "How many blank cards, which carry an old number later.") var blank: UInt64?
    @Option(help: "The site.") var site: UInt64
    @OptionGroup var daemon: DaemonOptions

    func validate() throws {
      if blank != nil {
        guard first == nil, count == nil else {
          throw ValidationError("--blank takes no card numbers")
        }
      } else {
        guard first != nil, (last == nil) != (count == nil) else {
          throw ValidationError("FIRST with LAST or --count, or --blank, is wanted")
        }
        if let count, count == 0 { throw ValidationError("--count is at least 1") }
      }
    }

    func run() throws {
      if let blank {
        return try daemon.change(
          "cards.ship-blank", ["count": .integer(blank), "site": .integer(site)],
          done: "\(blank) blank cards shipped to \(site)")
      }
      guard let first = try first?.serial() else { return }
      let last = try last?.serial() ?? (first + ((count ?? 1) - 1))
      guard first <= last else { throw ValidationError("FIRST is behind LAST") }
      try daemon.change(
        "cards.ship",
        ["first": .integer(first), "last": .integer(last), "site": .integer(site)],
        done: "\(last - first + 1) cards shipped to \(site)")
    }
  }

  /// The command `posctl cards import`.
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Add new cards to the stock, all of a file or none.",
      discussion: """
        The file is CSV with the first line first_serial,last_serial or \
        first_serial,last_serial,site. An empty site leaves the cards in the store.
        """)

    @Argument(help: "The file.") var file: String
    @OptionGroup var daemon: DaemonOptions

    func run() throws {
      guard let content = FileManager.default.contents(atPath: file) else {
        throw ValidationError("\(file) cannot be read")
      }
      let ranges: CardRangeFile
      do {
        ranges = try CardRangeFile(String(decoding: content, as: UTF8.self), file: file)
      } catch {
        StandardStreams.writeError("\(error)\n")
        throw ExitCode(ControlVerdict.refused.rawValue)
      }
      try daemon.change(
        "cards.import", ["ranges": ranges.json], done: "\(ranges.cardCount) cards imported")
    }
  }

  /// The command `posctl cards void`.
  struct Void: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Bar cards from activation, wherever they are.",
      discussion: "A card that is activated already keeps its client.")

    @Argument(help: "First serial or card number; - reads it from standard input.")
    var first: CardArgument
    @Argument(help: "Last serial or card number; - reads it from standard input.")
    var last: CardArgument
    @OptionGroup var daemon: DaemonOptions

    func run() throws {
      let first = try first.serial()
      let last = try last.serial()
      guard first <= last else { throw ValidationError("FIRST is behind LAST") }
      try daemon.change(
        "cards.void", ["first": .integer(first), "last": .integer(last)],
        done: "\(last - first + 1) cards voided")
    }
  }

  /// The command `posctl cards report`.
  struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Count the cards of each site; site 0 is the store.",
      discussion: """
        The program's yearly limits for a site are 500 cards and 200 blank ones if it is private, \
        1,000 and 400 if it is public. They are advice: nothing is refused beyond them.
        """)

    @Option(help: "Only this site.") var site: UInt64?
    @OptionGroup var daemon: DaemonOptions

    func run() throws {
      try daemon.list(
        "cards.report", site.map { ["site": .integer($0)] } ?? [:],
        columns: [
          "id", "shipped", "activated", "left", "voided", "blanks_shipped", "blanks_used",
          "shipped_this_year", "blanks_shipped_this_year",
        ])
    }
  }
}
