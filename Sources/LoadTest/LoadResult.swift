import TransactionModel

/// What came of a load test.
public struct LoadResult: Sendable {
  public var plan: LoadPlan
  public var server: String
  /// Measured, warm-up left out.
  public var seconds: Double
  /// By kind, in the order of `MessageKind`; those of which there was none are left out.
  public var kinds: [(kind: MessageKind, result: KindResult)] = []
  public var stages: [StageResult] = []
  public var intervalSeconds = 1.0
  public var intervals: [IntervalResult] = []
  /// How late the client was to notice that a request was due.
  public var lag = Latencies()
  /// The client's share of one processor while it measured.
  public var processorShare = 0.0
  public var violations = Violations()
  /// Answers in all, preparation and warm-up included: each of them was checked.
  public var checkedCount = 0
  public var lostCount = 0
  public var brokenConnectionCount = 0
  public var backlogCountMax = 0
  public var slowAnswerCount = 0
  /// How long it took after a storm until every connection was there again.
  public var stormSeconds: Double?
  /// What a reader of the figures has to know.
  public var warnings: [String] = []
  /// Why the test ended before its end.
  public var failure: String?
  /// What a search has found, in requests a second, and what it has tried.
  public var highestRate: Double?
  public var probes: [SearchProbe] = []
  /// Whether the server fell behind so far that the rest was not sent.
  var wasCutShort = false

  init(plan: LoadPlan, server: String) {
    self.plan = plan
    self.server = server
    seconds = plan.measuredSeconds
  }

  public var answerCount: UInt64 { total.latencies.count }

  /// All kinds together, without the making of connections.
  public var total: KindResult {
    var total = KindResult()
    for (kind, result) in kinds where kind != .connect {
      total.latencies.add(result.latencies)
      total.serviceTimes.add(result.serviceTimes)
      total.wrongCount += result.wrongCount
      total.lostCount += result.lostCount
      total.codes.merge(result.codes, uniquingKeysWith: +)
    }
    return total
  }

  public var achievedRate: Double { seconds > 0 ? Double(answerCount) / seconds : 0 }

  /// Whether every answer was what it had to be, and none was missing.
  public var isRight: Bool { violations.count == 0 && lostCount == 0 }

  /// A client that is late by more than this, and by more than this share of what it measures, is
  /// part of what it measures.
  private static let lagMillisecondsMax = 1.0
  private static let lagShareMax = 0.1
  /// One that has a processor's whole time has none to spare: it has one thread.
  private static let processorShareMax = 0.9

  /// Notes what makes the figures say less than they seem to.
  mutating func warn(substitutedCount: Int, foreignCardCount: Int) {
    let lagMilliseconds = Double(lag.nanoseconds(atPercentile: 99)) / 1e6
    let p99Milliseconds = Double(total.latencies.nanoseconds(atPercentile: 99)) / 1e6
    let isLate =
      lagMilliseconds > max(Self.lagMillisecondsMax, Self.lagShareMax * p99Milliseconds)
    if isLate || processorShare > Self.processorShareMax {
      warnings.append(
        "this client was a bottleneck (99 % of its sends were at most "
          + "\(decimal(lagMilliseconds, 2)) ms late, \(decimal(100 * processorShare, 0)) % of a "
          + "processor): the server may do better than these figures")
    }
    if plan.isClosedLoop {
      warnings.append(
        "a closed loop waits for the server: what users wait when it stalls is not in these figures"
      )
    } else if plan.search == nil, achievedRate < 0.98 * askedRate {
      warnings.append(
        "\(decimal(achievedRate, 0)) answers a second for \(decimal(askedRate, 0)) requests: "
          + "the server did not keep up")
    }
    if substitutedCount > 0 {
      warnings.append(
        "\(substitutedCount) messages were inquiries instead: there was no card left for them "
          + "(more --cards), or nothing to undo")
    }
    if foreignCardCount > 0 {
      warnings.append(
        "\(foreignCardCount) cards were left alone: their history is not of load tests")
    }
  }

  private var askedRate: Double {
    Double(stages.reduce(0) { $0 + $1.dueCount }) / max(seconds, 1e-9)
  }
}

/// One rate that a search has tried.
public struct SearchProbe: Sendable {
  public var rate: Double
  public var achievedRate: Double
  public var p99Milliseconds: Double
  public var isWithinBound: Bool
}

/// A number with so many places behind the point.
func decimal(_ value: Double, _ places: Int) -> String {
  guard value.isFinite else { return "-" }
  var scale = 1.0
  for _ in 0..<places { scale *= 10 }
  let scaled = Int64((abs(value) * scale).rounded())
  let sign = value < 0 && scaled > 0 ? "-" : ""
  guard places > 0 else { return "\(sign)\(scaled)" }
  let digits = String(scaled)
  let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
  return sign + padded.dropLast(places) + "." + padded.suffix(places)
}
