import Testing

@testable import LoadTest

@Suite("Intended times")
struct ScheduleTests {
  static func times(
    _ stages: [LoadPlan.Stage], _ arrivals: LoadPlan.Arrivals, seed: UInt64 = 1
  ) -> [(nanoseconds: UInt64, stage: Int)] {
    var schedule = ArrivalSchedule(stages, arrivals, start: 1_000, seed: seed)
    var times: [(nanoseconds: UInt64, stage: Int)] = []
    while let next = schedule.next {
      times.append(next)
      schedule.advance()
    }
    return times
  }

  @Test("uniform times are counted from the start of their stage, without drift")
  func uniform() {
    let times = Self.times(
      [LoadPlan.Stage(rate: 3, seconds: 1), LoadPlan.Stage(rate: 10, seconds: 0.5)], .uniform)
    #expect(
      times.map(\.nanoseconds) == [
        1_000, 333_334_333, 666_667_666, 1_000_001_000, 1_100_001_000, 1_200_001_000,
        1_300_001_000, 1_400_001_000,
      ])
    #expect(times.map(\.stage) == [0, 0, 0, 1, 1, 1, 1, 1])
  }

  @Test("poisson times come at the rate, and are spread as a Poisson process is", arguments: 1...5)
  func poisson(seed: UInt64) {
    let times = Self.times([LoadPlan.Stage(rate: 1_000, seconds: 20)], .poisson, seed: seed)
    // The standard deviation of the count is 141, of the variance of gaps about 1.5 %.
    #expect(abs(times.count - 20_000) < 700)
    let gaps = zip(times.dropFirst(), times).map { Double($0.nanoseconds - $1.nanoseconds) }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
    #expect(abs(variance.squareRoot() / mean - 1) < 0.08)
  }

  @Test("the same seed gives the same times, another one others")
  func seeded() {
    let stages = [LoadPlan.Stage(rate: 100, seconds: 1)]
    let first = Self.times(stages, .poisson, seed: 7).map(\.nanoseconds)
    #expect(first == Self.times(stages, .poisson, seed: 7).map(\.nanoseconds))
    #expect(first != Self.times(stages, .poisson, seed: 8).map(\.nanoseconds))
  }

  @Test("a slow stage passes to the next one in time", arguments: LoadPlan.Arrivals.allCases)
  func sparse(arrivals: LoadPlan.Arrivals) {
    let times = Self.times(
      [LoadPlan.Stage(rate: 0.1, seconds: 1), LoadPlan.Stage(rate: 50, seconds: 1)], arrivals)
    #expect(times.filter { $0.stage == 1 }.allSatisfy { $0.nanoseconds >= 1_000_000_000 })
    #expect(times.contains { $0.stage == 1 })
  }
}

@Suite("The choice of cards")
struct KeySkewTests {
  @Test(
    "stays within the cards", arguments: [1, 2, 3, 1_000], ["uniform", "zipf", "zipf:1", "zipf:2"])
  func inRange(count: Int, text: String) throws {
    let skew = try #require(KeySkew(text))
    var random = RandomNumbers(seed: 3)
    for _ in 0..<2_000 { #expect((0..<count).contains(skew.rank(below: count, &random))) }
  }

  @Test("follows r^-s", arguments: [0.5, 0.99, 1, 1.4])
  func zipf(exponent: Double) {
    let count = 50
    var random = RandomNumbers(seed: 11)
    var found = Array(repeating: 0.0, count: count)
    let draws = 200_000
    for _ in 0..<draws {
      found[KeySkew.zipf(exponent: exponent).rank(below: count, &random)] += 1
    }
    let weights = (1...count).map { Self.power(Double($0), -exponent) }
    let sum = weights.reduce(0, +)
    for (rank, weight) in weights.enumerated() {
      let expected = weight / sum * Double(draws)
      // Five standard deviations.
      #expect(abs(found[rank] - expected) < 5 * expected.squareRoot() + 1, "rank \(rank)")
    }
  }

  private static func power(_ base: Double, _ exponent: Double) -> Double {
    var result = 1.0
    // By halves and fourths: enough for the exponents of the test, and no use of the code under it.
    let hundredths = Int((abs(exponent) * 100).rounded())
    let root = hundredthRoot(base)
    for _ in 0..<hundredths { result *= root }
    return exponent < 0 ? 1 / result : result
  }

  private static func hundredthRoot(_ value: Double) -> Double {
    var low = 1.0
    var high = max(1, value)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      var power = 1.0
      for _ in 0..<100 { power *= middle }
      if power < value { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  @Test(
    "is not taken from what is no skew",
    arguments: ["", "zip", "zipf:", "zipf:0", "zipf:9", "uniform:1"])
  func wrong(text: String) {
    #expect(KeySkew(text) == nil)
  }
}

@Suite("The search for the highest rate")
struct SearchTests {
  @Test(
    "finds the border to a twentieth, from above and from below",
    arguments: [3.0, 70, 1_000, 64_000])
  func finds(border: Double) throws {
    var rate = 1_000.0
    var low: Double?
    var high: Double?
    var probeCount = 0
    while true {
      probeCount += 1
      if rate <= border { low = rate } else { high = rate }
      guard let next = LoadRun.nextRate(low: low, high: high, 1_000_000) else { break }
      rate = next
    }
    let found = try #require(low)
    #expect(found <= border && found * 1.05 >= border * 0.999)
    #expect(probeCount <= 24)
  }

  @Test("ends at the highest rate that it may try, and below one request a second")
  func ends() {
    #expect(LoadRun.nextRate(low: 800, high: nil, 1_000) == 1_000)
    #expect(LoadRun.nextRate(low: 1_000, high: nil, 1_000) == nil)
    #expect(LoadRun.nextRate(low: nil, high: 1, 1_000) == nil)
  }
}
