import TerminalClient

/// The network between a terminal and its server: it loses, delays, repeats and reorders.
package struct SimulatedLine: Sendable {
  struct Message: Sendable {
    let connection: Int
    let isRequest: Bool
    let bytes: [UInt8]
  }

  private(set) var connection = 0
  private(set) var isUp = false
  private var messages: [Message] = []
  private var generator: JitterGenerator
  /// Whether every message arrives, once.
  var isCalm = false

  package init(seed: UInt64) { generator = JitterGenerator(seed: seed) }

  var isEmpty: Bool { messages.isEmpty }

  mutating func connect() {
    connection += 1
    isUp = true
  }

  /// Cuts the connection: what is under way to the server may arrive all the same.
  mutating func cut() {
    isUp = false
    let cutConnection = connection
    messages.removeAll { $0.connection == cutConnection && !$0.isRequest }
    messages.removeAll { _ in !isCalm && Int.random(in: 0..<3, using: &generator) == 0 }
  }

  mutating func send(_ bytes: [UInt8], isRequest: Bool, on connection: Int? = nil) {
    let connection = connection ?? self.connection
    let message = Message(connection: connection, isRequest: isRequest, bytes: bytes)
    let fate = isCalm ? 3 : Int.random(in: 0..<10, using: &generator)
    switch fate {
    case 0: break
    case 1: messages += [message, message]
    default: messages.append(message)
    }
  }

  /// The next message to arrive, which is any.
  mutating func takeNext() -> Message? {
    guard !messages.isEmpty else { return nil }
    let index = Int.random(in: messages.indices, using: &generator)
    return messages.remove(at: index)
  }
}
