import Glibc

/// A seeded sequence of random numbers (SplitMix64): the same seed, the same sequence.
struct RandomNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// A number below `bound`; for bounds far below 2^64 as good as uniform.
  mutating func next(below bound: UInt64) -> UInt64 {
    next().multipliedFullWidth(by: bound).high
  }

  /// At least 0 and below 1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A waiting time of a Poisson process whose mean is 1.
  mutating func exponential() -> Double { -log(1 - unit()) }

  /// Scatters a number over all 64 bits, one to one.
  static func mix(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// How likely each card is: all alike, or the first more than the others.
public enum KeySkew: Equatable, Sendable {
  case uniform
  /// The card of rank r is asked for in proportion to r^-exponent.
  case zipf(exponent: Double)

  /// Reads `uniform`, `zipf` or `zipf:0.8`; 0.99 where no exponent is given.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    switch (parts.first, parts.count) {
    case ("uniform", 1): self = .uniform
    case ("zipf", 1): self = .zipf(exponent: 0.99)
    case ("zipf", 2):
      guard let exponent = Double(parts[1]), exponent > 0, exponent <= 5 else { return nil }
      self = .zipf(exponent: exponent)
    default: return nil
    }
  }

  /// A rank from 0 to `count` - 1; `count` is at least 1.
  ///
  /// For zipf a point is drawn under x^-s from 1 to count + 1 by inversion. Its whole part k is too
  /// rare by what the curve loses between k and k + 1; most so for k = 1, so the others are kept
  /// in that proportion. At least two of three draws are.
  func rank(below count: Int, _ random: inout RandomNumbers) -> Int {
    guard case .zipf(let exponent) = self, count > 1 else {
      return Int(random.next(below: UInt64(count)))
    }
    let whole = Self.area(1, Double(count + 1), exponent)
    let best = 1 / Self.area(1, 2, exponent)
    while true {
      let rank = Self.point(random.unit() * whole, exponent).rounded(.down)
      guard rank >= 1, rank <= Double(count) else { continue }
      let kept = pow(rank, -exponent) / Self.area(rank, rank + 1, exponent) / best
      if random.unit() < kept { return Int(rank) - 1 }
    }
  }

  /// What lies under x^-s between two points.
  private static func area(_ from: Double, _ to: Double, _ exponent: Double) -> Double {
    guard abs(exponent - 1) > 1e-9 else { return log(to / from) }
    return (pow(to, 1 - exponent) - pow(from, 1 - exponent)) / (1 - exponent)
  }

  /// Where the area from 1 on comes to a value.
  private static func point(_ area: Double, _ exponent: Double) -> Double {
    guard abs(exponent - 1) > 1e-9 else { return exp(area) }
    return pow(1 + area * (1 - exponent), 1 / (1 - exponent))
  }
}

extension KeySkew: CustomStringConvertible {
  public var description: String {
    switch self {
    case .uniform: "uniform"
    case .zipf(let exponent): "zipf:\(exponent)"
    }
  }
}
