import LinuxSystem
import Synchronization

/// Messages to a thread that polls, and the bell that wakes it.
///
/// Bounded by what its messages stand for: connections are limited before they are handed over.
final class Mailbox<Message: Sendable>: Sendable {
  private let messages = Mutex<[Message]>([])
  private let bell: EventDescriptor

  init() throws(SystemError) {
    bell = try EventDescriptor()
  }

  /// The number to watch for readability.
  var rawValue: Int32 { bell.rawValue }

  /// Wakes the thread without a message.
  func ring() { bell.signal() }

  func put(_ message: Message) {
    messages.withLock { $0.append(message) }
    bell.signal()
  }

  /// Takes all messages, and silences the bell.
  func takeAll() -> [Message] {
    // In this order: a message put in between rings again.
    bell.drain()
    return messages.withLock { messages in
      let taken = messages
      messages = []
      return taken
    }
  }
}
