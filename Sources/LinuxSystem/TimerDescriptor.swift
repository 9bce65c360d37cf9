import CLinux
import Glibc

/// A moment to wait for together with descriptors: timerfd, on the monotonic clock.
///
/// It becomes readable at its moment, to the microsecond; the time-outs of a poller count in
/// milliseconds.
public struct TimerDescriptor: ~Copyable, Sendable {
  private let descriptor: OwnedDescriptor

  public init() throws(SystemError) {
    let rawValue = try systemCall("timerfd_create") {
      timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK))
    }.get()
    descriptor = OwnedDescriptor(adopting: rawValue)
  }

  /// The number to watch for readability.
  public var rawValue: Int32 { descriptor.rawValue }

  /// Sets the moment, in place of one that was set before; a moment that is over comes at once.
  public func set(nanoseconds: UInt64) {
    // A zero would switch the timer off.
    let moment = max(1, nanoseconds)
    var value = itimerspec()
    value.it_value.tv_sec = Int(moment / 1_000_000_000)
    value.it_value.tv_nsec = Int(moment % 1_000_000_000)
    let outcome = systemCall("timerfd_settime") {
      unsafe timerfd_settime(descriptor.rawValue, Int32(TFD_TIMER_ABSTIME), &value, nil)
    }
    guard case .success = outcome else { preconditionFailure("timerfd_settime") }
  }

  /// Takes note that the moment has come, so that the descriptor is readable no longer.
  public func clear() {
    var count: UInt64 = 0
    _ = systemCall("read") {
      unsafe Glibc.read(descriptor.rawValue, &count, MemoryLayout<UInt64>.size)
    }
  }
}
