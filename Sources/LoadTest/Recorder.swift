import TransactionModel

/// What is measured while a load test runs.
final class Recorder {
  /// One for each kind, in the order of `MessageKind.allCases`.
  private var table = MessageKind.allCases.map { _ in KindResult() }
  private(set) var stages: [StageResult]
  /// How late the client itself was: from the intended time to when it took notice.
  private(set) var lag = Latencies()
  private(set) var intervals: [IntervalResult] = []
  private let intervalNanoseconds: UInt64
  /// When measuring began; before it nothing counts.
  private var start: UInt64?
  /// The stage that runs; nil while nothing is measured.
  var currentStage: Int?
  /// Messages that were inquiries instead, for want of a card or a change that they could be about.
  var substitutedCount = 0
  /// Cards with another history than of load tests.
  var foreignCardCount = 0
  private(set) var lostCount = 0
  var brokenConnectionCount = 0
  private(set) var recent = Latencies.coarse

  init(_ stages: [LoadPlan.Stage]) {
    self.stages = stages.map { StageResult(stage: $0) }
    let seconds = stages.reduce(0) { $0 + $1.seconds }
    let interval = max(0.1, seconds / Double(LoadLimits.intervalCountMax))
    intervalNanoseconds = UInt64(interval * 1e9)
  }

  func begin(at now: UInt64) { start = now }

  /// What came of the kinds of which there was any.
  var kinds: [(kind: MessageKind, result: KindResult)] {
    zip(MessageKind.allCases, table).filter { $1.latencies.count > 0 || $1.lostCount > 0 }
      .map { (kind: $0, result: $1) }
  }

  var intervalSeconds: Double { Double(intervalNanoseconds) / 1e9 }

  /// Notes that a request came due, and how late that was noticed.
  func due(_ intended: UInt64, stage: Int?, at now: UInt64) {
    guard let stage else { return }
    lag.record(now - intended)
    stages[stage].dueCount += 1
    if let place = interval(at: intended) { intervals[place].dueCount += 1 }
  }

  /// Notes an answer.
  func record(_ exchange: Exchange, code: ResponseCode, isWrong: Bool, at now: UInt64) {
    let latency = now - min(now, exchange.intendedNanoseconds)
    recent.record(latency)
    guard let stage = exchange.stage else { return }
    let place = exchange.kind.place
    table[place].latencies.record(latency)
    table[place].serviceTimes.record(now - min(now, exchange.sentNanoseconds))
    table[place].codes[code.rawValue, default: 0] += 1
    if isWrong { table[place].wrongCount += 1 }
    stages[stage].latencies.record(latency)
    // A stall shows when requests were due, and in the answers when they came.
    if let place = interval(at: exchange.intendedNanoseconds) {
      intervals[place].latencies.record(latency)
    }
    if let place = interval(at: now) { intervals[place].answeredCount += 1 }
  }

  /// Notes a connection that was made, from the first packet to the end of the handshake.
  func connected(from began: UInt64, at now: UInt64) {
    guard currentStage != nil else { return }
    table[MessageKind.connect.place].latencies.record(now - began)
    table[MessageKind.connect.place].serviceTimes.record(now - began)
  }

  func lost(_ kind: MessageKind) {
    lostCount += 1
    table[kind.place].lostCount += 1
  }

  /// The interval of a moment; nil before measuring.
  private func interval(at moment: UInt64) -> Int? {
    guard let start, moment >= start else { return nil }
    let place = min(Int((moment - start) / intervalNanoseconds), LoadLimits.intervalCountMax)
    while intervals.count <= place { intervals.append(IntervalResult()) }
    return place
  }

  /// What was answered since the last call, for progress.
  func takeRecent() -> Latencies {
    defer { recent = Latencies.coarse }
    return recent
  }
}

/// What came of the messages of one kind.
public struct KindResult: Sendable {
  /// From the intended time to the answer.
  public var latencies = Latencies()
  /// From sending to the answer: what a closed loop would have seen.
  public var serviceTimes = Latencies()
  public var codes: [UInt16: Int] = [:]
  public var wrongCount = 0
  public var lostCount = 0
}

extension MessageKind {
  fileprivate var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// What came of one stage.
public struct StageResult: Sendable {
  public var stage: LoadPlan.Stage
  public var dueCount = 0
  public var latencies = Latencies()

  init(stage: LoadPlan.Stage) { self.stage = stage }

  /// Answers a second.
  public var achievedRate: Double { Double(latencies.count) / stage.seconds }
}

/// What came of one interval of the measured time.
public struct IntervalResult: Sendable {
  /// Of the requests that were to be sent in it.
  public var latencies = Latencies.coarse
  /// Requests that were to be sent in it; none are counted in a closed loop.
  public var dueCount = 0
  public var answeredCount = 0
}
