/// The moments of an open loop: evenly spaced, whatever the server does.
///
/// In nanoseconds on the monotonic clock; a request that is due late counts its latency from its
/// moment all the same.
struct Pace {
  private let start: UInt64
  private let interval: Double
  private var count: UInt64 = 0

  init(rate: Double, from start: UInt64) {
    self.start = start
    interval = 1e9 / rate
  }

  /// When the next request is due.
  var next: UInt64 { start + UInt64(Double(count) * interval) }

  mutating func advance() { count += 1 }
}
