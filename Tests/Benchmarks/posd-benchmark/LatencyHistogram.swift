/// Counts of latencies in buckets whose width grows with the latency.
///
/// Each power of two is divided into 128 buckets, so a value read back is at most 0.8 % too large.
/// Latencies are in nanoseconds, up to 2^40, 18 minutes; longer ones count as that.
struct LatencyHistogram {
  private static let precisionBits = 7
  private static let valueMax: UInt64 = 1 << 40

  private var counts: [UInt64]
  private(set) var count: UInt64 = 0
  private(set) var largest: UInt64 = 0

  init() {
    counts = Array(repeating: 0, count: Self.bucket(of: Self.valueMax) + 1)
  }

  mutating func record(_ nanoseconds: UInt64) {
    counts[Self.bucket(of: min(nanoseconds, Self.valueMax))] += 1
    count += 1
    largest = max(largest, nanoseconds)
  }

  mutating func removeAll() { self = LatencyHistogram() }

  /// The latency that the given share of all does not exceed, 0 if there are none.
  func percentile(_ share: Double) -> UInt64 {
    guard count > 0 else { return 0 }
    let wanted = max(1, UInt64((share * Double(count)).rounded(.up)))
    var reached: UInt64 = 0
    for (index, bucketCount) in counts.enumerated() {
      reached += bucketCount
      if reached >= wanted { return min(Self.upperBound(ofBucket: index), largest) }
    }
    return largest
  }

  /// Below 256 each value has a bucket; above, the top eight bits and their place choose it.
  private static func bucket(of value: UInt64) -> Int {
    let shift = max(0, 63 - precisionBits - value.leadingZeroBitCount)
    return shift << precisionBits + Int(value >> UInt64(shift))
  }

  private static func upperBound(ofBucket index: Int) -> UInt64 {
    let shift = max(0, index >> precisionBits - 1)
    let top = UInt64(index - shift << precisionBits)
    return (top + 1) << UInt64(shift) - 1
  }
}
