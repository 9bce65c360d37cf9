import Foundation

/// The results of several rounds, by scenario and server, and how the first server compares.
struct ComparisonTable {
  private let results: [LoadResult]

  init(_ results: [LoadResult]) { self.results = results }

  /// A block of lines for each scenario, in the order of their first results.
  ///
  /// A figure is the median of the rounds. A ratio compares the runs of the same round; in brackets
  /// stand the smallest and the largest.
  var text: String {
    results.map(\.scenario).uniqued.map(block).joined(separator: "\n\n")
  }

  private func block(of scenario: String) -> String {
    let own = results.filter { $0.scenario == scenario }
    let servers = own.map(\.server).uniqued
    let runs = servers.map { server in own.filter { $0.server == server } }
    var lines = ["\(scenario) (rounds: \(runs.map(\.count).max() ?? 0))", Self.head]
    lines += runs.map { Self.line(of: $0) }
    for other in runs.dropFirst() {
      lines.append(Self.comparison(of: runs[0], with: other))
    }
    return lines.joined(separator: "\n")
  }

  private static let head =
    columns([
      "", "per second", "spread", "p50 us", "p99 us", "p99.9 us", "max us", "server us",
      "client us", "others",
    ])

  /// One server's figures in a scenario.
  static func line(of runs: [LoadResult]) -> String {
    func median(_ value: (Measurement) -> Double) -> Double {
      runs.map { value($0.measurement) }.median
    }
    let rates = runs.map(\.measurement.transactionsPerSecond)
    let half = ((rates.max() ?? 0) - (rates.min() ?? 0)) / 2 / max(1, rates.median)
    return columns([
      runs.first?.server ?? "",
      median(\.transactionsPerSecond).grouped,
      String(format: "%.1f %%", half * 100),
      microseconds(median { Double($0.p50) }),
      microseconds(median { Double($0.p99) }),
      microseconds(median { Double($0.p999) }),
      microseconds(median { Double($0.largest) }),
      String(format: "%.2f", median(\.serverPerTransaction) / 1_000),
      String(format: "%.2f", median(\.clientPerTransaction) / 1_000),
      String(format: "%.2f", median(\.otherProcessors)),
    ])
  }

  private static func comparison(of runs: [LoadResult], with others: [LoadResult]) -> String {
    func ratio(_ value: (Measurement) -> Double) -> String {
      let ratios = runs.compactMap { run -> Double? in
        guard let other = others.first(where: { $0.round == run.round }) else { return nil }
        let divisor = value(other.measurement)
        return divisor > 0 ? value(run.measurement) / divisor : nil
      }
      guard let low = ratios.min(), let high = ratios.max() else { return "-" }
      return String(format: "%.2f (%.2f to %.2f)", ratios.median, low, high)
    }
    return "  \(runs[0].server) / \(others[0].server):"
      + " per second \(ratio(\.transactionsPerSecond)),"
      + " p50 \(ratio { Double($0.p50) }), p99 \(ratio { Double($0.p99) }),"
      + " server time \(ratio(\.serverPerTransaction))"
  }

  private static func microseconds(_ nanoseconds: Double) -> String {
    let value = nanoseconds / 1_000
    return value < 100 ? String(format: "%.1f", value) : value.grouped
  }

  /// The first column is text, the others are figures.
  private static func columns(_ texts: [String]) -> String {
    let first = texts[0].padding(toLength: 18, withPad: " ", startingAt: 0)
    return texts.dropFirst().reduce(first) { line, text in
      line + String(repeating: " ", count: max(1, 11 - text.count)) + text
    }
  }
}

extension [Double] {
  /// The middle value, of an even number the mean of the two; 0 if there is none.
  var median: Double {
    guard !isEmpty else { return 0 }
    let ascending = sorted()
    return (ascending[(count - 1) / 2] + ascending[count / 2]) / 2
  }
}

extension Double {
  /// Rounded, with commas between the thousands.
  fileprivate var grouped: String {
    let digits = String(UInt64(max(0, rounded())))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }
}

extension [String] {
  /// Each once, in the order of their first appearance.
  fileprivate var uniqued: [String] {
    reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
