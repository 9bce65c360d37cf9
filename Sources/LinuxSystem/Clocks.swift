import Glibc

/// Time that only goes forward, for deadlines and latencies; its zero means nothing.
public enum MonotonicClock {
  public static var nowNanoseconds: UInt64 { nanoseconds(of: CLOCK_MONOTONIC) }

  public static var nowMilliseconds: UInt64 { nowNanoseconds / 1_000_000 }

  /// Lets the caller's thread sleep; a signal ends the sleep.
  public static func sleep(milliseconds: Int32) {
    let count = max(0, Int(milliseconds))
    var time = timespec(tv_sec: count / 1_000, tv_nsec: count % 1_000 * 1_000_000)
    _ = unsafe nanosleep(&time, nil)
  }
}

/// The time of day, which the operator or a time server may set back.
public enum WallClock {
  /// Milliseconds since 1970 UTC.
  public static var nowMilliseconds: UInt64 { nanoseconds(of: CLOCK_REALTIME) / 1_000_000 }
}

func nanoseconds(of clock: clockid_t) -> UInt64 {
  var time = timespec()
  let status = unsafe clock_gettime(clock, &time)
  precondition(status == 0, "clock_gettime")
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
