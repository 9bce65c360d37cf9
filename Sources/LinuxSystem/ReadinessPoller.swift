import CLinux
import Glibc

/// What a descriptor is watched for.
public struct ReadinessInterest: OptionSet, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let readable = ReadinessInterest(rawValue: 1)
  public static let writable = ReadinessInterest(rawValue: 2)
}

/// One descriptor's readiness, as the last wait saw it.
public struct ReadinessEvent: Equatable, Sendable {
  /// The token given when the descriptor was added.
  public let token: UInt64
  public let isReadable: Bool
  public let isWritable: Bool
  /// The peer sends nothing more; there may be something to read before that.
  ///
  /// Only of a descriptor that is watched for being readable.
  public let hasEnded: Bool
  /// Both directions are closed or the socket failed.
  ///
  /// Reported at every wait, asked for or not: an owner that does not remove the descriptor spins.
  public let isHungUp: Bool
}

/// The set of descriptors that one thread waits on: epoll, level-triggered.
///
/// Waiting allocates nothing. A descriptor is removed before it is closed: a copy of it in a child
/// process would keep it in the set.
@safe
public struct ReadinessPoller: ~Copyable, @unchecked Sendable {
  private let descriptor: OwnedDescriptor
  private let events: UnsafeMutableBufferPointer<epoll_event>
  private var readyCount = 0

  /// Makes an empty set whose waits report at most `eventCountMax` descriptors each.
  public init(eventCountMax: Int = 256) throws(SystemError) {
    precondition(eventCountMax > 0 && eventCountMax <= 65_536)
    let rawValue = try systemCall("epoll_create1") {
      epoll_create1(Int32(EPOLL_CLOEXEC))
    }.get()
    descriptor = OwnedDescriptor(adopting: rawValue)
    unsafe events = .allocate(capacity: eventCountMax)
    unsafe events.initialize(repeating: epoll_event())
  }

  deinit { unsafe events.deallocate() }

  /// Begins to watch a descriptor; its events carry the token.
  public func add(
    _ watched: Int32, token: UInt64, interest: ReadinessInterest
  ) throws(SystemError) {
    try control(EPOLL_CTL_ADD, watched, token: token, interest: interest)
  }

  /// Replaces what a watched descriptor is watched for, and its token.
  public func modify(
    _ watched: Int32, token: UInt64, interest: ReadinessInterest
  ) throws(SystemError) {
    try control(EPOLL_CTL_MOD, watched, token: token, interest: interest)
  }

  /// Ends the watch; that the descriptor is not watched is a defect and traps.
  public func remove(_ watched: Int32) {
    let outcome = systemCall("epoll_ctl") {
      epoll_ctl(descriptor.rawValue, EPOLL_CTL_DEL, watched, nil)
    }
    if case .failure(let error) = outcome { preconditionFailure("\(error)") }
  }

  /// Waits until something is ready and gives the number of events; 0 when the time ran out.
  ///
  /// A negative timeout waits without end. Time suspended by a stop signal does not count.
  public mutating func wait(timeoutMilliseconds: Int32) -> Int {
    let outcome = systemCall("epoll_wait") {
      unsafe epoll_wait(
        descriptor.rawValue, events.baseAddress, Int32(events.count), timeoutMilliseconds)
    }
    // What is left of its errors are impossible arguments.
    guard case .success(let count) = outcome else { preconditionFailure("epoll_wait") }
    readyCount = Int(count)
    return readyCount
  }

  /// One event of the last wait; `index` is below the number it returned.
  public func event(at index: Int) -> ReadinessEvent {
    precondition(index >= 0 && index < readyCount)
    let states = unsafe events[index].events
    return ReadinessEvent(
      token: unsafe events[index].data.u64,
      isReadable: states & EPOLLIN.rawValue != 0,
      isWritable: states & EPOLLOUT.rawValue != 0,
      hasEnded: states & EPOLLRDHUP.rawValue != 0,
      isHungUp: states & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0)
  }

  private func control(
    _ operation: Int32, _ watched: Int32, token: UInt64, interest: ReadinessInterest
  ) throws(SystemError) {
    var states: UInt32 = 0
    if interest.contains(.readable) { states |= EPOLLIN.rawValue | EPOLLRDHUP.rawValue }
    if interest.contains(.writable) { states |= EPOLLOUT.rawValue }
    var event = unsafe epoll_event(events: states, data: epoll_data(u64: token))
    _ = try systemCall("epoll_ctl") {
      unsafe epoll_ctl(descriptor.rawValue, operation, watched, &event)
    }.get()
  }
}
