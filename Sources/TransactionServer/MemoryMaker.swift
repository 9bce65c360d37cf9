import LinuxSystem
import TransactionEngine

/// A thread that has the engine's memory for new cards ready before it is needed.
final class MemoryMaker: Sendable {
  private enum Message { case makeMemory, stop }

  private let mailbox: Mailbox<Message>
  private let thread: OwnThread

  init(_ engine: SharedEngine) throws(SystemError) {
    let mailbox = try Mailbox<Message>()
    var poller = try ReadinessPoller(eventCountMax: 1)
    try poller.add(mailbox.rawValue, token: 0, interest: .readable)
    self.mailbox = mailbox
    thread = try OwnThread(name: "memory-ahead") {
      engine.makeMemoryAhead()
      while true {
        _ = poller.wait(timeoutMilliseconds: -1)
        let messages = mailbox.takeAll()
        if messages.contains(.stop) { return }
        if messages.contains(.makeMemory) { engine.makeMemoryAhead() }
      }
    }
  }

  func wake() { mailbox.put(.makeMemory) }

  func stop() {
    mailbox.put(.stop)
    thread.join()
  }
}
