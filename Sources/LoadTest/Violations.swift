/// Answers that were wrong: how many of each kind of message, and the first in words.
public struct Violations: Equatable, Sendable {
  public private(set) var count = 0
  public private(set) var described: [String] = []

  mutating func note(_ text: String) {
    count += 1
    if described.count < LoadLimits.describedViolationsMax { described.append(text) }
  }
}
