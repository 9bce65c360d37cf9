import Glibc
import Testing

@testable import LinuxSystem

@Suite("A TCP socket")
struct SocketTests {
  @Test(
    "reports the port it was given, and refuses a second listener there",
    arguments: ["127.0.0.1", "::1"])
  func portInUse(host: String) throws {
    let listener = try ListeningSocket(host: host, port: 0)
    let address = listener.address
    #expect(address.port != 0 && address.host == host)
    #expect(throws: NetworkError.addressInUse(address.description)) {
      _ = try ListeningSocket(host: host, port: address.port)
    }
  }

  @Test("can have its port again at once after its connections were closed")
  func portAgain() throws {
    var port: UInt16 = 0
    do {
      let listener = try ListeningSocket(host: "127.0.0.1", port: 0)
      port = listener.address.port
      let client = try OwnedDescriptor.connected(
        toHost: "127.0.0.1", port: port, timeoutMilliseconds: waitMilliseconds)
      // The accepting end closes first, so its side of the pair lingers in TIME_WAIT.
      try listener.acceptAndClose()
      let left = client.receiveWaiting(byteCountMax: 1).outcome
      #expect(left == .peerClosed)
    }
    _ = try ListeningSocket(host: "127.0.0.1", port: port)
  }

  @Test(
    "refuses what is no address of this machine",
    arguments: ["", "localhost", "1.2.3", "192.0.2.1", "127.0.0.1\0"])
  func addressUnusable(host: String) {
    let error = #expect(throws: NetworkError.self) {
      _ = try ListeningSocket(host: host, port: 0)
    }
    guard case .addressUnusable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("carries bytes both ways and knows its peer", arguments: ["127.0.0.1", "::1"])
  func transfer(host: String) throws {
    let loopback = try Loopback(host: host)
    #expect(try loopback.peer == loopback.client.localAddress())
    #expect(loopback.client.send([1, 2, 3]) == .transferred(byteCount: 3))
    let first = loopback.server.receiveWaiting(byteCountMax: 2)
    #expect(first.bytes == [1, 2])
    #expect(loopback.server.receiveWaiting(byteCountMax: 2).bytes == [3])
    #expect(loopback.server.send([4]) == .transferred(byteCount: 1))
    loopback.server.shutdownWrite()
    #expect(loopback.client.receiveWaiting(byteCountMax: 9).bytes == [4])
    #expect(loopback.client.receiveWaiting(byteCountMax: 9).outcome == .peerClosed)
  }

  @Test("would block instead of waiting, in both directions")
  func wouldBlock() throws {
    let loopback = try Loopback()
    #expect(loopback.server.waitUntil(.readable, timeoutMilliseconds: 0) == false)
    let region = [UInt8](repeating: 1, count: 1 << 20)
    var outcome = loopback.client.send(region)
    while case .transferred = outcome { outcome = loopback.client.send(region) }
    #expect(outcome == .wouldBlock)
    #expect(loopback.client.waitUntil(.writable, timeoutMilliseconds: 0) == false)
  }

  @Test("outlives a peer that is gone")
  func brokenPipe() async {
    await #expect(processExitsWith: .success) {
      signal(SIGPIPE, SIG_DFL)
      let outcome = try sendUntilRefused()
      precondition(outcome == .peerClosed)
    }
  }

  @Test("is not there: the refusal names the address")
  func refused() throws {
    let expected = NetworkError.systemCallFailed(
      "127.0.0.1:\(nobodysPort)", SystemError(errorNumber: ECONNREFUSED, call: "connect"))
    #expect(throws: expected) {
      _ = try OwnedDescriptor.connected(
        toHost: "127.0.0.1", port: nobodysPort, timeoutMilliseconds: waitMilliseconds)
    }
    #expect(expected.isRefusal && !NetworkError.timedOut(peer: "").isRefusal)
  }

  @Test("is found by name, and an unknown name is told apart")
  func names() throws {
    let listener = try ListeningSocket(host: "127.0.0.1", port: 0)
    _ = try OwnedDescriptor.connected(
      toHost: "localhost", port: listener.address.port, timeoutMilliseconds: waitMilliseconds)
    for host in ["", "a\0b", "host.invalid"] {
      let error = #expect(throws: NetworkError.self) {
        _ = try OwnedDescriptor.connected(toHost: host, port: 1, timeoutMilliseconds: 1)
      }
      guard case .hostNotFound = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test("takes the options of a connection")
  func options() throws {
    let loopback = try Loopback()
    try loopback.server.setNoDelay()
    try loopback.server.setKeepAlive(idleSeconds: 60, intervalSeconds: 10, probeCountMax: 3)
    try loopback.server.setUserTimeout(milliseconds: 30_000)
    let level = Int32(IPPROTO_TCP)
    #expect(try loopback.server.option(level, TCP_NODELAY) != 0)
    #expect(try loopback.server.option(SOL_SOCKET, SO_KEEPALIVE) != 0)
    #expect(try loopback.server.option(level, TCP_KEEPIDLE) == 60)
    #expect(try loopback.server.option(level, TCP_KEEPINTVL) == 10)
    #expect(try loopback.server.option(level, TCP_KEEPCNT) == 3)
    #expect(try loopback.server.option(level, TCP_USER_TIMEOUT) == 30_000)
    #expect(try loopback.server.takePendingError() == 0)
    for flag in [loopback.server.rawValue, loopback.client.rawValue] {
      #expect(fcntl(flag, F_GETFD) & FD_CLOEXEC != 0)
      #expect(fcntl(flag, F_GETFL) & O_NONBLOCK != 0)
    }
  }

  @Test(
    "sorts the errors of accept",
    arguments: [
      (EAGAIN, "wouldBlock"), (ECONNABORTED, "connectionLost"), (EPROTO, "connectionLost"),
      (EMFILE, "resourcesExhausted"), (ENFILE, "resourcesExhausted"),
      (ENOMEM, "resourcesExhausted"), (ENOBUFS, "resourcesExhausted"), (EINVAL, "failed"),
    ])
  func acceptErrors(errorNumber: Int32, expected: String) {
    let error = SystemError(errorNumber: errorNumber, call: "accept4")
    let name =
      switch AcceptOutcome<InternetAddress>(failure: error) {
      case .accepted: "accepted"
      case .wouldBlock: "wouldBlock"
      case .connectionLost: "connectionLost"
      case .resourcesExhausted: "resourcesExhausted"
      case .failed: "failed"
      }
    #expect(name == expected)
  }
}

extension ListeningSocket {
  fileprivate func acceptAndClose() throws {
    while true {
      switch accept() {
      case .accepted: return
      case .wouldBlock: continue
      default: throw NoConnection()
      }
    }
  }
}

private func sendUntilRefused() throws -> TransferOutcome {
  let loopback = try Loopback()
  _ = loopback.server.send([1])
  _ = loopback.client.waitUntil(.readable, timeoutMilliseconds: waitMilliseconds)
  // Bytes that were not read make the close a reset.
  let server = try detachClient(loopback)
  var outcome = server.send([2])
  while case .transferred = outcome { outcome = server.send([2]) }
  // The first refusal is the reset; only what is sent after it breaks the pipe.
  return server.send([2])
}

private func detachClient(_ loopback: consuming Loopback) throws -> OwnedDescriptor {
  let copy = dup(loopback.server.rawValue)
  return OwnedDescriptor(adopting: copy)
}

@Suite("An Internet address")
struct InternetAddressTests {
  @Test(
    "is written as it is read",
    arguments: ["0.0.0.0", "127.0.0.1", "255.255.255.255", "::", "::1", "2001:db8::1"])
  func literal(text: String) throws {
    let address = try #require(InternetAddress(literal: text, port: 7171))
    #expect(address.host == text)
    #expect(address.isVersion4 == !text.contains(":"))
    #expect(address.description == (address.isVersion4 ? "\(text):7171" : "[\(text)]:7171"))
    let (byteCount, copy) = unsafe InternetAddress.receive { storage, byteCount in
      unsafe address.withSocketAddress { source, sourceByteCount in
        unsafe memcpy(storage, source, Int(sourceByteCount))
        return sourceByteCount
      }
    }
    #expect(copy == address)
    #expect(byteCount == (address.isVersion4 ? 16 : 28))
  }

  @Test("is none", arguments: ["", "1", "256.0.0.1", "1.2.3.4.5", "::g", "localhost", "1.2.3.4\0"])
  func noLiteral(text: String) {
    #expect(InternetAddress(literal: text, port: 1) == nil)
  }

  @Test("has its first byte as the most significant")
  func bits() throws {
    #expect(InternetAddress(literal: "1.2.3.4", port: 1)?.bits == 0x0102_0304)
    #expect(InternetAddress(literal: "::102:304", port: 1)?.bits == 0x0102_0304)
  }
}
