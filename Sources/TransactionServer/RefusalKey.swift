import Observability
import TransactionModel

/// A code that stands in refusals, as a place in a table.
struct RefusalKey: CounterKey {
  let counterIndex: Int

  /// The first code of each run of codes, and its place.
  private static let runs: [(code: UInt16, index: Int, count: Int)] = [
    (1_000, 0, 32), (2_000, 32, 48), (2_500, 80, 16), (4_000, 96, 16),
  ]
  /// For codes outside the runs.
  private static let otherIndex = 112

  static let allCases = (0...otherIndex).map { RefusalKey(counterIndex: $0) }

  private init(counterIndex: Int) { self.counterIndex = counterIndex }

  init(_ code: ResponseCode) {
    for run in Self.runs where code.rawValue >= run.code {
      let distance = Int(code.rawValue - run.code)
      if distance < run.count {
        counterIndex = run.index + distance
        return
      }
    }
    counterIndex = Self.otherIndex
  }

  var counterName: String {
    for run in Self.runs where (run.index..<run.index + run.count).contains(counterIndex) {
      return String(Int(run.code) + counterIndex - run.index)
    }
    return "other"
  }
}
