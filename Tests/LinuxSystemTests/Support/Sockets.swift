import LinuxSystem

/// A bound on waiting that only a broken test reaches.
let waitMilliseconds: Int32 = 60_000
/// A port that nobody listens on, and that nobody is given.
let nobodysPort: UInt16 = 1

struct NoConnection: Error {}

/// The two ends of a TCP connection over the loopback interface.
struct Loopback: ~Copyable {
  let client: OwnedDescriptor
  let server: OwnedDescriptor
  let peer: InternetAddress

  init(host: String = "127.0.0.1") throws {
    let listener = try ListeningSocket(host: host, port: 0)
    let client = try OwnedDescriptor.connected(
      toHost: host, port: listener.address.port, timeoutMilliseconds: waitMilliseconds)
    while true {
      switch listener.accept() {
      case .accepted(let server, let peer):
        self.client = client
        self.server = server
        self.peer = peer
        return
      case .wouldBlock: continue
      default: throw NoConnection()
      }
    }
  }
}

extension OwnedDescriptor {
  func send(_ bytes: [UInt8]) -> TransferOutcome {
    unsafe send(bytes.span.bytes)
  }

  /// Waits for bytes, then receives once.
  func receiveWaiting(byteCountMax: Int) -> (bytes: [UInt8], outcome: TransferOutcome) {
    _ = waitUntil(.readable, timeoutMilliseconds: waitMilliseconds)
    let region = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCountMax, alignment: 16)
    defer { unsafe region.deallocate() }
    var span = unsafe OutputRawSpan(buffer: region, initializedCount: 0)
    let outcome = receive(into: &span)
    let count = unsafe span.finalize(for: region)
    return (unsafe Array(region.prefix(count)), outcome)
  }
}
