/// The result of a load test for people: a table by message type, and what to make of it.
public struct SummaryTable {
  private let result: LoadResult

  public init(_ result: LoadResult) { self.result = result }

  static let percentiles = [50, 90, 99, 99.9, 99.99]

  public var text: String {
    var lines = [heading, ""] + table
    lines += [""] + verdicts
    return lines.joined(separator: "\n") + "\n"
  }

  private var heading: String {
    let plan = result.plan
    let load: String
    switch plan.loop {
    case .closed(let inFlight): load = "closed loop, \(inFlight) in flight"
    case .open(let arrivals):
      let rates = plan.stages.map { decimal($0.rate, 0) }.joined(separator: ", ")
      load = "open loop, \(rates)/s (\(arrivals.rawValue))"
    }
    return "\(result.server): \(load), \(plan.connections) connections, "
      + "\(decimal(result.seconds, 1)) s, \(plan.mix)"
  }

  private static let columns = [
    "message", "rate/s", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "p99.99 ms", "max ms", "lost",
    "codes",
  ]

  private var table: [String] {
    var rows = [Self.columns]
    rows += result.kinds.map { row($0.kind.rawValue, $0.result) }
    if result.kinds.count > 1 { rows.append(row("all", result.total)) }
    let widths = Self.columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.count)
        return column == 0 || column == Self.columns.count - 1 ? text + space : space + text
      }.joined(separator: "  ").trimmingEnd
    }
  }

  private func row(_ name: String, _ kind: KindResult) -> [String] {
    let rate = result.seconds > 0 ? Double(kind.latencies.count) / result.seconds : 0
    let latencies = Self.percentiles.map {
      milliseconds(kind.latencies.nanoseconds(atPercentile: $0))
    }
    let codes = kind.codes.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
    return [name, decimal(rate, rate < 100 ? 1 : 0)] + latencies
      + [milliseconds(kind.latencies.maxNanoseconds), "\(kind.lostCount)"]
      + [codes.joined(separator: " ")]
  }

  private func milliseconds(_ nanoseconds: UInt64) -> String {
    decimal(Double(nanoseconds) / 1e6, 3)
  }

  private var verdicts: [String] {
    var lines: [String] = []
    if result.stages.count > 1 || !result.probes.isEmpty { lines += steps + [""] }
    if !result.plan.isClosedLoop {
      lines.append(
        "latency is from the intended time; the client was late by \(milliseconds(lag(50))) ms "
          + "(p50), \(milliseconds(lag(99))) ms (p99)")
    }
    if let seconds = result.stormSeconds {
      lines.append("reconnect storm: every connection was back after \(decimal(seconds, 2)) s")
    } else if result.plan.stormAfterSeconds != nil {
      lines.append("reconnect storm: not every connection was back when the test ended")
    }
    if result.plan.slowClients > 0 {
      lines.append("slow clients: \(result.slowAnswerCount) answers")
    }
    if result.brokenConnectionCount > 0 {
      lines.append("\(result.brokenConnectionCount) connections were ended by the server")
    }
    lines += result.warnings.map { "warning: \($0)" }
    lines += result.violations.described.map { "wrong: \($0)" }
    let untold = result.violations.count - result.violations.described.count
    if untold > 0 { lines.append("wrong: \(untold) more") }
    lines.append(
      result.isRight
        ? "\(result.checkedCount) answers checked: all right"
        : "\(result.checkedCount) answers checked: \(result.violations.count) WRONG, "
          + "\(result.lostCount) of them missing")
    if let failure = result.failure { lines.append("ended early: \(failure)") }
    return lines
  }

  private func lag(_ percentile: Double) -> UInt64 {
    result.lag.nanoseconds(atPercentile: percentile)
  }

  /// The stages of a staircase, or the probes of a search.
  private var steps: [String] {
    if !result.probes.isEmpty {
      let lines = result.probes.map {
        "\(decimal($0.rate, 0))/s: \(decimal($0.achievedRate, 0))/s, "
          + "p99 \(decimal($0.p99Milliseconds, 3)) ms, \($0.isWithinBound ? "within" : "above")"
      }
      let bound = decimal(result.plan.search?.boundMilliseconds ?? 0, 3)
      let found = result.highestRate.map { "\(decimal($0, 0))/s" } ?? "none"
      return lines + ["highest rate with p99 below \(bound) ms: \(found)"]
    }
    return result.stages.map { stage in
      let p99 = milliseconds(stage.latencies.nanoseconds(atPercentile: 99))
      return "\(decimal(stage.stage.rate, 0))/s for \(decimal(stage.stage.seconds, 1)) s: "
        + "\(decimal(stage.achievedRate, 0))/s, p99 \(p99) ms"
    }
  }
}

extension String {
  fileprivate var trimmingEnd: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
