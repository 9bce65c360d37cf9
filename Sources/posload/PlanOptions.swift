import ArgumentParser
import Foundation
import Installation
import LoadTest

/// What the test does: a plan file, and options that go before it.
struct PlanOptions: ParsableArguments {
  @Option(help: "JSON file with a plan; its members are named as these options, with underscores.")
  var plan: String?

  @Option(help: "Connections, each with a terminal's certificate of its own. (default: 16)")
  var connections: Int?
  @Flag(help: "Connect with the site's gateway certificate, which speaks for all terminals.")
  var gateway = false
  @Option(help: "Terminals in all behind a gateway. (default: one for each connection)")
  var terminals: Int?
  @Option(help: "open: at intended times; closed: a fixed number in flight. (default: open)")
  var loop: String?
  @Option(help: "Intended times: uniform or poisson. (default: poisson)") var arrivals: String?
  @Option(help: "Requests in flight on each connection of a closed loop. (default: 1)")
  var inFlight: Int?
  @Option(help: "Requests a second. (default: 1000)") var rate: Double?
  @Option(help: "How long to measure. (default: 10)") var seconds: Double?
  @Option(help: "Rates and seconds such as 1000:5,2000:5, in place of --rate and --seconds.")
  var staircase: String?
  @Option(help: "How long to run before measuring, at the first rate. (default: 1)")
  var warmUpSeconds: Double?
  @Option(
    help: """
      Messages by weight: echo, sign-on, sign-off, inquiry, batch (inquiries that may wait), \
      verify, reaffirm, activate, recertify (renews what deactivate has ended), update, \
      deactivate, training (updates that change nothing), reverse, last. \
      (default: inquiry=90,update=6,reaffirm=2,activate=2)
      """)
  var mix: String?
  @Option(help: "Cards: uniform, zipf or zipf:EXPONENT. (default: uniform)") var keys: String?
  @Option(help: "For everything random. (default: 1)") var seed: UInt64?
  @Option(help: "Cards that take part. (default: 10000, or all there are)") var cards: Int?
  @Option(help: "The first of them, counted from 0.") var firstCard: UInt64?
  @Option(help: "Cards that are activated beforehand. (default: what activations leave over)")
  var activeCards: Int?
  @Option(help: "Connect anew after so many answers; 1 is one swipe per connection.")
  var swipesPerConnection: Int?
  @Option(help: "Cut every connection after so many seconds, and see how they come back.")
  var stormAfterSeconds: Double?
  @Option(help: "Connections beside the others that send and read slowly.") var slowClients: Int?
  @Option(help: "Share of requests that repeat an answered change, from 0 to 1.")
  var repeatShare: Double?
  @Option(help: "Share of requests that break a rule of the format, from 0 to 1.")
  var malformedShare: Double?
  @Option(help: "Search the highest rate whose p99 is below so many milliseconds, from --rate on.")
  var searchP99Milliseconds: Double?
  @Option(help: "The highest rate that a search tries.") var searchRateMax: Double?
  @Option(help: "How long an answer may take before it is lost. (default: 25)")
  var answerSeconds: Double?
  @Option(help: "How long the server may be out of reach. (default: 10)")
  var giveUpSeconds: Double?

  private static let cardsDefault: UInt64 = 10_000

  /// The plan; `cardCount` says how many cards there are from a place on.
  func loadPlan(cardCount: (UInt64) throws -> UInt64) throws -> LoadPlan {
    var members: [String: JSONValue] = [:]
    if let plan {
      guard let data = FileManager.default.contents(atPath: plan) else {
        throw LoadError.fileUnusable(path: plan, reason: "cannot be read")
      }
      members = try LoadPlan.members(json: Array(data), file: plan)
    }
    members.merge(given) { $1 }
    if members["cards"] == nil {
      var firstCard: UInt64 = 0
      if case .integer(let place) = members["first_card"] { firstCard = place }
      members["cards"] = .integer(min(Self.cardsDefault, try cardCount(firstCard)))
    }
    return try LoadPlan(members, file: plan ?? "the options")
  }

  private var given: [String: JSONValue] {
    let texts = [
      "loop": loop, "arrivals": arrivals, "staircase": staircase, "mix": mix, "keys": keys,
    ]
    let counts = [
      "connections": connections, "terminals": terminals, "in_flight": inFlight, "cards": cards,
      "active_cards": activeCards, "swipes_per_connection": swipesPerConnection,
      "slow_clients": slowClients,
    ]
    let fractions = [
      "rate": rate, "seconds": seconds, "warm_up_seconds": warmUpSeconds,
      "storm_after_seconds": stormAfterSeconds, "repeat_share": repeatShare,
      "malformed_share": malformedShare, "search_p99_milliseconds": searchP99Milliseconds,
      "search_rate_max": searchRateMax, "answer_seconds": answerSeconds,
      "give_up_seconds": giveUpSeconds,
    ]
    var members: [String: JSONValue] = [:]
    for (name, text) in texts { members[name] = text.map { .string($0) } }
    for (name, count) in counts {
      members[name] = count.map { $0 < 0 ? .number(Double($0)) : .integer(UInt64($0)) }
    }
    for (name, number) in fractions { members[name] = number.map { .number($0) } }
    if let seed { members["seed"] = .integer(seed) }
    if let firstCard { members["first_card"] = .integer(firstCard) }
    if gateway { members["gateway"] = .bool(true) }
    return members
  }
}
