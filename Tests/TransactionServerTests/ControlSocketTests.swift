import Glibc
import LinuxSystem
import Observability
import Testing

@testable import TransactionServer

@Suite("The control socket")
struct ControlSocketTests {
  @Test("hands on lines with who sent them, and sends back what it is given")
  func answers() throws {
    let path = Self.freshPath()
    let user = getuid()
    let socket = try ControlSocket(
      path: path, mode: 0o600, isAllowed: { $0.userIdentifier == user },
      answer: { line, peer in "\(peer.userIdentifier) \(line)" })
    defer { socket.stop() }
    let client = try OwnedDescriptor.connected(toUnixPath: path)
    for line in ["one", "", "{\"two\":2}"] { #expect(exchange(client, line) == "\(user) \(line)") }
  }

  @Test("hangs up on who is not allowed")
  func stranger() throws {
    let path = Self.freshPath()
    let socket = try ControlSocket(
      path: path, mode: 0o600, isAllowed: { _ in false }, answer: { _, _ in "never" })
    defer { socket.stop() }
    let client = try OwnedDescriptor.connected(toUnixPath: path)
    #expect(receiveUntilEnd(client).bytes.isEmpty)
  }

  @Test("takes a line as long as it may be, and tells of an answer that is too long")
  func long() throws {
    let path = Self.freshPath()
    let socket = try ControlSocket(
      path: path, mode: 0o600, isAllowed: { _ in true },
      answer: { line, _ in
        line == "flood" ? String(repeating: "x", count: 1 << 20) : "\(line.utf8.count)"
      })
    defer { socket.stop() }
    let client = try OwnedDescriptor.connected(toUnixPath: path)
    let count = ControlSocket.lineByteCountMax - 1
    #expect(exchange(client, String(repeating: "y", count: count)) == "\(count)")
    #expect(exchange(client, "flood").contains("too_long"))
  }

  @Test("without a descriptor left it does not spin, and lets callers in again later")
  func shortage() async {
    await #expect(processExitsWith: .success) {
      let path = ControlSocketTests.freshPath()
      let socket = try ControlSocket(
        path: path, mode: 0o600, isAllowed: { _ in true }, answer: { line, _ in line })
      let visitor = try OwnedDescriptor.connected(toUnixPath: path)
      #expect(exchange(visitor, "first") == "first")
      let late = OwnedDescriptor(adopting: Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
      let limit = setOpenFileLimit(1)
      connect(late, path)
      let before = CurrentProcess.processorTimeNanoseconds
      let start = MonotonicClock.nowMilliseconds
      while socket.shortages.current < 2, MonotonicClock.nowMilliseconds < start + 60_000 {
        usleep(10_000)
      }
      // It looks once a second: a loop that spins has looked thousands of times by now.
      let looks = UInt64(socket.shortages.current)
      #expect(looks >= 2 && looks <= 2 + (MonotonicClock.nowMilliseconds - start) / 1_000)
      #expect(CurrentProcess.processorTimeNanoseconds - before < 1_000_000_000)
      _ = setOpenFileLimit(limit)
      #expect(exchange(late, "second") == "second")
      socket.stop()
    }
  }

  @Test("a line without an end closes the connection, and others are answered")
  func endless() throws {
    let path = Self.freshPath()
    let socket = try ControlSocket(
      path: path, mode: 0o600, isAllowed: { _ in true }, answer: { _, _ in "{}" })
    defer { socket.stop() }
    let endless = try OwnedDescriptor.connected(toUnixPath: path)
    let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 2 * ControlSocket.lineByteCountMax)
    sendAll(bytes, to: endless)
    #expect(receiveUntilEnd(endless).bytes.isEmpty)
    let client = try OwnedDescriptor.connected(toUnixPath: path)
    #expect(exchange(client, #"{"command":"any"}"#) == "{}")
  }

  @Test("a stopped socket leaves no path behind")
  func stopped() throws {
    let path = Self.freshPath()
    let socket = try ControlSocket(
      path: path, mode: 0o600, isAllowed: { _ in true }, answer: { _, _ in "" })
    #expect(unsafe access(path, F_OK) == 0)
    socket.stop()
    #expect(unsafe access(path, F_OK) != 0)
  }

  static func freshPath() -> String {
    "/tmp/posd-control-\(getpid())-\(UInt32.random(in: 0 ... .max)).socket"
  }
}

/// Sends a line and gives the one that comes back, or as much as came.
private func exchange(_ descriptor: borrowing OwnedDescriptor, _ line: String) -> String {
  sendAll(Array((line + "\n").utf8), to: descriptor)
  var answer: [UInt8] = []
  while answer.last != UInt8(ascii: "\n") {
    let isReady = descriptor.waitUntil(
      .readable, timeoutMilliseconds: TestClient.patienceMilliseconds)
    let more = isReady ? receiveAll(descriptor) : []
    guard !more.isEmpty else { break }
    answer += more
  }
  return String(decoding: answer.dropLast(), as: UTF8.self)
}

/// Sends bytes until all are gone or the peer is.
private func sendAll(_ bytes: [UInt8], to descriptor: borrowing OwnedDescriptor) {
  ignoreBrokenPipe()
  var sent = 0
  while sent < bytes.count {
    guard
      descriptor.waitUntil(.writable, timeoutMilliseconds: TestClient.patienceMilliseconds),
      case .transferred(let count) = unsafe descriptor.send(
        bytes.span.bytes.extracting(droppingFirst: sent))
    else { return }
    sent += count
  }
}

/// Sets the soft limit of open descriptors and gives the one before.
private func setOpenFileLimit(_ count: rlim_t) -> rlim_t {
  var limit = rlimit()
  _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  let before = limit.rlim_cur
  limit.rlim_cur = count
  _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  return before
}

private func connect(_ descriptor: borrowing OwnedDescriptor, _ path: String) {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  unsafe withUnsafeMutableBytes(of: &address.sun_path) { target in
    for (index, byte) in path.utf8.enumerated() { unsafe target[index] = byte }
  }
  let number = descriptor.rawValue
  let status = unsafe withUnsafePointer(to: &address) { address in
    unsafe UnsafeRawPointer(address).withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe Glibc.connect(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
    }
  }
  #expect(status == 0)
}
