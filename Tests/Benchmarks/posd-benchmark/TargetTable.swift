import Foundation

/// What posd has to reach, row by row, what was measured, and whether it is reached.
struct TargetTable {
  private let measured: MeasuredRounds

  init(_ lines: [ResultsFile.Line]) {
    measured = MeasuredRounds(
      loads: lines.compactMap(\.load), figures: lines.compactMap(\.figure))
  }

  /// A line for each row: the median of the rounds, in brackets the smallest and the largest.
  var text: String {
    let head = ["row", "measured (min..max over rounds)", "must", "aim", ""]
    let rows = [head] + Target.all.map(line)
    let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
        .joined(separator: "  ")
    }.joined(separator: "\n")
  }

  private func line(_ target: Target) -> [String] {
    let values = measured.rounds.compactMap { target.value(measured, $0) }
    let bounds = [target.bound(target.must), target.bound(target.aim)]
    guard let low = values.min(), let high = values.max() else {
      return [target.name, "not measured"] + bounds + [""]
    }
    let figures = [values.median, low, high].map(target.text)
    let text = "\(figures[0]) (\(figures[1])..\(figures[2]))"
    return [target.name, text] + bounds + [target.verdict(values.median)]
  }
}

/// One row.
struct Target {
  enum Direction {
    case atLeast
    case atMost
  }

  let name: String
  let unit: String
  let direction: Direction
  /// Nil where a row stands for comparison only.
  let must: Double?
  let aim: Double?
  /// What a round gave.
  let value: (MeasuredRounds, Int) -> Double?

  func text(_ value: Double) -> String {
    // What is to be nothing is told to the last place.
    String(format: must.map { $0 < 0.01 } == true ? "%.3f" : "%.2f", value) + unit
  }

  func bound(_ value: Double?) -> String {
    guard let value else { return "-" }
    return (direction == .atLeast ? ">= " : "<= ") + text(value)
  }

  func verdict(_ value: Double) -> String {
    func isReached(_ bound: Double?) -> Bool? {
      bound.map { direction == .atLeast ? value >= $0 : value <= $0 }
    }
    guard let isMet = isReached(must) else { return "" }
    if isReached(aim) == true { return "aim met" }
    return isMet ? "met" : "missed"
  }
}

extension Target {
  /// In the order in which they are printed.
  static var all: [Target] {
    [
      ratio("inquiry, 1 in flight: rate / Redis GET", .atLeast, 1.1, 1.2) {
        $0.ratio("inquiry", "get", .single, $1, \.transactionsPerSecond)
      },
      ratio("inquiry, 1 in flight: server time / plain TCP", .atMost, 1.45, 1.3) {
        $0.ratio("inquiry", "echo", .single, $1, \.serverPerTransaction)
      },
      ratio("inquiry, many in flight: rate / Redis GET", .atLeast, 1.2, 1.5) {
        $0.ratio("inquiry", "get", .many, $1, \.transactionsPerSecond)
      },
      ratio("activation, 1 in flight: rate / Redis SET", .atLeast, 1.15, 1.4) {
        $0.ratio("activation", "set", .single, $1, \.transactionsPerSecond)
      },
      ratio("update, 1 in flight: rate / Redis SET", .atLeast, 1.15, 1.4) {
        $0.ratio("update", "overwrite", .single, $1, \.transactionsPerSecond)
      },
      ratio("activation, many in flight: rate / Redis SET", .atLeast, 1.2, 2) {
        $0.ratio("activation", "set", .many, $1, \.transactionsPerSecond)
      },
      ratio("update, many in flight: rate / Redis SET", .atLeast, 1.2, 2) {
        $0.ratio("update", "overwrite", .many, $1, \.transactionsPerSecond)
      },
      Target("activation, 1 connection: p50 - fdatasync p50", " us", 150, 100) {
        $0.aboveSync("activation", $1)
      },
      Target("update, 1 connection: p50 - fdatasync p50", " us", 150, 100) {
        $0.aboveSync("update", $1)
      },
      figure("allocations to decide an inquiry", "", 0.001, 0.001, .inquiryAllocations),
      figure(
        "allocations to decide an update, but OpenSSL's", "", 0.001, 0.001, .updateAllocations),
      figure("parse an inquiry and encode its answer", " ns", 60, 30, .codec),
      figure("idle TLS connection", " KB", 32, 26, .idleMemory),
      figure("idle TLS connection, redis-server", " KB", nil, nil, .idleMemory, server: "redis"),
      figure("storm: all terminals are back", " s", 20, 10, .stormDuration),
      figure("storm: p99 of established terminals", " ms", 2, 1, .stormTail),
      figure("size of a record", " bytes", 512, 512, .recordByteCount),
      figure("memory per card / record, index alone", "", 1.4, 1.2, .indexMemory),
      figure("memory per card / record, daemon", "", 1.4, 1.2, .daemonMemory),
      ratio("inquiry at half its highest rate: p99.9 / plain TCP", .atMost, 2, 1.5) {
        $0.ratio("inquiry", "echo", .paced, $1) { Double($0.p999) }
      },
    ]
  }

  private init(
    _ name: String, _ unit: String, _ must: Double?, _ aim: Double?,
    _ value: @escaping (MeasuredRounds, Int) -> Double?
  ) {
    self.init(name: name, unit: unit, direction: .atMost, must: must, aim: aim, value: value)
  }

  private static func ratio(
    _ name: String, _ direction: Direction, _ must: Double, _ aim: Double,
    _ value: @escaping (MeasuredRounds, Int) -> Double?
  ) -> Target {
    Target(name: name, unit: "", direction: direction, must: must, aim: aim, value: value)
  }

  private static func figure(
    _ name: String, _ unit: String, _ must: Double?, _ aim: Double?, _ figure: Figure.Name,
    server: String = "posd"
  ) -> Target {
    Target(name, unit, must, aim) { $0.figure(figure, server, $1) }
  }
}
