import Foundation

/// The seeds of a simulation's runs.
enum Seeds {
  /// From 1 on, in four parts that go side by side; the environment asks for others.
  static func parts(count: UInt64) -> [Range<UInt64>] {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["POSD_SIMULATION_SEEDS"].flatMap(UInt64.init) ?? count
    let first = environment["POSD_SIMULATION_FIRST_SEED"].flatMap(UInt64.init) ?? 1
    let step = (count + 3) / 4
    return (0..<4).map { part in
      first + min(count, part * step)..<first + min(count, (part + 1) * step)
    }
  }

  /// How a run is repeated that failed.
  static func again(_ seed: UInt64, _ suite: String) -> String {
    """
    again: POSD_SIMULATION_FIRST_SEED=\(seed) POSD_SIMULATION_SEEDS=1 \
    swift test --filter \(suite)
    """
  }
}
