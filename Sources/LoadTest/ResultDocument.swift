public import Installation

/// The result of a load test as JSON, for programs.
///
/// Latencies are in milliseconds, from the intended time unless they are called service times.
public struct ResultDocument {
  private let result: LoadResult

  public init(_ result: LoadResult) { self.result = result }

  public var json: JSONValue {
    var members: [String: JSONValue] = [
      "server": .string(result.server),
      "seconds": .number(result.seconds),
      "connections": .integer(UInt64(result.plan.connections)),
      "loop": .string(result.plan.isClosedLoop ? "closed" : "open"),
      "mix": .string("\(result.plan.mix)"),
      "keys": .string("\(result.plan.keys)"),
      "seed": .integer(result.plan.seed),
      "messages": .object(
        Dictionary(uniqueKeysWithValues: result.kinds.map { ($0.kind.rawValue, json($0.result)) })),
      "all": json(result.total),
      "stages": .array(result.stages.map(json)),
      "intervals": .array(intervals),
      "schedule_lag": json(result.lag),
      "client_processor_share": .number(result.processorShare),
      "checked": .integer(UInt64(result.checkedCount)),
      "wrong": .integer(UInt64(result.violations.count)),
      "lost": .integer(UInt64(result.lostCount)),
      "connections_ended_by_server": .integer(UInt64(result.brokenConnectionCount)),
      "backlog_max": .integer(UInt64(result.backlogCountMax)),
      "warnings": .array(result.warnings.map { .string($0) }),
      "violations": .array(result.violations.described.map { .string($0) }),
    ]
    if let seconds = result.stormSeconds { members["storm_seconds"] = .number(seconds) }
    if let failure = result.failure { members["failure"] = .string(failure) }
    if result.plan.search != nil {
      members["highest_rate"] = result.highestRate.map { .number($0) } ?? .null
      members["probes"] = .array(result.probes.map(json))
    }
    return .object(members)
  }

  private func json(_ kind: KindResult) -> JSONValue {
    let rate = result.seconds > 0 ? Double(kind.latencies.count) / result.seconds : 0
    return .object([
      "rate": .number(rate),
      "latency": json(kind.latencies),
      "service_time": json(kind.serviceTimes),
      "codes": .object(
        Dictionary(
          uniqueKeysWithValues: kind.codes.map { ("\($0.key)", .integer(UInt64($0.value))) })),
      "wrong": .integer(UInt64(kind.wrongCount)),
      "lost": .integer(UInt64(kind.lostCount)),
    ])
  }

  private func json(_ latencies: Latencies) -> JSONValue {
    var members: [String: JSONValue] = [
      "count": .integer(latencies.count),
      "mean": .number(latencies.meanNanoseconds / 1e6),
      "max": .number(Double(latencies.maxNanoseconds) / 1e6),
    ]
    for percentile in SummaryTable.percentiles {
      members["p\(name(percentile))"] = .number(
        Double(latencies.nanoseconds(atPercentile: percentile)) / 1e6)
    }
    return .object(members)
  }

  private func name(_ percentile: Double) -> String {
    percentile == percentile.rounded() ? "\(Int(percentile))" : "\(percentile)"
  }

  private func json(_ stage: StageResult) -> JSONValue {
    .object([
      "rate": .number(stage.stage.rate),
      "seconds": .number(stage.stage.seconds),
      "achieved_rate": .number(stage.achievedRate),
      "latency": json(stage.latencies),
    ])
  }

  private func json(_ probe: SearchProbe) -> JSONValue {
    .object([
      "rate": .number(probe.rate),
      "achieved_rate": .number(probe.achievedRate),
      "p99": .number(probe.p99Milliseconds),
      "within_bound": .bool(probe.isWithinBound),
    ])
  }

  private var intervals: [JSONValue] {
    result.intervals.enumerated().map { place, interval in
      .object([
        "start": .number(Double(place) * result.intervalSeconds),
        "latency": json(interval.latencies),
        "due": .integer(UInt64(interval.dueCount)),
        "answered": .integer(UInt64(interval.answeredCount)),
      ])
    }
  }
}
