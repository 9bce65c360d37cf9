import Foundation
import Testing

@testable import LinuxSystem

@Suite("A Unix socket")
final class UnixSocketTests {
  private let directory: URL

  init() throws {
    directory = FileManager.default.temporaryDirectory
      .appending(path: "LinuxSystemTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  private func path(_ name: String) -> String { directory.appending(path: name).path() }

  @Test("knows who connects, has its mode, and goes with its owner", arguments: [0o600, 0o666])
  func credentials(mode: Int) throws {
    let path = path("control")
    do {
      let listener = try UnixListeningSocket(path: path, mode: UInt32(mode))
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == mode)
      guard case .wouldBlock = listener.accept() else {
        Issue.record("nobody has connected yet")
        return
      }
      let client = try OwnedDescriptor.connected(toUnixPath: path)
      guard case .accepted(let server, let peer) = listener.accept() else {
        Issue.record("the connection did not arrive")
        return
      }
      #expect(peer.processIdentifier == getpid())
      #expect(peer.userIdentifier == getuid())
      #expect(peer.groupIdentifier == getgid())
      #expect(client.send([1, 2]) == .transferred(byteCount: 2))
      #expect(server.receiveWaiting(byteCountMax: 9).bytes == [1, 2])
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("is refused where another listens, and the other goes on")
  func inUse() throws {
    let path = path("control")
    let listener = try UnixListeningSocket(path: path, mode: 0o600)
    #expect(throws: NetworkError.addressInUse(path)) {
      _ = try UnixListeningSocket(path: path, mode: 0o600)
    }
    _ = try OwnedDescriptor.connected(toUnixPath: listener.path)
  }

  @Test("replaces what a killed daemon left, and nothing that is not a socket")
  func leftover() throws {
    let path = path("control")
    let leftover = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let address = try UnixAddress(path)
    let status = unsafe address.withSocketAddress { unsafe bind(leftover, $0, $1) }
    #expect(status == 0)
    close(leftover)
    _ = try UnixListeningSocket(path: path, mode: 0o600)

    let file = self.path("file")
    try Data([1]).write(to: URL(filePath: file))
    #expect(throws: NetworkError.addressInUse(file)) {
      _ = try UnixListeningSocket(path: file, mode: 0o600)
    }
    #expect(try Data(contentsOf: URL(filePath: file)) == Data([1]))
  }

  @Test("has a path of at most 107 bytes")
  func pathLimit() throws {
    #expect(throws: NetworkError.pathTooLong(String(repeating: "a", count: 108))) {
      _ = try UnixAddress(String(repeating: "a", count: 108))
    }
    _ = try UnixAddress(String(repeating: "a", count: 107))
    #expect(throws: NetworkError.self) { _ = try UnixAddress("") }
    #expect(throws: NetworkError.self) { _ = try UnixAddress("a\0b") }
  }

  @Test("has a path that ends with a zero byte, and an abstract name that does not")
  func addressByteCount() throws {
    let family = 2
    let path = unsafe try UnixAddress("/run/a").withSocketAddress { Int($1) }
    #expect(path == family + "/run/a".utf8.count + 1)
    let abstract = unsafe try UnixAddress("@name").withSocketAddress { Int($1) }
    #expect(abstract == family + "@name".utf8.count)
  }

  @Test("carries the state to the service manager, by path and by abstract name")
  func notify() throws {
    for name in [path("notify"), "@posd-test-\(UUID().uuidString)"] {
      let receiver = OwnedDescriptor(
        adopting: socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0))
      let address = try UnixAddress(name)
      let status = unsafe address.withSocketAddress { unsafe bind(receiver.rawValue, $0, $1) }
      #expect(status == 0)
      try ServiceManager.notify("READY=1\nSTATUS=serving", at: name)
      let bytes = receiver.receiveWaiting(byteCountMax: 100).bytes
      #expect(String(decoding: bytes, as: UTF8.self) == "READY=1\nSTATUS=serving")
    }
  }

  @Test("is not told of when nobody asked")
  func noServiceManager() async {
    await #expect(processExitsWith: .success) {
      unsafe unsetenv("NOTIFY_SOCKET")
      let isTold = try ServiceManager.notify("READY=1")
      precondition(!isTold)
      let inherited = try ServiceManager.inheritedListeningSocket()
      if case .some = inherited { preconditionFailure("adopted") }
    }
  }
}

@Suite("Descriptors from the service manager")
struct ServiceManagerTests {
  @Test(
    "are ours only with our process number",
    arguments: [
      ("7", "1", 1), ("7", "3", 3), ("8", "1", 0), ("", "1", 0), ("7", "", 0), ("7", "0", 0),
      ("7", "-1", 0), ("7", "x", 0), (nil, "1", 0), ("7", nil, 0),
    ] as [(String?, String?, Int)])
  func count(listenProcess: String?, listenCount: String?, expected: Int) {
    #expect(
      ServiceManager.inheritedDescriptorCount(
        processIdentifier: 7, listenProcess: listenProcess, listenCount: listenCount) == expected)
  }

  @Test("are adopted if they listen, once, and leave no variable behind")
  func adopts() async {
    await #expect(processExitsWith: .success) {
      let made = try ListeningSocket(host: "127.0.0.1", port: 0)
      // Not 3, which the test's process may need itself.
      let descriptor = dup(made.rawValue)
      unsafe setenv("LISTEN_PID", "\(getpid())", 1)
      unsafe setenv("LISTEN_FDS", "1", 1)
      guard let adopted = try ServiceManager.inheritedListeningSocket(at: descriptor) else {
        preconditionFailure("not adopted")
      }
      precondition(adopted.rawValue == descriptor && adopted.address == made.address)
      precondition(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
      precondition(CurrentProcess.environmentValue("LISTEN_FDS") == nil)
      let again = try ServiceManager.inheritedListeningSocket(at: descriptor)
      if case .some = again { preconditionFailure("adopted twice") }
    }
  }

  @Test("are refused if they are not one listening TCP socket")
  func refuses() throws {
    let loopback = try Loopback()
    #expect(throws: NetworkError.self) {
      _ = try ListeningSocket(adopting: OwnedDescriptor(adopting: dup(loopback.client.rawValue)))
    }
    let event = try EventDescriptor()
    #expect(throws: NetworkError.self) {
      _ = try ListeningSocket(adopting: OwnedDescriptor(adopting: dup(event.rawValue)))
    }
  }
}
