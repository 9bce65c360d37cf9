package import TransactionModel

/// A moment as a terminal sees it: on the clock that only goes forward, and on the one of the day.
package struct TerminalTime: Sendable {
  /// For waits; its zero means nothing.
  package var monotonicMilliseconds: UInt64
  /// For transaction times.
  package var wall: Instant

  package init(monotonicMilliseconds: UInt64, wall: Instant) {
    self.monotonicMilliseconds = monotonicMilliseconds
    self.wall = wall
  }

  func after(_ milliseconds: UInt64) -> UInt64 { monotonicMilliseconds + milliseconds }
}

/// How long a terminal waits before repeats and new connections (SPECIFICATION.md, 18.5).
public struct TerminalIntervals: Sendable, BitwiseCopyable {
  /// The first new connection after one was lost comes at random within this.
  public var firstReconnectMillisecondsMax: UInt64 = 10_000
  /// The first wait before a repeat or a new connection; doubled each time.
  public var firstWaitMilliseconds: UInt64 = 1_000
  public var waitMillisecondsMax: UInt64 = 60_000

  public init() {}
}

/// The waits before repeats and new connections, each drawn at random.
struct BackOff: Sendable {
  let intervals: TerminalIntervals
  private var generator: JitterGenerator

  init(_ intervals: TerminalIntervals, seed: UInt64) {
    self.intervals = intervals
    generator = JitterGenerator(seed: seed)
  }

  /// After so many earlier failures: doubled for each, and drawn between half and the whole.
  mutating func wait(afterFailures count: Int) -> UInt64 {
    let doubled = intervals.firstWaitMilliseconds << UInt64(min(count, 20))
    let whole = min(doubled, intervals.waitMillisecondsMax)
    return UInt64.random(in: whole / 2...whole, using: &generator)
  }

  mutating func waitAfterLoss() -> UInt64 {
    UInt64.random(in: 0...intervals.firstReconnectMillisecondsMax, using: &generator)
  }

  /// What a refusal names, with up to as much again.
  mutating func wait(atLeast milliseconds: UInt64) -> UInt64 {
    milliseconds + UInt64.random(in: 0...milliseconds, using: &generator)
  }
}

/// A generator whose whole future is its seed (SplitMix64): for jitter, never for secrets.
package struct JitterGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
