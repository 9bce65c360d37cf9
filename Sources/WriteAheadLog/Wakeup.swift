import LinuxSystem
import Synchronization

/// How other threads wake a thread that has nothing to do.
///
/// While the thread is at work, waking it costs one atomic exchange and no system call.
final class Wakeup: Sendable {
  private static let asleep: UInt8 = 0
  private static let awake: UInt8 = 1
  private static let wanted: UInt8 = 2

  private let state = Atomic<UInt8>(awake)
  private let event: EventDescriptor

  init() throws(SystemError) { event = try EventDescriptor() }

  /// Lets the thread look again, at once or when it is done with what it does.
  func wake() {
    if state.exchange(Self.wanted, ordering: .acquiringAndReleasing) == Self.asleep {
      event.signal()
    }
  }

  /// The waiting end, which belongs to the thread.
  struct Waiter: ~Copyable {
    private let wakeup: Wakeup
    private var poller: ReadinessPoller

    init(_ wakeup: Wakeup) throws(SystemError) {
      let poller = try ReadinessPoller(eventCountMax: 1)
      try poller.add(wakeup.event.rawValue, token: 0, interest: .readable)
      self.wakeup = wakeup
      self.poller = poller
    }

    /// Returns when woken, since the last wait or from now on: true; or false when time ran out.
    ///
    /// A negative timeout waits without end. False may also come early, when a wake-up that was
    /// seen already still stood in the event.
    mutating func wait(timeoutMilliseconds: Int32) -> Bool {
      let (isQuiet, _) = wakeup.state.compareExchange(
        expected: Wakeup.awake, desired: Wakeup.asleep, ordering: .acquiringAndReleasing)
      if isQuiet {
        _ = poller.wait(timeoutMilliseconds: timeoutMilliseconds)
        wakeup.event.drain()
      }
      return wakeup.state.exchange(Wakeup.awake, ordering: .acquiringAndReleasing) == Wakeup.wanted
    }
  }
}
