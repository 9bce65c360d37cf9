import LinuxSystem

/// A plain TCP server on one thread that looks at nothing: so many bytes in, so many bytes out.
struct EchoServer: ~Copyable {
  private static let listenerToken = UInt64.max
  private static let outputByteCount = 65_536

  private let listener: ListeningSocket
  private var poller: ReadinessPoller
  /// By descriptor.
  private var connections: [Int32: EchoConnection] = [:]
  private let requestByteCount: Int
  private let replyByteCount: Int
  private var input = FileBuffer(byteCount: 65_536)
  private let output = FileBuffer(byteCount: outputByteCount)

  init(
    host: String, port: UInt16, requestByteCount: Int, replyByteCount: Int
  ) throws {
    let listener = try ListeningSocket(host: host, port: port)
    let poller = try ReadinessPoller()
    try poller.add(listener.rawValue, token: Self.listenerToken, interest: .readable)
    self.listener = listener
    self.poller = poller
    self.requestByteCount = requestByteCount
    self.replyByteCount = replyByteCount
  }

  /// Serves until a signal ends the process.
  mutating func serve() throws -> Never {
    while true {
      let readyCount = poller.wait(timeoutMilliseconds: -1)
      for place in 0..<readyCount {
        let event = poller.event(at: place)
        if event.token == Self.listenerToken {
          try accept()
        } else if let connection = connections[Int32(event.token)] {
          try serve(connection)
        }
      }
    }
  }

  private mutating func accept() throws {
    guard case .accepted(let descriptor, _) = listener.accept() else { return }
    try descriptor.setNoDelay()
    let rawValue = descriptor.rawValue
    try poller.add(rawValue, token: UInt64(rawValue), interest: .readable)
    connections[rawValue] = EchoConnection(descriptor)
  }

  private mutating func serve(_ connection: EchoConnection) throws {
    var outcome = TransferOutcome.wouldBlock
    _ = input.withOutput(in: 0..<input.byteCount) { tail in
      outcome = connection.descriptor.receive(into: &tail)
    }
    switch outcome {
    case .transferred(let byteCount):
      connection.unansweredByteCount += byteCount
      let requestCount = connection.unansweredByteCount / requestByteCount
      connection.unansweredByteCount %= requestByteCount
      connection.unsentByteCount += requestCount * replyByteCount
    case .wouldBlock:
      break
    case .peerClosed, .failed:
      return remove(connection)
    }
    while connection.unsentByteCount > 0 {
      let count = min(connection.unsentByteCount, Self.outputByteCount)
      switch connection.descriptor.send(output.bytes.extracting(0..<count)) {
      case .transferred(let byteCount): connection.unsentByteCount -= byteCount
      case .wouldBlock: return try watch(connection, isBlocked: true)
      case .peerClosed, .failed: return remove(connection)
      }
    }
    try watch(connection, isBlocked: false)
  }

  private func watch(_ connection: EchoConnection, isBlocked: Bool) throws {
    guard isBlocked != connection.isBlocked else { return }
    connection.isBlocked = isBlocked
    let rawValue = connection.descriptor.rawValue
    try poller.modify(
      rawValue, token: UInt64(rawValue), interest: isBlocked ? .writable : .readable)
  }

  private mutating func remove(_ connection: EchoConnection) {
    poller.remove(connection.descriptor.rawValue)
    connections[connection.descriptor.rawValue] = nil
  }
}

private final class EchoConnection {
  let descriptor: OwnedDescriptor
  /// Of the request that has come in part.
  var unansweredByteCount = 0
  var unsentByteCount = 0
  var isBlocked = false

  init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }
}
