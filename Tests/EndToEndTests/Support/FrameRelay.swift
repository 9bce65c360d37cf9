import LinuxSystem
import ProgramSupport
import Synchronization
import TLS

/// A line between a terminal and a server that breaks at a byte of a frame.
///
/// It ends TLS on both sides. TLS hands over whole records only, so that wherever a record's
/// ciphertext is cut, its receiver has seen nothing of the frame; here the receiver has seen exactly
/// the bytes up to the cut, decrypted and proven, before its connection ends without a word. So each
/// offset of a frame is a case of its own.
///
/// It carries one connection after the other, and one exchange at a time.
final class FrameRelay: Sendable {
  enum Fault: Sendable {
    /// Of the next request, or of its reply, so many bytes arrive; then both connections end.
    case cutRequest(after: Int)
    case cutReply(after: Int)
    /// The next reply does not arrive; the connections end when the body has returned, with the
    /// port of the server from then on.
    case swallowReply(@Sendable ([UInt8]) throws -> UInt16)
  }

  /// A request that left the terminal, and what the server sent for it, as far as the relay knows.
  struct Exchange: Sendable {
    var request: [UInt8]
    var reply: [UInt8]?
  }

  private struct State {
    var serverPort: UInt16
    var fault: Fault?
    var exchanges: [Exchange] = []
    var failure: String?
    var isStopped = false
  }

  let port: UInt16
  private let state: Mutex<State>
  private let clientContext: TLSClientContext

  /// The contexts are the terminal's for the server, and the server's for the terminal.
  init(to serverPort: UInt16, as client: TLSClientContext, _ server: TLSServerContext) throws {
    let listener = try ListeningSocket(host: "127.0.0.1", port: 0)
    port = listener.address.port
    state = Mutex(State(serverPort: serverPort))
    clientContext = client
    let box = RelayListener(listener)
    _ = try LinuxSystem.Thread(name: "relay") { [self] in
      guard let poll = try? ReadinessPoller() else { return }
      var poller = poll
      try? poller.add(box.socket.rawValue, token: 0, interest: .readable)
      while !state.withLock({ $0.isStopped }) {
        guard poller.wait(timeoutMilliseconds: 50) > 0,
          case .accepted(let descriptor, _) = box.socket.accept()
        else { continue }
        // A terminal that goes away, and a server that is not there, end the connection only.
        guard let terminal = try? WireConnection(accepting: descriptor, server) else { continue }
        do { try carry(terminal) } catch let failure as BrokenPromise {
          state.withLock { $0.failure = failure.description }
        } catch _ {
          continue
        }
      }
    }
  }

  /// Breaks the line at the next request.
  func arm(_ fault: Fault) {
    state.withLock { state in
      state.fault = fault
      state.exchanges = []
    }
  }

  /// What has passed since the line was broken last.
  func takeExchanges() throws -> [Exchange] {
    try state.withLock { state in
      if let failure = state.failure { throw BrokenPromise(failure) }
      defer { state.exchanges = [] }
      return state.exchanges
    }
  }

  func stop() { state.withLock { $0.isStopped = true } }

  private func carry(_ terminal: WireConnection) throws {
    let serverPort = state.withLock { $0.serverPort }
    let server = try WireConnection(port: serverPort, clientContext)
    while case .frame(let request) = terminal.receive() {
      let fault = state.withLock { state in
        state.exchanges.append(Exchange(request: request))
        defer { state.fault = nil }
        return state.fault
      }
      if case .cutRequest(let byteCount) = fault {
        return try server.send(Array(request.prefix(byteCount)))
      }
      let reply = try server.exchange(request)
      state.withLock { $0.exchanges[$0.exchanges.count - 1].reply = reply }
      switch fault {
      case .cutReply(let byteCount): return try terminal.send(Array(reply.prefix(byteCount)))
      case .swallowReply(let body):
        do {
          let port = try body(reply)
          return state.withLock { $0.serverPort = port }
        } catch {
          throw BrokenPromise("\(error)")
        }
      case .cutRequest, nil: try terminal.send(reply)
      }
    }
  }
}

private final class RelayListener: Sendable {
  let socket: ListeningSocket
  init(_ socket: consuming ListeningSocket) { self.socket = socket }
}
