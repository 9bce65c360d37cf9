public import Installation

extension LoadPlan {
  /// What a plan file may hold: an object with these members.
  ///
  /// Options of the same names, with hyphens, go before it.
  public static let memberNames = [
    "connections", "terminals", "gateway", "loop", "arrivals", "in_flight", "rate", "seconds",
    "staircase", "warm_up_seconds", "mix", "keys", "seed", "cards", "first_card", "active_cards",
    "swipes_per_connection", "storm_after_seconds", "slow_clients", "repeat_share",
    "malformed_share", "search_p99_milliseconds", "search_rate_max", "answer_seconds",
    "give_up_seconds",
  ]

  /// Takes the members of a plan, and says everything that is wrong in them at once.
  public init(_ members: [String: JSONValue], file: String) throws(Mistakes) {
    var reader = JSONReader()
    self.init()
    let members = reader.members(of: .object(members), at: "", names: Self.memberNames) ?? [:]
    readWho(members, &reader)
    readWhen(members, &reader)
    readWhat(members, &reader)
    for sentence in contradictions { reader.report("", "\(sentence) wanted") }
    guard reader.mistakes.isEmpty else { throw Mistakes(file: file, reader.mistakes) }
  }

  /// The members of a plan file's content.
  public static func members(
    json: [UInt8], file: String
  ) throws(Mistakes) -> [String: JSONValue] {
    do throws(Mistake) {
      guard case .object(let members) = try JSONValue(parsing: json) else {
        throw Mistake("", "an object is wanted")
      }
      return members
    } catch {
      throw Mistakes(file: file, [error])
    }
  }

  private mutating func readWho(_ members: [String: JSONValue], _ reader: inout JSONReader) {
    reader.whole(members, "connections", 1...LoadLimits.connectionCountMax, &connections)
    reader.whole(members, "slow_clients", 0...1_000, &slowClients)
    usesGateway = reader.truth(members["gateway"], at: "gateway")
    terminals = connections + slowClients
    reader.whole(members, "terminals", 1...LoadLimits.terminalCountMax, &terminals)
    swipesPerConnection = reader.optional(members, "swipes_per_connection", 1...1_000_000)
    stormAfterSeconds = reader.fraction(members, "storm_after_seconds", 0...LoadLimits.secondsMax)
    reader.fraction(members, "answer_seconds", 0.1...3_600, &answerSeconds)
    reader.fraction(members, "give_up_seconds", 0.1...3_600, &giveUpSeconds)
  }

  private mutating func readWhen(_ members: [String: JSONValue], _ reader: inout JSONReader) {
    var arrivals = Arrivals.poisson
    if let text = reader.word(members, "arrivals", Arrivals.allCases.map(\.rawValue)) {
      arrivals = Arrivals(rawValue: text) ?? arrivals
    }
    loop = .open(arrivals)
    let inFlight = reader.optional(members, "in_flight", 1...LoadLimits.inFlightMax)
    if reader.word(members, "loop", ["open", "closed"]) == "closed" {
      loop = .closed(inFlight: inFlight ?? 1)
    } else if inFlight != nil {
      reader.report("in_flight", "a closed loop is wanted with it")
    }
    var stage = stages[0]
    reader.fraction(members, "rate", 0.01...LoadLimits.rateMax, &stage.rate)
    reader.fraction(members, "seconds", 0.01...LoadLimits.secondsMax, &stage.seconds)
    stages = [stage]
    if let text = reader.text(members, "staircase") {
      if let steps = Stage.list(text), members["rate"] == nil, members["seconds"] == nil {
        stages = steps
      } else {
        reader.report("staircase", "rates and seconds such as \"1000:5,2000:5\", in their place")
      }
    }
    reader.fraction(members, "warm_up_seconds", 0...LoadLimits.secondsMax, &warmUpSeconds)
    if let bound = reader.fraction(members, "search_p99_milliseconds", 0.001...3_600_000) {
      search = Search(boundMilliseconds: bound)
      if let rateMax = reader.fraction(members, "search_rate_max", 1...LoadLimits.rateMax) {
        search?.rateMax = rateMax
      }
    }
  }

  private mutating func readWhat(_ members: [String: JSONValue], _ reader: inout JSONReader) {
    if let text = reader.text(members, "mix") {
      if let read = MessageMix(text) {
        mix = read
      } else {
        let names = MessageKind.mixable.map(\.rawValue).joined(separator: ", ")
        reader.report("mix", "weights such as \"inquiry=90,update=10\" are wanted, of \(names)")
      }
    }
    if let text = reader.text(members, "keys") {
      if let read = KeySkew(text) {
        keys = read
      } else {
        reader.report("keys", "\"uniform\", \"zipf\" or \"zipf:0.8\" is wanted")
      }
    }
    if let value = members["seed"] {
      seed = reader.number(value, at: "seed", in: 0...UInt64.max) ?? seed
    }
    reader.whole(members, "cards", 1...LoadLimits.cardCountMax, &cards)
    if let value = members["first_card"] {
      firstCard = reader.number(value, at: "first_card", in: 0...1_000_000_000_000) ?? firstCard
    }
    activeCards = reader.optional(members, "active_cards", 0...LoadLimits.cardCountMax)
    reader.fraction(members, "repeat_share", 0...1, &repeatShare)
    reader.fraction(members, "malformed_share", 0...1, &malformedShare)
  }
}

extension LoadPlan.Stage {
  /// Reads `1000:5,2000:5`: a rate and its seconds, and so on.
  static func list(_ text: String) -> [LoadPlan.Stage]? {
    var stages: [LoadPlan.Stage] = []
    for part in text.split(separator: ",") {
      let pair = part.split(separator: ":")
      guard pair.count == 2, let rate = Double(pair[0]), let seconds = Double(pair[1]) else {
        return nil
      }
      stages.append(LoadPlan.Stage(rate: rate, seconds: seconds))
    }
    return stages.isEmpty ? nil : stages
  }
}

extension JSONReader {
  fileprivate mutating func text(_ members: [String: JSONValue], _ name: String) -> String? {
    members[name].flatMap { text($0, at: name) }
  }

  fileprivate mutating func word(
    _ members: [String: JSONValue], _ name: String, _ words: [String]
  ) -> String? {
    guard let value = members[name] else { return nil }
    if case .string(let text) = value, words.contains(text) { return text }
    report(name, "one of \(words.joined(separator: ", ")) is wanted")
    return nil
  }

  fileprivate mutating func optional(
    _ members: [String: JSONValue], _ name: String, _ range: ClosedRange<Int>
  ) -> Int? {
    guard let value = members[name] else { return nil }
    let bounds = UInt64(range.lowerBound)...UInt64(range.upperBound)
    return number(value, at: name, in: bounds).map { Int($0) }
  }

  fileprivate mutating func whole(
    _ members: [String: JSONValue], _ name: String, _ range: ClosedRange<Int>,
    _ property: inout Int
  ) {
    property = optional(members, name, range) ?? property
  }

  fileprivate mutating func fraction(
    _ members: [String: JSONValue], _ name: String, _ range: ClosedRange<Double>
  ) -> Double? {
    let value: Double
    switch members[name] {
    case nil: return nil
    case .integer(let number): value = Double(number)
    case .number(let number): value = number
    default: value = .nan
    }
    if range.contains(value) { return value }
    report(name, "a number from \(range.lowerBound) to \(range.upperBound) is wanted")
    return nil
  }

  fileprivate mutating func fraction(
    _ members: [String: JSONValue], _ name: String, _ range: ClosedRange<Double>,
    _ property: inout Double
  ) {
    property = fraction(members, name, range) ?? property
  }
}
