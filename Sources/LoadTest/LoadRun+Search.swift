extension LoadRun {
  /// Near enough: the highest rate is known to one part in twenty.
  private static let precision = 1.05
  /// A rate counts as reached when so much of it was answered.
  private static let achievedShareMin = 0.98

  /// Looks for the highest rate whose 99th percentile is below the plan's bound: doubles it until it
  /// is not, then halves the interval.
  ///
  /// The result is that of the best probe, or of the last one where none was good.
  func search() throws(LoadError) -> LoadResult {
    guard let search = plan.search else { preconditionFailure("a search without a bound") }
    var rate = plan.stages[0].rate
    var low: Double?
    var high: Double?
    var best: LoadResult?
    var probes: [SearchProbe] = []
    while true {
      var (probe, result) = try probe(rate, search)
      if wasInterrupted, best != nil { break }
      probes.append(probe)
      if probe.isWithinBound {
        low = rate
        result.highestRate = rate
        best = result
      } else {
        high = rate
        if best?.highestRate == nil { best = result }
      }
      if result.failure != nil || !result.isRight { best = result }
      guard result.failure == nil, result.isRight, !wasInterrupted,
        probes.count < LoadLimits.probeCountMax,
        let next = Self.nextRate(low: low, high: high, search.rateMax)
      else { break }
      rate = next
    }
    guard var found = best else { preconditionFailure("a search without a probe") }
    found.plan.search = search
    found.probes = probes
    return found
  }

  /// The rate to try next; nil when there is nothing left to find out.
  static func nextRate(low: Double?, high: Double?, _ rateMax: Double) -> Double? {
    switch (low, high) {
    case (let low?, nil): low < rateMax ? min(low * 2, rateMax) : nil
    case (nil, let high?): high > 1 ? high / 2 : nil
    case (let low?, let high?): high / low > precision ? (low * high).squareRoot() : nil
    case (nil, nil): nil
    }
  }

  private func probe(
    _ rate: Double, _ search: LoadPlan.Search
  ) throws(LoadError) -> (SearchProbe, LoadResult) {
    var probed = plan
    probed.search = nil
    probed.stages = [LoadPlan.Stage(rate: rate, seconds: plan.stages[0].seconds)]
    forgetMeasurements(probed)
    // A backlog of more than a second of requests is no 99th percentile of milliseconds.
    let backlogEnd = max(1_000, Int(rate * (1 + search.boundMilliseconds / 1_000)))
    let result = try measure(probed, backlogEnd: backlogEnd)
    let p99 = Double(result.total.latencies.nanoseconds(atPercentile: 99)) / 1e6
    let isWithinBound =
      p99 <= search.boundMilliseconds && !result.wasCutShort
      && result.achievedRate >= Self.achievedShareMin * rateDue(result)
    let probe = SearchProbe(
      rate: rate, achievedRate: result.achievedRate, p99Milliseconds: p99,
      isWithinBound: isWithinBound)
    return (probe, result)
  }

  private func rateDue(_ result: LoadResult) -> Double {
    Double(result.stages.reduce(0) { $0 + $1.dueCount }) / max(result.seconds, 1e-9)
  }
}
