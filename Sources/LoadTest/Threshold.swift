/// A figure that fails a load test when it is passed, such as `inquiry.p99>5ms`.
public struct Threshold: Equatable, Sendable, CustomStringConvertible {
  enum Metric: Equatable {
    /// A percentile, from 0 to 100; 100 is the largest.
    case percentile(Double)
    case mean
    /// Answers a second.
    case rate
    case lost
    case wrong
    /// Share of answers, in percent, by which the server declined to act: codes from 4000 on.
    case busy
  }

  /// What the figure is of; nil for all messages together.
  let kind: MessageKind?
  let metric: Metric
  let isUpperBound: Bool
  /// Latencies in milliseconds.
  let limit: Double
  public let description: String

  /// Reads `KIND.METRIC>LIMIT` or `KIND.METRIC<LIMIT`.
  ///
  /// KIND is a message or `all`; METRIC is `p50`, `p99.9` and so on, `max`, `mean`, `rate`, `lost`,
  /// `wrong` or `busy`. A latency's limit has a unit: us, ms or s.
  public init?(_ text: String) {
    guard let place = text.firstIndex(where: { $0 == ">" || $0 == "<" }),
      let dot = text[..<place].firstIndex(of: ".")
    else { return nil }
    let name = String(text[..<dot])
    kind = MessageKind(rawValue: name)
    guard kind != nil || name == "all" else { return nil }
    guard let metric = Metric(text[text.index(after: dot)..<place]),
      let limit = metric.limit(text[text.index(after: place)...])
    else { return nil }
    self.metric = metric
    self.limit = limit
    isUpperBound = text[place] == ">"
    description = text
  }

  /// The figure of a result, where the limit was passed; nil where it holds.
  ///
  /// A kind of which there was no answer has no latencies, and no limit of them holds.
  public func failure(of result: LoadResult) -> String? {
    let kindResult = kind.map { kind in
      result.kinds.first { $0.kind == kind }?.result ?? KindResult()
    }
    let own = kindResult ?? result.total
    guard let figure = metric.figure(of: own, seconds: result.seconds) else {
      return "\(description): there was no answer"
    }
    let isPassed = isUpperBound ? figure > limit : figure < limit
    return isPassed ? "\(description): it is \(decimal(figure, 3))" : nil
  }
}

extension Threshold.Metric {
  fileprivate init?(_ text: Substring) {
    switch text {
    case "max": self = .percentile(100)
    case "mean": self = .mean
    case "rate": self = .rate
    case "lost": self = .lost
    case "wrong": self = .wrong
    case "busy": self = .busy
    default:
      guard text.first == "p", let percentile = Double(text.dropFirst()), percentile > 0,
        percentile <= 100
      else { return nil }
      self = .percentile(percentile)
    }
  }

  private var isLatency: Bool {
    switch self {
    case .percentile, .mean: true
    case .rate, .lost, .wrong, .busy: false
    }
  }

  fileprivate func limit(_ text: Substring) -> Double? {
    let number = text.prefix { $0.isNumber || $0 == "." }
    guard let value = Double(number) else { return nil }
    switch (text.dropFirst(number.count), isLatency) {
    case ("us", true): return value / 1_000
    case ("ms", true): return value
    case ("s", true): return value * 1_000
    case ("", false): return value
    case ("%", false) where self == .busy: return value
    default: return nil
    }
  }

  fileprivate func figure(of kind: KindResult, seconds: Double) -> Double? {
    switch self {
    case .percentile(let percentile):
      guard kind.latencies.count > 0 else { return nil }
      return Double(kind.latencies.nanoseconds(atPercentile: percentile)) / 1e6
    case .mean: return kind.latencies.count > 0 ? kind.latencies.meanNanoseconds / 1e6 : nil
    case .rate: return seconds > 0 ? Double(kind.latencies.count) / seconds : 0
    case .lost: return Double(kind.lostCount)
    case .wrong: return Double(kind.wrongCount)
    case .busy:
      let busy = kind.codes.reduce(0) { $0 + ($1.key >= 4_000 ? $1.value : 0) }
      return 100 * Double(busy) / Double(max(1, kind.latencies.count))
    }
  }
}
