public import LinuxSystem
import Synchronization
public import TransactionModel

/// How threads that are no reactors wait until a position is durable, one after the other.
public final class DurabilityWait: Sendable {
  private let durable: DurablePosition
  private let waiter: DurablePosition.Waiter
  private let mailbox: Mailbox<ReactorMessage>
  private let poller: Mutex<ReadinessPoller>

  public init(_ durable: DurablePosition) throws(SystemError) {
    let mailbox = try Mailbox<ReactorMessage>()
    let poller = try ReadinessPoller(eventCountMax: 1)
    try poller.add(mailbox.rawValue, token: 0, interest: .readable)
    self.poller = Mutex(poller)
    self.durable = durable
    self.mailbox = mailbox
    waiter = DurablePosition.Waiter(mailbox)
    durable.add(waiter)
  }

  /// Whether the position became durable within the time; false says nothing of what comes after.
  public func wait(for position: LogPosition, milliseconds: UInt64) -> Bool {
    let deadline = MonotonicClock.nowMilliseconds + milliseconds
    while true {
      let seen = durable.current
      if seen >= position { return true }
      let now = MonotonicClock.nowMilliseconds
      guard now < deadline else { return false }
      guard durable.isStill(seen, for: waiter) else { continue }
      poller.withLock { _ = $0.wait(timeoutMilliseconds: Int32(clamping: deadline - now)) }
      _ = mailbox.takeAll()
    }
  }
}
