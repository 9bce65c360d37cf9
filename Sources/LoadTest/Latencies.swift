import Histogram

/// Latencies in nanoseconds, to three digits, up to an hour; longer ones count as an hour.
public struct Latencies: Sendable {
  private static let valueMax: UInt64 = 3_600_000_000_000

  private var histogram: Histogram<UInt32>

  public init() { self.init(digits: .three) }

  /// For plots: a tenth of the memory.
  static var coarse: Latencies { Latencies(digits: .two) }

  private init(digits: SignificantDigits) {
    histogram = Histogram(
      lowestDiscernibleValue: 1_000, highestTrackableValue: Self.valueMax,
      numberOfSignificantValueDigits: digits)
  }

  mutating func record(_ nanoseconds: UInt64) {
    histogram.record(min(nanoseconds, Self.valueMax))
  }

  mutating func add(_ other: Latencies) { histogram.add(other.histogram) }

  public var count: UInt64 { histogram.totalCount }
  public var meanNanoseconds: Double { histogram.mean }
  public var maxNanoseconds: UInt64 { histogram.totalCount == 0 ? 0 : histogram.maxRecorded }

  /// What the given percentage of all does not exceed; 0 if there are none.
  public func nanoseconds(atPercentile percentile: Double) -> UInt64 {
    guard count > 0 else { return 0 }
    return min(histogram.valueAtPercentile(percentile), maxNanoseconds)
  }

  /// Points of the percentile curve, the latency in nanoseconds.
  func curve(ticksPerHalfDistance: Int) -> [(percentile: Double, nanoseconds: UInt64)] {
    guard count > 0 else { return [] }
    return histogram.percentiles(ticksPerHalfDistance: ticksPerHalfDistance).map {
      (percentile: $0.percentileLevelIteratedTo, nanoseconds: min($0.value, maxNanoseconds))
    }
  }

  /// The percentile distribution in the text form of HdrHistogram, in milliseconds.
  public var percentileFile: String {
    var text = ""
    histogram.outputPercentileDistribution(to: &text, outputValueUnitScalingRatio: 1e6)
    return text
  }
}

/// Shown by its figures: of a histogram's buckets there is no end.
extension Latencies: CustomStringConvertible, CustomReflectable {
  public var description: String {
    let percentiles = [50.0, 99].map { decimal(Double(nanoseconds(atPercentile: $0)) / 1e6, 3) }
    return "\(count) latencies, p50 \(percentiles[0]) ms, p99 \(percentiles[1]) ms"
  }

  public var customMirror: Mirror { Mirror(self, children: []) }
}
