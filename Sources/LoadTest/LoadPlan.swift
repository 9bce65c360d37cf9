/// What a load test does.
public struct LoadPlan: Equatable, Sendable {
  /// When requests are sent.
  public enum Loop: Equatable, Sendable {
    /// At intended times, whatever the server does: a late answer delays nothing but itself.
    case open(Arrivals)
    /// So many requests of each connection are always unanswered.
    case closed(inFlight: Int)
  }

  /// How intended times are spread.
  public enum Arrivals: String, CaseIterable, Sendable {
    case uniform
    case poisson
  }

  /// One step of the load: so many requests a second for so long.
  public struct Stage: Equatable, Sendable {
    public var rate: Double
    public var seconds: Double

    public init(rate: Double, seconds: Double) {
      self.rate = rate
      self.seconds = seconds
    }
  }

  /// The search for the highest rate whose 99th percentile stays below a bound.
  public struct Search: Equatable, Sendable {
    public var boundMilliseconds: Double
    public var rateMax: Double

    public init(boundMilliseconds: Double, rateMax: Double = LoadLimits.rateMax) {
      self.boundMilliseconds = boundMilliseconds
      self.rateMax = rateMax
    }
  }

  public var connections = 16
  /// Terminals in all; those of a connection share it, which a gateway's certificate allows.
  public var terminals = 16
  public var usesGateway = false
  public var loop = Loop.open(.poisson)
  /// Several are a staircase.
  ///
  /// The rate is of no use to a closed loop.
  public var stages = [Stage(rate: 1_000, seconds: 10)]
  public var warmUpSeconds = 1.0
  public var mix = MessageMix([(.inquiry, 90), (.update, 6), (.reaffirm, 2), (.activate, 2)])
  public var keys = KeySkew.uniform
  public var seed: UInt64 = 1
  /// Cards that take part, and the place of the first among the test cards.
  public var cards = 1_000
  public var firstCard: UInt64 = 0
  /// Cards that are activated before the test; nil for all that its activations leave over.
  public var activeCards: Int?
  /// A connection is closed after so many answers, and made again; nil for never.
  public var swipesPerConnection: Int?
  /// Seconds of measurement after which every connection is cut at once, and made again.
  public var stormAfterSeconds: Double?
  /// Connections beside the others that send and take a few bytes at a time.
  public var slowClients = 0
  public var repeatShare = 0.0
  public var malformedShare = 0.0
  public var search: Search?
  /// How long an answer may take before it counts as lost.
  public var answerSeconds = 25.0
  /// How long the server may be out of reach before the test is given up.
  public var giveUpSeconds = 10.0

  public init() {}

  public var measuredSeconds: Double { stages.reduce(0) { $0 + $1.seconds } }

  private var isInFlightInRange: Bool {
    guard case .closed(let inFlight) = loop else { return true }
    return (1...LoadLimits.inFlightMax).contains(inFlight)
  }

  var isClosedLoop: Bool {
    if case .closed = loop { true } else { false }
  }
}

/// Every limit of a load test, in one place.
public enum LoadLimits {
  /// A load test ends: a day is for a soak test.
  public static let secondsMax = 86_400.0
  public static let stageCountMax = 200
  public static let rateMax = 1_000_000.0
  public static let connectionCountMax = 60_000
  public static let terminalCountMax = 1_000_000
  public static let cardCountMax = 10_000_000
  /// Of one connection; the server's own limit goes before it.
  public static let inFlightMax = 64
  /// Requests that are due and not sent: beyond it the server is given up as overrun.
  public static let backlogMax = 1_000_000
  /// Handshakes at a time.
  ///
  /// A server takes 128 of one address, and closes what is above; to the client they are over before
  /// the server has looked at its certificate.
  public static let handshakesInFlightMax = 64
  /// Descriptors that connections leave to files, streams and the poller.
  public static let ownDescriptorCount = 32
  /// Intervals of the plot over time.
  public static let intervalCountMax = 240
  /// Rates that a search tries.
  public static let probeCountMax = 24
  /// Wrong answers that are described; all are counted.
  public static let describedViolationsMax = 20
  /// Changes of each terminal whose stored answers are asked for again when a journal is verified:
  /// fewer than any server keeps.
  public static let storedAnswersChecked = 16
}

extension LoadPlan {
  /// What does not fit together, one sentence each; none in a plan that runs.
  public var contradictions: [String] {
    let terminalsNeeded = connections + slowClients
    let totalSeconds = measuredSeconds + warmUpSeconds
    let relations: [(holds: Bool, sentence: String)] = [
      ((1...LoadLimits.connectionCountMax).contains(connections), "connections is 1 to 60,000"),
      ((0...1_000).contains(slowClients), "slow clients are at most 1,000"),
      (
        (1...LoadLimits.terminalCountMax).contains(terminals)
          && terminals >= terminalsNeeded,
        "at least as many terminals as connections and slow clients (\(terminalsNeeded))"
      ),
      (
        usesGateway || terminals == terminalsNeeded,
        "one terminal for each connection (\(terminalsNeeded)), except behind a gateway"
      ),
      (isInFlightInRange, "1 to \(LoadLimits.inFlightMax) requests in flight"),
      (
        (1...LoadLimits.stageCountMax).contains(stages.count),
        "1 to \(LoadLimits.stageCountMax) stages"
      ),
      (
        stages.allSatisfy { $0.rate > 0 && $0.rate <= LoadLimits.rateMax },
        "a rate above 0, up to 1,000,000 a second"
      ),
      (stages.allSatisfy { $0.seconds > 0 }, "a duration above 0"),
      (warmUpSeconds >= 0, "a warm-up of 0 seconds or more"),
      (totalSeconds <= LoadLimits.secondsMax, "a day at most"),
      ((1...LoadLimits.cardCountMax).contains(cards), "1 to 10,000,000 cards"),
      ((activeCards ?? 0) <= cards && (activeCards ?? 0) >= 0, "no more active cards than cards"),
      ((swipesPerConnection ?? 1) > 0, "at least one swipe of a connection"),
      (
        (stormAfterSeconds ?? 0) >= 0 && (stormAfterSeconds ?? 0) < measuredSeconds,
        "a storm within the measured time"
      ),
      (
        repeatShare >= 0 && malformedShare >= 0 && repeatShare + malformedShare <= 1,
        "shares from 0 to 1"
      ),
      ((search?.boundMilliseconds ?? 1) > 0, "a bound above 0 ms"),
      (search == nil || !isClosedLoop, "a search needs an open loop"),
      (
        search == nil || totalSeconds * Double(LoadLimits.probeCountMax) <= LoadLimits.secondsMax,
        "probes of an hour at most"
      ),
      (answerSeconds > 0 && giveUpSeconds > 0, "times above 0"),
    ]
    return relations.filter { !$0.holds }.map(\.sentence)
  }
}
