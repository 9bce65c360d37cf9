import LinuxSystem

/// The moment by which something must have happened, on the clock that only goes forward.
struct Deadline {
  /// What was allowed, for the message that says it is over.
  let allowedMilliseconds: Int32
  private let endMilliseconds: UInt64

  init(afterMilliseconds allowed: Int32) {
    allowedMilliseconds = allowed
    endMilliseconds = MonotonicClock.nowMilliseconds + UInt64(max(0, allowed))
  }

  /// The earlier one of this deadline and a moment of the same clock.
  func notAfter(_ milliseconds: UInt64?) -> Deadline {
    guard let milliseconds, milliseconds < endMilliseconds else { return self }
    let now = MonotonicClock.nowMilliseconds
    return Deadline(afterMilliseconds: Int32(clamping: max(now, milliseconds) - now))
  }

  /// One that is over.
  static var over: Deadline { Deadline(afterMilliseconds: 0) }

  var isOver: Bool { remainingMilliseconds == 0 }

  /// What is left, at least 0.
  var remainingMilliseconds: Int32 {
    let now = MonotonicClock.nowMilliseconds
    return now < endMilliseconds ? Int32(clamping: endMilliseconds - now) : 0
  }
}
