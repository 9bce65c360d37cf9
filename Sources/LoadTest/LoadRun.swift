import LinuxSystem
import TLS
import TransactionModel

/// A load test from the first connection to the result.
///
/// It blocks its caller. What goes wrong before the first request is measured is thrown; what ends
/// the test later is in the result, beside what was measured until then.
public final class LoadRun {
  /// What a test is doing, for those who watch.
  public struct Progress {
    public var phase: String
    /// Of the measured time.
    public var elapsedSeconds: Double
    public var totalSeconds: Double
    public var answerCount: Int
    /// Of the answers since the last time.
    public var recent: Latencies
    public var recentSeconds: Double
    public var wrongCount: Int
    public var openConnections: Int
  }

  private static let connectMilliseconds: Int32 = 10_000

  let plan: LoadPlan
  private let target: LoadTarget
  private var recorder: Recorder
  private let driver: LoadDriver
  private var phase = "connecting"
  private var measureStart: UInt64?
  private var lastProgress: UInt64
  private let progressNanoseconds: UInt64
  private let onProgress: (Progress) -> Void
  private let isStopped: () -> Bool

  /// Reads certificates, finds the server, and begins the journal; sends nothing yet.
  public init(
    _ plan: LoadPlan, _ target: LoadTarget, journal path: String? = nil,
    progressSeconds: Double = 1, onProgress: @escaping (Progress) -> Void = { _ in },
    isStopped: @escaping () -> Bool = { false }
  ) throws(LoadError) {
    let contradictions = plan.contradictions
    guard contradictions.isEmpty else { throw .planUnusable(contradictions) }
    try Self.checkDescriptors(plan)
    ignoreBrokenPipe()
    let address = try target.findAddress(timeoutMilliseconds: Self.connectMilliseconds)
    let header = JournalHeader(
      environment: target.environment, firstSerial: target.firstSerial, cardCount: plan.cards,
      software: target.software.rawValue)
    let journal = try path.map { (path) throws(LoadError) in try Journal(path: path, header) }
    self.plan = plan
    self.target = target
    recorder = Recorder(plan.stages)
    driver = try LoadDriver(
      target, address: address, LoadDriver.Settings(plan),
      book: CardBook(firstSerial: target.firstSerial, count: plan.cards),
      connections: try Self.connections(plan, target), recorder: recorder, journal: journal,
      seed: plan.seed)
    self.onProgress = onProgress
    self.isStopped = isStopped
    progressNanoseconds = UInt64(progressSeconds * 1e9)
    lastProgress = MonotonicClock.nowNanoseconds
  }

  static func checkDescriptors(_ plan: LoadPlan) throws(LoadError) {
    let allowed = try reporting { () throws(SystemError) in
      try CurrentProcess.raiseOpenFileLimit()
    }
    let wanted = plan.connections + plan.slowClients + LoadLimits.ownDescriptorCount
    guard wanted <= allowed else { throw .tooFewDescriptors(wanted: wanted, allowed: allowed) }
  }

  static func connections(
    _ plan: LoadPlan, _ target: LoadTarget
  ) throws(LoadError) -> [LoadConnection] {
    let contexts = try target.contexts()
    let shared = plan.terminals - plan.slowClients
    var inFlightMax = LoadLimits.inFlightMax
    if case .closed(let inFlight) = plan.loop { inFlightMax = inFlight }
    return (0..<(plan.connections + plan.slowClients)).map { index in
      let isSlow = index >= plan.connections
      let first = isSlow ? shared + index - plan.connections : index * shared / plan.connections
      let end = isSlow ? first + 1 : (index + 1) * shared / plan.connections
      return LoadConnection(
        index: index, terminals: first..<end,
        contexts[contexts.count == 1 ? 0 : index], inFlightMax: isSlow ? 1 : inFlightMax,
        answerCountMax: isSlow ? nil : plan.swipesPerConnection,
        sendByteCountMax: isSlow ? 16 : nil)
    }
  }

  // MARK: Running

  /// Runs the plan on the calling thread, which is to run promptly: what it waits for a processor
  /// beside the server counts as the server's.
  public func run() throws(LoadError) -> LoadResult {
    driver.onProgress = { [unowned self] now in report(at: now) }
    defer { driver.closeAll() }
    try prepare()
    return plan.search == nil ? try measure(plan) : try search()
  }

  /// Measures a plan of which all is prepared.
  func measure(_ plan: LoadPlan, backlogEnd: Int? = nil) throws(LoadError) -> LoadResult {
    var result = LoadResult(plan: plan, server: "\(target.host):\(target.port)")
    let processorStart = CurrentProcess.processorTimeNanoseconds
    let start = MonotonicClock.nowNanoseconds
    let traffic = PlannedTraffic(plan, start: start, backlogEnd: backlogEnd)
    phase = "measuring"
    measureStart = start + UInt64(plan.warmUpSeconds * 1e9)
    do throws(LoadError) {
      try driver.run(traffic)
    } catch {
      result.failure = "\(error)"
      try driver.journal?.flush()
    }
    let elapsed = Double(MonotonicClock.nowNanoseconds - start) / 1e9
    let processor = Double(CurrentProcess.processorTimeNanoseconds - processorStart) / 1e9
    result.processorShare = processor / elapsed
    result.seconds = max(0, min(plan.measuredSeconds, elapsed - plan.warmUpSeconds))
    result.take(recorder, driver, traffic)
    return result
  }

  /// Connects, learns what the cards are, and activates as many as the plan wants.
  private func prepare() throws(LoadError) {
    phase = "learning the cards"
    try driver.run(CardLearning(count: plan.cards))
    driver.book.orderBlankCards()
    let usable = driver.book.blank.count + driver.book.active.count
    guard usable > 0 else {
      throw .planUnusable(["none of the cards has no other history than of load tests"])
    }
    phase = "activating cards"
    let wanted = plan.activeCardsWanted - driver.book.active.count
    if wanted > 0 { try driver.run(CardActivation(count: wanted)) }
  }

  var wasInterrupted: Bool { driver.isInterrupted }

  /// Begins to measure anew; what was wrong stays so.
  func forgetMeasurements(_ plan: LoadPlan) {
    recorder = Recorder(plan.stages)
    driver.recorder = recorder
  }

  /// Tells how far the test is; true ends it.
  private func report(at now: UInt64) -> Bool {
    guard now - lastProgress >= progressNanoseconds else { return isStopped() }
    let recentSeconds = Double(now - lastProgress) / 1e9
    lastProgress = now
    var elapsed = 0.0
    var phase = phase
    if let measureStart {
      elapsed = (Double(now) - Double(measureStart)) / 1e9
      if elapsed < 0 { phase = "warming up" }
      if elapsed > plan.measuredSeconds { phase = "waiting for answers" }
    }
    onProgress(
      Progress(
        phase: phase, elapsedSeconds: min(max(0, elapsed), plan.measuredSeconds),
        totalSeconds: plan.measuredSeconds, answerCount: driver.checkedCount,
        recent: recorder.takeRecent(), recentSeconds: recentSeconds,
        wrongCount: driver.violations.count, openConnections: driver.openCount))
    return isStopped()
  }
}

extension LoadDriver.Settings {
  init(_ plan: LoadPlan) {
    self.init(
      answerNanoseconds: UInt64(plan.answerSeconds * 1e9),
      giveUpNanoseconds: UInt64(plan.giveUpSeconds * 1e9),
      keepsAnswers: plan.repeatShare > 0 || plan.mix.contains(.last))
  }
}

extension LoadPlan {
  /// How many cards are active when the test begins: what is asked for, or all but those that its
  /// activations will take, with a tenth more.
  var activeCardsWanted: Int {
    if let activeCards { return activeCards }
    let share = mix.share(of: .activate)
    guard share > 0 else { return cards }
    let requests =
      isClosedLoop
      ? Double(cards)
      : stages.reduce(warmUpSeconds * (stages.first?.rate ?? 0)) { $0 + $1.rate * $1.seconds }
    return max(cards / 2, cards - Int(min(Double(cards), requests * share * 1.1 + 10)))
  }
}

extension LoadResult {
  /// Takes what was measured.
  mutating func take(_ recorder: Recorder, _ driver: LoadDriver, _ traffic: PlannedTraffic) {
    kinds = recorder.kinds
    stages = recorder.stages
    intervals = recorder.intervals
    intervalSeconds = recorder.intervalSeconds
    lag = recorder.lag
    violations = driver.violations
    checkedCount = driver.checkedCount
    lostCount = recorder.lostCount
    brokenConnectionCount = recorder.brokenConnectionCount
    backlogCountMax = traffic.backlogCountMax
    wasCutShort = traffic.wasCutShort
    slowAnswerCount = traffic.slowAnswerCount
    stormSeconds = traffic.stormReconnectedNanoseconds.map { Double($0) / 1e9 }
    warn(
      substitutedCount: recorder.substitutedCount, foreignCardCount: recorder.foreignCardCount)
  }
}
