import CLinux
import Glibc

/// A wake-up that any thread can give to the thread that polls it: eventfd.
///
/// Signals are counted, not queued: many before one drain are one wake-up.
public struct EventDescriptor: ~Copyable, Sendable {
  private let descriptor: OwnedDescriptor

  public init() throws(SystemError) {
    let rawValue = try systemCall("eventfd") {
      eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    }.get()
    descriptor = OwnedDescriptor(adopting: rawValue)
  }

  /// The number to watch for readability.
  public var rawValue: Int32 { descriptor.rawValue }

  /// Makes the descriptor readable until it is drained.
  public func signal() {
    // A counter that is full is readable already: EAGAIN is as good as success.
    _ = systemCall("write") { eventfd_write(descriptor.rawValue, 1) }
  }

  /// Makes the descriptor unreadable again and says whether it had been signalled.
  @discardableResult
  public func drain() -> Bool {
    var count: eventfd_t = 0
    let outcome = systemCall("read") { unsafe eventfd_read(descriptor.rawValue, &count) }
    if case .success = outcome { return true }
    return false
  }
}
