import LinuxSystem
import Synchronization

/// A line between a terminal and a server that breaks where a test says.
///
/// It carries one connection after the other. What it does applies to the first only.
final class CuttingProxy: Sendable {
  enum Fault: Sendable {
    case none
    /// Both ends are closed when so many bytes of requests, or of replies, have passed.
    case cutRequests(after: Int)
    case cutReplies(after: Int)
    /// Of what the server says after so many bytes of requests nothing arrives.
    case swallowReplies(afterRequestBytes: Int)
  }

  struct Traffic: Sendable {
    var requestByteCount = 0
    var replyByteCount = 0
    var swallowedByteCount = 0
  }

  private struct State {
    var traffic = Traffic()
    var isStopped = false
  }

  let port: UInt16
  private let state = Mutex(State())

  init(to serverPort: UInt16, _ fault: Fault) throws {
    let listener = try ListeningSocket(host: "127.0.0.1", port: 0)
    port = listener.address.port
    let box = ListenerBox(listener)
    _ = try LinuxSystem.Thread(name: "proxy") { [self] in
      guard let poll = try? ReadinessPoller() else { return }
      var poller = poll
      try? poller.add(box.socket.rawValue, token: 0, interest: .readable)
      var fault = fault
      while !isStopped {
        guard poller.wait(timeoutMilliseconds: 50) > 0,
          case .accepted(let terminal, _) = box.socket.accept(),
          let server = try? OwnedDescriptor.connected(
            toHost: "127.0.0.1", port: serverPort, timeoutMilliseconds: 60_000)
        else { continue }
        carry(terminal, server, fault)
        fault = .none
      }
    }
  }

  /// What has passed on all connections.
  var traffic: Traffic { state.withLock { $0.traffic } }

  func stop() { state.withLock { $0.isStopped = true } }

  private var isStopped: Bool { state.withLock { $0.isStopped } }

  private func carry(
    _ terminal: borrowing OwnedDescriptor, _ server: borrowing OwnedDescriptor, _ fault: Fault
  ) {
    guard let poll = try? ReadinessPoller() else { return }
    var poller = poll
    try? poller.add(terminal.rawValue, token: 0, interest: .readable)
    try? poller.add(server.rawValue, token: 1, interest: .readable)
    var counts = [0, 0]
    while !isStopped {
      for index in 0..<poller.wait(timeoutMilliseconds: 50) {
        let side = Int(poller.event(at: index).token)
        var bytes = side == 0 ? Self.read(terminal) : Self.read(server)
        guard !bytes.isEmpty else { return }
        var isCut = false
        switch fault {
        case .cutRequests(let limit) where side == 0, .cutReplies(let limit) where side == 1:
          isCut = counts[side] + bytes.count >= limit
          bytes = Array(bytes.prefix(limit - counts[side]))
        case .swallowReplies(let limit) where side == 1 && counts[0] >= limit:
          let swallowed = bytes.count
          state.withLock { $0.traffic.swallowedByteCount += swallowed }
          bytes = []
        default: break
        }
        counts[side] += bytes.count
        note(bytes.count, side)
        guard side == 0 ? Self.write(bytes, server) : Self.write(bytes, terminal), !isCut else {
          return
        }
      }
    }
  }

  private func note(_ byteCount: Int, _ side: Int) {
    state.withLock { state in
      if side == 0 {
        state.traffic.requestByteCount += byteCount
      } else {
        state.traffic.replyByteCount += byteCount
      }
    }
  }

  /// Empty when the peer has gone.
  private static func read(_ descriptor: borrowing OwnedDescriptor) -> [UInt8] {
    var buffer = FileBuffer(byteCount: 4_096)
    let byteCount = buffer.withOutput(in: 0..<4_096) { _ = descriptor.receive(into: &$0) }
    return buffer.bytes.array(first: byteCount)
  }

  private static func write(_ bytes: [UInt8], _ descriptor: borrowing OwnedDescriptor) -> Bool {
    var sentCount = 0
    while sentCount < bytes.count {
      let rest = Array(bytes[sentCount...])
      switch descriptor.send(rest.rawBytes) {
      case .transferred(let byteCount): sentCount += byteCount
      case .wouldBlock: _ = descriptor.waitUntil(.writable, timeoutMilliseconds: 1_000)
      case .peerClosed, .failed: return false
      }
    }
    return true
  }
}

private final class ListenerBox: Sendable {
  let socket: ListeningSocket
  init(_ socket: consuming ListeningSocket) { self.socket = socket }
}
