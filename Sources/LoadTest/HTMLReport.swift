import Glibc

/// The result of a load test as a page that needs nothing else: no network, no script.
///
/// It is well-formed XML too, so that any parser can read it.
public struct HTMLReport {
  private let result: LoadResult

  public init(_ result: LoadResult) { self.result = result }

  public var text: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <title>posload: \(escaped(result.server))</title>
    <style>
    \(Self.style)
    </style>
    </head>
    <body>
    <h1>Load test of \(escaped(result.server))</h1>
    <p class="\(result.isRight && result.failure == nil ? "good" : "bad")">\(escaped(verdict))</p>
    \(plots.map { "<h2>\($0.title)</h2>\n\($0.svg)" }.joined(separator: "\n"))
    <h2>Figures</h2>
    <pre>\(escaped(SummaryTable(result).text))</pre>
    </body>
    </html>

    """
  }

  private var verdict: String {
    if let failure = result.failure { return "The test ended early: \(failure)" }
    guard result.isRight else {
      return "\(result.violations.count) of \(result.checkedCount) answers were wrong or missing."
    }
    return "All \(result.checkedCount) answers were right."
  }

  private static let style = """
    body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
      padding: 0 1rem; color: #1b1f24; background: #fff }
    h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin-top: 2rem }
    pre { overflow-x: auto; font-size: 12px; line-height: 1.4 }
    svg { width: 100%; height: auto } text { font-size: 12px; fill: #57606a }
    .good { color: #116329 } .bad { color: #a40e26; font-weight: bold }
    .grid { stroke: #d8dee4; stroke-width: 1 }
    .line { fill: none; stroke-width: 1.8 }
    .a { stroke: #0969da } .b { stroke: #bc4c00 } .c { stroke: #8250df } .d { stroke: #1a7f37 }
    @media (prefers-color-scheme: dark) {
      body { color: #e6edf3; background: #0d1117 } text { fill: #9198a1 }
      .grid { stroke: #3d444d } .good { color: #3fb950 } .bad { color: #f85149 }
      .a { stroke: #4493f8 } .b { stroke: #f0883e } .c { stroke: #ab7df8 } .d { stroke: #3fb950 }
    }
    """

  private var plots: [Plot] { [overTime, curve, rate] }

  private func overTime(_ name: String, _ style: String, _ percentile: Double) -> Plot.Line {
    Plot.Line(
      name: name, style: style,
      points: result.intervals.enumerated().filter { $1.latencies.count > 0 }.map {
        place, interval in
        (
          Double(place) * result.intervalSeconds,
          Double(interval.latencies.nanoseconds(atPercentile: percentile)) / 1e6
        )
      })
  }

  private var overTime: Plot {
    Plot(
      title: "Latency over time, by when the request was to be sent",
      xTitle: "seconds", yTitle: "ms",
      lines: [overTime("p50", "a", 50), overTime("p99", "b", 99), overTime("max", "c", 100)],
      xEnd: result.seconds, isLogarithmic: true)
  }

  /// The distance to 100 % shrinks tenfold from tick to tick.
  private var curve: Plot {
    let styles = ["a", "b", "c", "d"]
    let largest = result.kinds.filter { $0.kind != .connect }
      .sorted { $0.result.latencies.count > $1.result.latencies.count }.prefix(styles.count)
    let lines = zip(largest, styles).map { entry, style in
      Plot.Line(
        name: entry.kind.rawValue, style: style,
        points: entry.result.latencies.curve(ticksPerHalfDistance: 5)
          .filter { $0.percentile < 100 }.map { point in
            (-log10(1 - point.percentile / 100), Double(point.nanoseconds) / 1e6)
          })
    }
    let ticks = ["0", "90", "99", "99.9", "99.99", "99.999"].enumerated().map { place, text in
      (x: Double(place), text: text)
    }
    return Plot(
      title: "Percentiles", xTitle: "percent of answers that came in this time", yTitle: "ms",
      lines: lines, isLogarithmic: true, xTicks: ticks)
  }

  /// What came of an interval that the measured time does not fill is no rate.
  private var rate: Plot {
    // A test of 30 s has 300 intervals of 0.1 s, as exact as those numbers are.
    let wholeCount = Int(result.seconds / result.intervalSeconds + 0.001)
    func line(_ name: String, _ style: String, _ count: (IntervalResult) -> Int) -> Plot.Line {
      Plot.Line(
        name: name, style: style,
        points: result.intervals.prefix(wholeCount).enumerated().map { place, interval in
          (
            Double(place) * result.intervalSeconds,
            Double(count(interval)) / result.intervalSeconds
          )
        })
    }
    let answered = line("answered", "d", \.answeredCount)
    return Plot(
      title: "Rate", xTitle: "seconds", yTitle: "per second",
      lines: result.plan.isClosedLoop ? [answered] : [line("due", "a", \.dueCount), answered],
      xEnd: result.seconds)
  }

  private func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
