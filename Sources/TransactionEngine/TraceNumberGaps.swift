/// Which of a terminal's newest system trace audit numbers have come, and how many have not.
///
/// A terminal gives each request the number after the last one's, and after 4294967295 comes 1
/// (SPECIFICATION.md, 4.8): a number that was jumped over is a request that did not arrive. It may
/// still come, when the terminal forwards a change that it kept, and then fills its gap; but only
/// among the newest 1,024 numbers can one that comes late be told from one that comes again, so an
/// older one alters nothing.
///
/// Counting begins with the first number that is ahead of all that the log names. What a terminal
/// asked before the daemon's start without changing anything is not in the log: whether it came,
/// nobody can say, so it is not called missing.
struct TraceNumberGaps: BitwiseCopyable, Sendable {
  /// How many of the newest numbers are known one by one.
  static let windowCount: UInt64 = 1_024
  /// How many numbers there are before the first comes again.
  static let roundCount: UInt64 = 4_294_967_295

  /// The number that is furthest ahead; 0 when none is known.
  private(set) var newest: UInt32 = 0
  /// Numbers that were jumped over and have not come since.
  private(set) var missingCount: UInt64 = 0
  /// Runs of such numbers, each without a break.
  private(set) var gapCount: UInt64 = 0
  private var isCounting = false
  /// Where the newest number lies on a line that does not go round.
  private var newestOrdinal = windowCount
  /// Whether the numbers of the window have come, by ordinal modulo the window.
  private var hasCome = InlineArray<16, UInt64>(repeating: .max)

  /// Takes a number that the log names.
  mutating func recall(_ number: UInt32) {
    if newest == 0 || ahead(number) != nil { newest = number }
  }

  /// Takes the number of a request that arrived.
  mutating func note(_ number: UInt32) {
    guard isCounting else {
      guard newest == 0 || ahead(number) != nil else { return }
      newest = number
      isCounting = true
      return
    }
    if let distance = ahead(number) {
      advance(by: distance)
      newest = number
    } else {
      fill(behind: (UInt64(newest) + Self.roundCount - UInt64(number)) % Self.roundCount)
    }
  }

  /// How far a number is ahead of the newest; `nil` when it is the same or behind it, which it is
  /// from half the round on.
  private func ahead(_ number: UInt32) -> UInt64? {
    let distance = (UInt64(number) + Self.roundCount - UInt64(newest)) % Self.roundCount
    return distance > 0 && distance <= Self.roundCount / 2 ? distance : nil
  }

  private mutating func advance(by distance: UInt64) {
    let target = newestOrdinal + distance
    if distance > 1 {
      missingCount += distance - 1
      gapCount += 1
      for ordinal in max(newestOrdinal + 1, target - Self.windowCount + 1)..<target {
        set(ordinal, hasCome: false)
      }
    }
    set(target, hasCome: true)
    newestOrdinal = target
  }

  private mutating func fill(behind distance: UInt64) {
    // What stands before the oldest number of the window is not known, so that one is left alone.
    guard distance > 0, distance < Self.windowCount - 1 else { return }
    let ordinal = newestOrdinal - distance
    guard !self[ordinal] else { return }
    set(ordinal, hasCome: true)
    missingCount -= 1
    switch (self[ordinal - 1], self[ordinal + 1]) {
    case (true, true): gapCount -= 1
    case (false, false): gapCount += 1
    default: break
    }
  }

  private subscript(ordinal: UInt64) -> Bool {
    let place = ordinal % Self.windowCount
    return hasCome[Int(place / 64)] >> (place % 64) & 1 == 1
  }

  private mutating func set(_ ordinal: UInt64, hasCome isThere: Bool) {
    let place = ordinal % Self.windowCount
    let bit = UInt64(1) << (place % 64)
    if isThere { hasCome[Int(place / 64)] |= bit } else { hasCome[Int(place / 64)] &= ~bit }
  }
}
