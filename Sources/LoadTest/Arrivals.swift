/// The intended times of an open loop: known beforehand, and never moved.
///
/// Times are nanoseconds of the monotonic clock. Uniform times are counted from the start of their
/// stage, so that no error adds up.
struct ArrivalSchedule {
  private let stages: [LoadPlan.Stage]
  private let arrivals: LoadPlan.Arrivals
  private var random: RandomNumbers
  private var stage = 0
  private var stageStart: Double
  /// Within the stage.
  private var count = 0.0
  private var elapsed = 0.0
  /// The next intended time and its stage; nil when the schedule is over.
  private(set) var next: (nanoseconds: UInt64, stage: Int)?

  init(
    _ stages: [LoadPlan.Stage], _ arrivals: LoadPlan.Arrivals, start: UInt64, seed: UInt64
  ) {
    self.stages = stages
    self.arrivals = arrivals
    random = RandomNumbers(seed: seed)
    stageStart = Double(start)
    next = (start, 0)
    if arrivals == .poisson { advance() }
  }

  /// When the last stage ends.
  var end: UInt64 {
    let before = stages[..<min(stage, stages.count)].reduce(0) { $0 + $1.seconds }
    let all = stages.reduce(0) { $0 + $1.seconds }
    return UInt64(stageStart + (all - before) * 1e9)
  }

  mutating func advance() {
    while stage < stages.count {
      let step = 1 / stages[stage].rate
      switch arrivals {
      case .uniform:
        count += 1
        elapsed = count * step
      case .poisson:
        elapsed += random.exponential() * step
      }
      if elapsed < stages[stage].seconds {
        next = (UInt64(stageStart + elapsed * 1e9), stage)
        return
      }
      stageStart += stages[stage].seconds * 1e9
      stage += 1
      // The first of the next stage comes at its start when they are uniform.
      (count, elapsed) = (-1, 0)
    }
    next = nil
  }
}
